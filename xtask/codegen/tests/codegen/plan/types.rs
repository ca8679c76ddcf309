//! Names, fields and variants of types.

use observatory_codegen::plan::{FieldEncoding, ModelKind, RustType};

use super::{
    TestResult, config, field_types, fields, model, model_file, model_names, plan, plan_types,
    plan_with, sorted, value_names, variant_names, variants,
};

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

#[test]
fn maps_scalars_to_rust_types() -> TestResult {
    for (schema, expected) in [
        ("{type: string}", "String"),
        ("{type: integer}", "i64"),
        ("{type: integer, format: int32}", "i32"),
        ("{type: number}", "f64"),
        ("{type: boolean}", "bool"),
        ("{}", "Value"),
        ("{type: string, format: date-time}", "Timestamp"),
        ("{type: string, format: uuid}", "String"),
        ("{type: string, format: password}", "Secret"),
        ("{type: string, format: byte}", "Bytes"),
        ("{type: array, items: {type: string}}", "Vec<String>"),
        (
            "{type: object, additionalProperties: {type: integer}}",
            "std::collections::BTreeMap<String, i64>",
        ),
    ] {
        let line = format!("A: {{required: [x], properties: {{x: {schema}}}}}");
        let plan = plan_types(&[&line])?;
        assert_eq!(field_types(&plan, "A"), [format!("x: {expected}")]);
    }
    Ok(())
}

#[test]
fn optional_fields_are_options_and_nullable_ones_patches() -> TestResult {
    let schema = "A: {required: [a, b], properties: {a: {type: string}, b: {type: [string, 'null']}, \
                  c: {type: string}, d: {type: [string, 'null']}}}";
    let plan = plan_types(&[schema])?;
    assert_eq!(
        field_types(&plan, "A"),
        [
            "a: String",
            "b: Option<String>",
            "c: Option<String>",
            "d: Patch<String>"
        ]
    );
    Ok(())
}

#[test]
fn types_of_responses_have_no_constructor_and_no_patch() -> TestResult {
    let path = "/a: {get: {tags: [t], responses: {'200': {description: '', content: {application/json: {schema: \
                {$ref: '#/components/schemas/A'}}}}}}}";
    let plan = plan(&[path], &["A: {properties: {d: {type: [string, 'null']}}}"])?;
    assert_eq!(field_types(&plan, "A"), ["d: Option<String>"]);
    let ModelKind::Struct {
        has_constructor, ..
    } = model(&plan, "A").kind
    else {
        panic!("not a struct");
    };
    assert!(!has_constructor);
    Ok(())
}

#[test]
fn properties_with_the_name_of_a_secret_are_secrets() -> TestResult {
    let schema = "A: {required: [apiKey, tokens], properties: {apiKey: {type: string}, tokens: {type: string}}}";
    let plan = plan_types(&[schema])?;
    assert_eq!(
        field_types(&plan, "A"),
        ["api_key: Secret", "tokens: String"]
    );
    Ok(())
}

#[test]
fn a_leading_symbol_distinguishes_fields() -> TestResult {
    let schema =
        "A: {required: [type, _type], properties: {type: {type: string}, _type: {type: string}}}";
    let plan = plan_types(&[schema])?;
    let fields = field_types(&plan, "A");
    assert_eq!(fields, ["type_: String", "underscore_type: String"]);
    Ok(())
}

#[test]
fn additional_properties_become_a_field() -> TestResult {
    let schema = "A: {properties: {extra: {type: string}}, additionalProperties: {type: integer}}";
    let plan = plan_types(&[schema])?;
    let extra = fields(&plan, "A").last().unwrap();
    assert_eq!(extra.name, "extra_properties");
    assert_eq!(extra.encoding, FieldEncoding::Extra);
    Ok(())
}

#[test]
fn recursive_fields_are_boxed() -> TestResult {
    let schema = "A: {properties: {next: {$ref: '#/components/schemas/A'}}}";
    let plan = plan_types(&[schema])?;
    assert_eq!(field_types(&plan, "A"), ["next: Option<Box<A>>"]);
    Ok(())
}

#[test]
fn spells_the_symbols_of_enum_values() -> TestResult {
    let plan = plan_types(&["A: {type: string, enum: ['>=', '+1', '', unknown]}"])?;
    assert_eq!(
        value_names(&plan, "A"),
        [
            "GreaterOrEqual",
            "Plus1",
            "Empty",
            "Unknown",
            "Unrecognized"
        ]
    );
    Ok(())
}

#[test]
fn documents_the_format_of_texts() -> TestResult {
    let plan = plan_types(&[
        "Id: {type: string, format: uuid}",
        "A: {properties: {price: {type: string, format: decimal}, id: {$ref: '#/components/schemas/Id'}}}",
    ])?;
    assert!(
        model(&plan, "Id")
            .docs
            .contains(&"Format `uuid`.".to_owned())
    );
    assert_eq!(fields(&plan, "A")[1].docs, ["Format `decimal`."]);
    Ok(())
}

#[test]
fn names_integers_by_their_value() -> TestResult {
    let plan = plan_types(&[
        "Level: {type: integer, enum: [-1, 0, 10]}",
        "ExitCode: {type: integer, enum: [0, 1]}",
    ])?;
    assert_eq!(
        value_names(&plan, "Level"),
        ["ValueMinus1", "Value0", "Value10", "Unknown"]
    );
    assert_eq!(
        value_names(&plan, "ExitCode"),
        ["Code0", "Code1", "Unknown"]
    );
    Ok(())
}

