//! Resources, methods, requests, outputs and pages.

use observatory_codegen::ir::BodyKind;
use observatory_codegen::plan::{OutputPlan, PageParameter, RustType};

use super::{TestResult, config, method_names, methods, model_file, plan, plan_with, sorted};

#[test]
fn removes_path_and_method_from_the_ids_of_fastapi() -> TestResult {
    let path = "/projects/{project_id}/traces: {post: {tags: [trace], \
                operationId: log_traces_projects__project_id__traces_post, responses: {'204': {description: ''}}}}";
    assert_eq!(method_names(&plan(&[path], &[])?), ["trace.log"]);
    Ok(())
}

#[test]
fn removes_the_resource_from_the_ids_of_fern() -> TestResult {
    let path = "/q: {get: {tags: [AnnotationQueues], operationId: annotationQueues_listQueues, \
                responses: {'204': {description: ''}}}}";
    assert_eq!(
        method_names(&plan(&[path], &[])?),
        ["annotation_queues.list_queues"]
    );
    Ok(())
}

#[test]
fn names_operations_without_id_by_method_and_path() -> TestResult {
    let get =
        |path: &str| format!("{path}: {{get: {{responses: {{'204': {{description: ''}}}}}}}}");
    let paths = [
        "/v1/users",
        "/v1/users/",
        "/v1/users/{userId}",
        "/v1/users/{userId}/keys",
        "/v1/users:purge",
    ];
    let paths = paths.map(get);
    assert_eq!(
        method_names(&plan(&paths.each_ref().map(String::as_str), &[])?),
        [
            "users.get",
            "users.get_with_slash",
            "users.get_by_id",
            "users.get_keys",
            "users.purge"
        ]
    );
    Ok(())
}

#[test]
fn path_segments_distinguish_operations_of_one_name() -> TestResult {
    let paths = [
        "/a/one: {get: {tags: [t], operationId: list, responses: {'204': {description: ''}}}}",
        "/a/two: {get: {tags: [t], operationId: List, responses: {'204': {description: ''}}}}",
    ];
    assert_eq!(method_names(&plan(&paths, &[])?), ["t.list", "t.list_two"]);
    Ok(())
}

#[test]
fn each_of_several_operations_of_one_name_has_the_segment_of_its_own() -> TestResult {
    let operation = |segment: &str| {
        format!(
            "/integrations/{segment}: {{put: {{tags: [integrations], operationId: set_integration_integrations_\
             {segment}_put, responses: {{}}}}}}"
        )
    };
    let paths = ["azure", "custom", "mistral"].map(operation);
    let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
    let plan = plan(&paths, &[])?;
    assert_eq!(
        sorted(method_names(&plan)),
        [
            "integrations.set_azure",
            "integrations.set_custom",
            "integrations.set_mistral"
        ]
    );
    Ok(())
}

#[test]
fn a_version_distinguishes_only_the_second_operation() -> TestResult {
    let operation = |version: &str| {
        format!(
            "/{version}/runs: {{delete: {{tags: [runs], operationId: purgeRuns, responses: {{}}}}}}"
        )
    };
    let plan = plan(&[&operation("v1"), &operation("v2")], &[])?;
    assert_eq!(sorted(method_names(&plan)), ["runs.purge", "runs.purge_v2"]);
    Ok(())
}

#[test]
fn removes_the_kind_of_a_function_and_what_a_preposition_repeats() -> TestResult {
    let plan = plan(
        &[
            "/notes: {get: {tags: [notes], operationId: list_span_notes_by_span_ids_route, responses: {}}}",
            "/insert: {post: {tags: [notes], operationId: postNoteInsert, responses: {}}}",
            "/endpoint: {get: {tags: [notes], operationId: get_note_endpoint, responses: {}}}",
        ],
        &[],
    )?;
    assert_eq!(
        sorted(method_names(&plan)),
        [
            "notes.get_endpoint",
            "notes.insert",
            "notes.list_by_span_ids"
        ]
    );
    Ok(())
}

