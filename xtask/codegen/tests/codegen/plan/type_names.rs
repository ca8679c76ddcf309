//! Names of types.

use super::{TestResult, config, field_types, model_names, plan, plan_types, plan_with, sorted};

#[test]
fn names_types_in_pascal_case() -> TestResult {
    let plan = plan_types(&["llm_span: {type: object}"])?;
    assert_eq!(model_names(&plan), ["LlmSpan"]);
    Ok(())
}

#[test]
fn avoids_names_that_generated_code_uses() -> TestResult {
    let plan = plan_types(&["Client: {type: object}", "Error: {enum: [a]}"])?;
    assert_eq!(model_names(&plan), ["ClientData", "ErrorKind"]);
    Ok(())
}

#[test]
fn distinguishes_names_that_differ_in_case() -> TestResult {
    let plan = plan_types(&["userId: {type: object, x: 1}", "user_id: {enum: [a]}"])?;
    assert_eq!(model_names(&plan), ["UserId", "UserIdKind"]);
    Ok(())
}

#[test]
fn removes_the_module_path_of_fastapi() -> TestResult {
    let plan = plan_types(&["api__schemas__project__Message: {type: object}"])?;
    assert_eq!(model_names(&plan), ["Message"]);
    Ok(())
}

#[test]
fn modules_called_after_kinds_of_types_do_not_distinguish_types() -> TestResult {
    let plan = plan_types(&[
        "phoenix__db__request_types__ToolPart: {type: object}",
        "pydantic__vercel_ai__request_types__ToolPart: {type: object}",
    ])?;
    assert_eq!(sorted(model_names(&plan)), ["ToolPart", "VercelAiToolPart"]);
    Ok(())
}

#[test]
fn names_types_of_tsoa_by_content() -> TestResult {
    let plan = plan_types(&["'Result__id-string_.string_': {type: object}"])?;
    assert_eq!(model_names(&plan), ["IdResult"]);
    Ok(())
}

#[test]
fn counts_as_many_members_in_names_of_tsoa_as_fit() -> TestResult {
    let plan = plan_types(&[
        "'ResultSuccess__count-number--prompt_tokens-number--completion_tokens-number_-Array_': {type: object}",
        "ResultSuccess_TimeToFirstTokenOverTime-Array_: {type: object}",
    ])?;
    assert_eq!(
        sorted(model_names(&plan)),
        [
            "CountPromptTokensListResultSuccess",
            "TimeToFirstTokenOverTimeListSuccess"
        ]
    );
    Ok(())
}

#[test]
fn results_of_tsoa_have_as_many_members_in_their_names_as_successes() -> TestResult {
    let content = "_score_key-string--score_sum-number--created_at_trunc-string_-Array";
    let plan = plan_types(&[
        &format!("'Result_{content}.string_': {{type: object}}"),
        &format!("'ResultSuccess_{content}_': {{type: object}}"),
    ])?;
    assert_eq!(
        sorted(model_names(&plan)),
        [
            "ScoreKeyScoreSumListResult",
            "ScoreKeyScoreSumListResultSuccess"
        ]
    );
    Ok(())
}

#[test]
fn the_data_of_an_envelope_of_tsoa_is_named_by_its_content() -> TestResult {
    let key = "ResultSuccess_ChatCompletion-or-_content-string--calls-any__";
    let plan = plan_types(&[
        "ChatCompletion: {required: [id], properties: {id: {type: string}}}",
        &format!(
            "{key}: {{properties: {{data: {{oneOf: [{{$ref: '#/components/schemas/ChatCompletion'}}, \
             {{required: [calls], properties: {{calls: {{}}, content: {{type: string}}}}}}]}}}}}}"
        ),
    ])?;
    assert_eq!(
        sorted(model_names(&plan)),
        [
            "ChatCompletion",
            "ChatCompletionOrContent",
            "ChatCompletionOrContentResultSuccess",
            "ChatCompletionOrContentWithCalls",
        ]
    );
    Ok(())
}

#[test]
fn a_part_of_a_request_does_without_the_request_in_a_long_name() -> TestResult {
    let plan = plan_types(&[
        "UpdateDatasetColumnRequest: {properties: {settings: {properties: {width: {type: integer}}}}}",
        "UpdateRequest: {properties: {settings: {properties: {height: {type: integer}}}}}",
    ])?;
    assert_eq!(
        field_types(&plan, "UpdateRequest"),
        ["settings: Option<UpdateRequestSettings>"]
    );
    assert_eq!(
        field_types(&plan, "UpdateDatasetColumnRequest"),
        ["settings: Option<UpdateDatasetColumnSettings>"]
    );
    Ok(())
}

#[test]
fn a_partial_type_is_the_type_where_no_component_is() -> TestResult {
    let schemas = [
        "Partial_Filter_: {type: object}",
        "Partial_Leaf_: {type: object}",
        "Leaf: {type: object}",
    ];
    let plan = plan_types(&schemas)?;
    assert_eq!(
        sorted(model_names(&plan)),
        ["Filter", "Leaf", "LeafPartial"]
    );
    Ok(())
}