#[test]
fn names_enum_values_as_the_document_does() -> TestResult {
    let plan = plan_types(&[
        "A: {type: integer, enum: [1, 2, 3, 4, 5], x-enum-varnames: [HTTPError, same, SAME, '2nd', '?']}",
        "B: {type: string, enum: [a, b, c], x-enumNames: [Unknown, Self, A]}",
    ])?;
    assert_eq!(
        value_names(&plan, "A"),
        ["HttpError", "Same", "Same3", "N2nd", "Question", "Unknown"]
    );
    assert_eq!(
        value_names(&plan, "B"),
        ["Unknown", "Itself", "A", "Unrecognized"]
    );
    Ok(())
}

#[test]
fn names_variants_of_scalars_by_type() -> TestResult {
    let plan = plan_types(&["A: {anyOf: [{type: string}, {type: array, items: {type: string}}]}"])?;
    assert_eq!(variant_names(&plan, "A"), ["Text", "TextList"]);
    Ok(())
}

#[test]
fn large_variants_are_boxed() -> TestResult {
    let large = "B: {required: [a, b, c, d, e], properties: {a: {type: string}, b: {type: string}, c: {type: string}, \
                 d: {type: string}, e: {type: string}}}";
    let small = "C: {required: [z], properties: {z: {type: string}}}";
    let union = "A: {anyOf: [{$ref: '#/components/schemas/B'}, {$ref: '#/components/schemas/C'}]}";
    let plan = plan_types(&[union, large, small])?;
    let is_boxed = |index: usize| matches!(variants(&plan, "A")[index].ty, RustType::Box(_));
    assert!(is_boxed(0) && !is_boxed(1));
    Ok(())
}

#[test]
fn reports_variants_that_a_value_does_not_distinguish() -> TestResult {
    let union = "A: {anyOf: [{$ref: '#/components/schemas/B'}, {$ref: '#/components/schemas/C'}]}";
    let member =
        |name: &str| format!("{name}: {{required: [a], properties: {{a: {{type: string}}}}}}");
    let c = "C: {required: [a], properties: {a: {type: string}, z: {type: string}}}";
    let plan = plan_types(&[union, &member("B"), c])?;
    let pair = plan.union_comparison.ambiguities.first().unwrap();
    assert_eq!((pair.read_as.as_str(), pair.also_fits.as_str()), ("B", "C"));
    assert!(
        model(&plan, "A")
            .docs
            .last()
            .unwrap()
            .ends_with("matches both `B` and `C`, and is read as `B`.")
    );
    Ok(())
}

#[test]
fn types_that_no_operation_uses_share_a_file() -> TestResult {
    let plan = plan_types(&["Run: {properties: {step: {properties: {a: {type: string}}}}}"])?;
    let file = model_file(&plan, "RunStep");
    assert_eq!((file.folder.as_str(), &file.module), ("extra", &None));
    assert_eq!(file.feature.as_deref(), Some("extra-types"));
    Ok(())
}

#[test]
fn documents_constraints_and_defaults() -> TestResult {
    let plan = plan_types(&[
        "A: {properties: {x: {type: string, description: Name., maxLength: 3, default: abc}}}",
    ])?;
    assert_eq!(
        fields(&plan, "A")[0].docs,
        ["Name.", "", "At most 3 characters. Default: `abc`."]
    );
    Ok(())
}

#[test]
fn code_that_has_a_fence_is_escaped_text() -> TestResult {
    let description = serde_json::Value::from("~~~\n```\n<script>\n~~~\n\n1. one");
    let plan = plan_types(&[&format!(
        "A: {{properties: {{x: {{type: string, description: {description}}}}}}}"
    )])?;
    let docs = fields(&plan, "A")[0].docs.join("\n");
    assert!(
        !docs.contains("\n```\n") && docs.contains("\\<script"),
        "{docs}"
    );
    assert!(docs.contains("1\\. one"), "{docs}");
    Ok(())
}

#[test]
fn never_breaks_inline_code_so_that_no_line_starts_with_html() -> TestResult {
    let long = "a".repeat(90);
    let words = "word ".repeat(30);
    for (description, whole) in [
        (
            format!("`{long} <script>alert(1)</script> b`"),
            format!("`{long} <script>alert(1)</script> b`"),
        ),
        (
            format!("{words}`x  {words} <img src=x onerror=alert(1)>` <b>"),
            format!("`x {words}<img src=x onerror=alert(1)>`"),
        ),
        (
            format!("- item `{long} <!-- a\\ --> ` and `{long} # b`"),
            format!("`{long} # b`"),
        ),
        (
            format!("\\`{long} <p> `{long}"),
            format!("`{long} <p> `{long}"),
        ),
        (
            format!("`a\\` {words} `<script> b`"),
            "`<script> b`".to_owned(),
        ),
    ] {
        let schema = serde_json::json!({"type": "object", "description": description});
        let plan = plan_types(&[&format!("S: {schema}")])?;
        let docs = &model(&plan, "S").docs;
        assert!(docs.iter().any(|line| line.contains(&whole)), "{docs:#?}");
        for line in docs {
            assert!(!line.trim_start().starts_with('<'), "{docs:#?}");
            assert!(line.matches('`').count() % 2 == 0, "{docs:#?}");
        }
    }
    Ok(())
}