#[test]
fn tags_that_differ_in_case_are_one_resource() -> TestResult {
    let paths = [
        "/a: {get: {tags: [API Keys], operationId: a, responses: {'204': {description: ''}}}}",
        "/b: {get: {tags: [api-keys], operationId: b, responses: {'204': {description: ''}}}}",
    ];
    let plan = plan(&paths, &[])?;
    assert_eq!(method_names(&plan), ["api_keys.a", "api_keys.b"]);
    assert_eq!(plan.resources[0].handle, "ApiKeysApi");
    assert_eq!(plan.features, [("api-keys".to_owned(), Vec::new())]);
    Ok(())
}

/// Returns a GET operation with the response `schema`.
fn get(path: &str, tag: &str, schema: &str) -> String {
    format!(
        "{path}: {{get: {{tags: [{tag}], operationId: get{tag}, responses: {{'200': {{description: '', content: \
         {{application/json: {{schema: {schema}}}}}}}}}}}}}"
    )
}

#[test]
fn types_of_two_of_three_resources_have_a_hidden_feature() -> TestResult {
    let shared = "{$ref: '#/components/schemas/Shared'}";
    let own = "{$ref: '#/components/schemas/Own'}";
    let paths = [
        get("/a", "a", shared),
        get("/b", "b", shared),
        get("/c", "c", own),
    ];
    let schemas = [
        "Shared: {properties: {x: {type: string}}}",
        "Own: {properties: {y: {type: string}}}",
    ];
    let plan = plan(&[&paths[0], &paths[1], &paths[2]], &schemas)?;
    let feature = model_file(&plan, "Shared").feature.as_deref().unwrap();
    assert!(feature.starts_with("__"), "{feature}");
    assert_eq!(model_file(&plan, "Own").feature.as_deref(), Some("c"));
    let enabled = |name: &str| {
        plan.features
            .iter()
            .find(|(feature, _)| feature == name)
            .unwrap()
            .1
            .len()
    };
    assert_eq!((enabled("a"), enabled("b"), enabled("c")), (2, 2, 0));
    Ok(())
}

#[test]
fn types_of_all_resources_have_no_feature() -> TestResult {
    let all = "{$ref: '#/components/schemas/All'}";
    let paths = [get("/a", "a", all), get("/b", "b", all)];
    let plan = plan(
        &[&paths[0], &paths[1]],
        &["All: {properties: {x: {type: string}}}"],
    )?;
    let file = model_file(&plan, "All");
    assert_eq!(
        (file.folder.as_str(), file.feature.as_deref()),
        ("shared", None)
    );
    assert_eq!(plan.shared_feature, None);
    Ok(())
}

#[test]
fn required_parameters_are_arguments() -> TestResult {
    let path = "/a/{id}: {get: {tags: [t], operationId: a, parameters: [{name: id, in: path, required: true, schema: \
                {type: string}}, {name: limit, in: query, schema: {type: integer}}], responses: {'204': {description: ''}}}}";
    let plan = plan(&[path], &[])?;
    let method = methods(&plan)[0];
    let args: Vec<&str> = method.args.iter().map(|arg| arg.name.as_str()).collect();
    assert_eq!(args, ["id"]);
    assert_eq!(method.params[1].ty, RustType::Builtin("i64").into_option());
    Ok(())
}

#[test]
fn more_than_six_required_parameters_get_setters() -> TestResult {
    let params = |count: usize| -> String {
        let params = (0..count).map(|n| {
            format!("{{name: p{n}, in: query, required: true, schema: {{type: string}}}}")
        });
        params.collect::<Vec<_>>().join(", ")
    };
    for (count, expected) in [(6, 6), (7, 0)] {
        let path = format!(
            "/a: {{get: {{tags: [t], operationId: a, parameters: [{}], responses: {{'204': {{description: ''}}}}}}}}",
            params(count)
        );
        let plan = plan(&[&path], &[])?;
        assert_eq!(methods(&plan)[0].args.len(), expected);
        assert_eq!(methods(&plan)[0].params[0].required_setter, expected == 0);
    }
    Ok(())
}