#[test]
fn removes_the_package_of_go_from_distinctive_names() -> TestResult {
    let plan = plan_types(&[
        "agents.AgentPermissions: {type: object}",
        "agents.ListResponse: {type: object}",
        "mcp_servers.ToolCall: {type: object}",
        "smith_agents.ToolCall: {type: object}",
    ])?;
    assert_eq!(
        sorted(model_names(&plan)),
        [
            "AgentPermissions",
            "AgentsListResponse",
            "McpServersToolCall",
            "SmithAgentsToolCall"
        ]
    );
    Ok(())
}

#[test]
fn the_host_of_a_package_of_go_is_not_in_a_name() -> TestResult {
    let plan = plan_types(&[
        "acme_com_fleet_mcp_servers.AuthType: {type: object}",
        "acme_com_other_mcp_servers.AuthType: {type: object}",
    ])?;
    assert_eq!(
        sorted(model_names(&plan)),
        ["McpServersAuthType", "OtherMcpServersAuthType"]
    );
    Ok(())
}

#[test]
fn names_bodies_of_fastapi_after_their_operation() -> TestResult {
    let body = "{required: true, content: {application/json: {schema: {$ref: '#/components/schemas/KEY'}}}}";
    let key = "Body_add_file_api_v1_files__id__post";
    let path = format!(
        "/api/v1/files/{{id}}: {{post: {{tags: [t], operationId: add_file_api_v1_files__id__post, parameters: \
         [{{in: path, name: id, required: true, schema: {{type: string}}}}], requestBody: {}, responses: {{}}}}}}",
        body.replace("KEY", key)
    );
    let plan = plan(&[&path], &[&format!("{key}: {{properties: {{a: {{}}}}}}")])?;
    assert_eq!(sorted(model_names(&plan)), ["AddFileBody"]);
    Ok(())
}

#[test]
fn module_paths_of_fastapi_repeat_no_words() -> TestResult {
    let plan = plan_types(&[
        "api__schemas__message_role__MessageRole: {type: object}",
        "core__schemas__message_role__MessageRole: {type: object}",
    ])?;
    assert_eq!(
        sorted(model_names(&plan)),
        ["CoreMessageRole", "MessageRole"]
    );
    Ok(())
}

#[test]
fn what_an_operation_finds_in_an_envelope_of_tsoa_is_its_response() -> TestResult {
    let key = "ResultSuccess__cost-number_-Array_";
    let path = format!(
        "/costs: {{get: {{tags: [t], operationId: topCosts, responses: {{'200': {{description: '', content: \
         {{application/json: {{schema: {{$ref: '#/components/schemas/{key}'}}}}}}}}}}}}}}"
    );
    let schema = format!(
        "{key}: {{required: [data, error], properties: {{data: {{type: array, items: {{properties: {{cost: {{type: \
         number}}}}}}}}, error: {{enum: [null], nullable: true}}}}}}"
    );
    let config = config("[[envelope]]\ndata = \"data\"\nerror = \"error\"\n")?;
    let plan = plan_with(config, "", &[&path], &[&schema])?;
    let names = model_names(&plan);
    assert!(names.contains(&"TopCostsResponseItem"), "{names:?}");
    Ok(())
}

#[test]
fn a_long_name_is_the_end_of_the_place() -> TestResult {
    let schema = "CreateAutomationProject: {properties: {location: {properties: {sandboxPosition: {properties: \
                  {a: {type: integer}}}, type: {properties: {b: {type: integer}}}}}}}";
    let plan = plan_types(&[schema])?;
    assert_eq!(
        sorted(model_names(&plan)),
        [
            "CreateAutomationProject",
            "CreateAutomationProjectLocation",
            "CreateAutomationProjectLocationType",
            "SandboxPosition"
        ]
    );
    Ok(())
}

#[test]
fn does_not_shorten_to_an_end_that_another_type_has() -> TestResult {
    let nested = |ty: &str| {
        format!("{{properties: {{fieldOrderSettings: {{properties: {{a: {{type: {ty}}}}}}}}}}}")
    };
    let plan = plan_types(&[
        &format!("CreateTeamProject: {}", nested("integer")),
        &format!("UpdateTeamProject: {}", nested("string")),
    ])?;
    assert_eq!(
        sorted(model_names(&plan)),
        [
            "CreateTeamProject",
            "CreateTeamProjectFieldOrderSettings",
            "UpdateTeamProject",
            "UpdateTeamProjectFieldOrderSettings"
        ]
    );
    Ok(())
}

#[test]
fn names_inline_types_by_place() -> TestResult {
    let plan = plan_types(&["Run: {properties: {step: {properties: {a: {type: string}}}}}"])?;
    assert_eq!(model_names(&plan), ["Run", "RunStep"]);
    Ok(())
}

#[test]
fn keeps_names_of_components_of_usual_length() -> TestResult {
    let name = "AutomationRuleEvaluatorUpdateSpanUserDefinedMetricPythonDataPublic";
    let plan = plan_types(&[&format!("{name}: {{type: object}}")])?;
    assert_eq!(model_names(&plan), [name]);
    Ok(())
}

#[test]
fn shortens_long_names() -> TestResult {
    let name = "very_long_name_".repeat(10);
    let plan = plan_types(&[&format!("{name}end: {{type: object}}")])?;
    assert!(
        model_names(&plan)[0].len() <= 96,
        "{:?}",
        model_names(&plan)
    );
    assert!(model_names(&plan)[0].ends_with("End"));
    Ok(())
}