#[test]
fn optional_bodies_have_setters() -> TestResult {
    let path = "/a: {post: {tags: [t], operationId: a, requestBody: {content: {text/plain: {schema: {type: string}}}}, \
                responses: {'204': {description: ''}}}}";
    let plan = plan(&[path], &[])?;
    let body = methods(&plan)[0].body.as_ref().unwrap();
    assert_eq!(body.kind, BodyKind::Text);
    assert_eq!(body.media_type.as_deref(), Some("text/plain"));
    assert!(body.ty.is_option() && methods(&plan)[0].args.is_empty());
    Ok(())
}

#[test]
fn different_successes_become_an_enum_by_status() -> TestResult {
    let path = "/a: {get: {tags: [t], operationId: getA, responses: {'200': {description: '', content: {application/json: \
                {schema: {type: string}}}}, '202': {description: '', content: {application/json: {schema: {type: integer}}}}}}}";
    let plan = plan(&[path], &[])?;
    let OutputPlan::ByStatus { name, responses } = &methods(&plan)[0].output else {
        panic!("one output");
    };
    let names: Vec<&str> = responses
        .iter()
        .map(|response| response.name.as_str())
        .collect();
    assert_eq!(
        (name.as_str(), names),
        ("GetAAnswer", vec!["Ok", "Accepted"])
    );
    Ok(())
}

#[test]
fn documents_default_errors() -> TestResult {
    let path = "/a: {get: {tags: [t], operationId: a, responses: {'204': {description: ''}}}}";
    let plan = plan(&[path], &[])?;
    let docs = methods(&plan)[0].docs.join("\n");
    assert!(
        docs.contains(
            "# Errors\n\nOn a non-success status, a transport error or an undecodable body.\n"
        ),
        "{docs}"
    );
    assert!(docs.contains("client.t().a().await?;"), "{docs}");
    Ok(())
}

#[test]
fn pages_are_selected_by_paths_of_fields() -> TestResult {
    let path = "/a: {get: {tags: [t], operationId: listA, parameters: [{name: cursor, in: query, schema: {type: string}}], \
                responses: {'200': {description: '', content: {application/json: {schema: {required: [data], properties: \
                {data: {type: array, items: {type: string}}, nextCursor: {type: [string, 'null']}}}}}}}}}";
    let plan = plan(&[path], &[])?;
    let pages = methods(&plan)[0].pagination.as_ref().unwrap();
    assert_eq!(
        pages.start,
        Some((PageParameter::Cursor, "cursor".to_owned()))
    );
    assert_eq!(pages.next.as_deref(), Some("next_cursor"));
    assert_eq!(pages.items.as_deref(), Some("data"));
    assert_eq!(pages.item, RustType::Builtin("String"));
    Ok(())
}

#[test]
fn configured_names_replace_derived_ones() -> TestResult {
    let config = config("[names.rename]\n\"#/paths/~1a/get\" = \"fetch all\"\n")?;
    let path = "/a: {get: {tags: [t], operationId: list, responses: {'204': {description: ''}}}}";
    assert_eq!(
        method_names(&plan_with(config, "", &[path], &[])?),
        ["t.fetch_all"]
    );
    Ok(())
}

#[test]
fn leaves_out_operations_that_the_configuration_skips() -> TestResult {
    let operation = |id: &str| {
        format!("{{tags: [thing], operationId: {id}, responses: {{'204': {{description: ''}}}}}}")
    };
    let path = format!(
        "/things: {{get: {}, options: {}, delete: {}}}",
        operation("a"),
        operation("b"),
        operation("c")
    );
    let skip = "[[skip]]\nmethod = \"OPTIONS\"\noperations = [\"c\"]\nreason = \"r\"\n";
    let plan = plan_with(config(skip)?, "", &[&path], &[])?;
    assert_eq!(method_names(&plan), ["thing.a"]);
    assert_eq!(plan.skipped.len(), 2);
    Ok(())
}

#[test]
fn rejects_a_skip_rule_that_matches_no_operation() -> TestResult {
    let skip = config("[[skip]]\nmethod = \"TRACE\"\nreason = \"r\"\n")?;
    let path = "/things: {get: {responses: {'204': {description: ''}}}}";
    let error = plan_with(skip, "", &[path], &[]).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("no operation matches the skip rule"),
        "{error}"
    );
    Ok(())
}
