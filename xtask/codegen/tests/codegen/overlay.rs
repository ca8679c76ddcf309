//! Tests of overlays.

use std::path::Path;

use observatory_codegen::diag::{Code, Error};
use observatory_codegen::ir::Pointer;
use observatory_codegen::source::overlay::{Overlay, RenamedKeys, Strictness};
use observatory_codegen::source::parse;
use serde_json::{Value, json};

type TestResult = Result<(), Error>;

/// Parses an overlay with these actions.
fn overlay(actions: &str) -> Result<Overlay, Error> {
    let text =
        format!("overlay: 1.0.0\ninfo: {{title: Ours, version: 1.0.0}}\nactions:\n{actions}");
    Overlay::parse(&parse(Path::new("overlay.yaml"), text)?)
}

fn document() -> Value {
    json!({
        "paths": {
            "/a": { "get": { "operationId": "a", "tags": ["one"], "parameters": [
                { "name": "id", "in": "path" }, { "name": "q", "in": "query", "required": true },
            ] } },
            "/b c": { "post": { "operationId": "b" } },
        },
        "components": { "schemas": { "A": { "type": "object", "required": ["x"], "properties": { "x": { "type": "string" } } } } },
    })
}

/// Applies an overlay with one action to the document.
fn apply_action(target: &str, change: &str) -> Result<(Value, RenamedKeys), Error> {
    let target = serde_json::to_string(target).unwrap_or_default();
    let overlay = overlay(&format!(
        "- target: {target}\n  description: why\n  {change}\n"
    ))?;
    let mut document = document();
    let moves = overlay.apply(&mut document, Strictness::Strict)?;
    Ok((document, moves))
}

/// Returns code and pointer of the error of an overlay with one action.
fn action_error(target: &str, change: &str) -> Option<(Code, String)> {
    let error = apply_action(target, change).err()?;
    let pointer = error.diags().first().map(|diag| diag.at.0.clone());
    Some((error.code(), pointer.unwrap_or_default()))
}

#[test]
fn update_merges_objects_appends_arrays_and_replaces_scalars() -> TestResult {
    let update = "update: {tags: [two], operationId: c, deprecated: true, x-new: {y: 1}}";
    let (document, _) = apply_action("$.paths['/a'].get", update)?;
    let get = &document["paths"]["/a"]["get"];
    assert_eq!(get["tags"], json!(["one", "two"]));
    assert_eq!(get["operationId"], "c");
    assert_eq!(get["x-new"]["y"], 1);
    assert_eq!(get["parameters"].as_array().map(Vec::len), Some(2));
    let keys: Vec<&String> = get
        .as_object()
        .into_iter()
        .flat_map(|map| map.keys())
        .collect();
    assert_eq!(
        keys,
        ["operationId", "tags", "parameters", "deprecated", "x-new"]
    );
    Ok(())
}

#[test]
fn update_rejects_documentation_of_missing_members() {
    let properties = "$.components.schemas.A.properties";
    for update in [
        "y: {description: No more.}",
        "x: {}\n    y: {format: password}",
    ] {
        let found = action_error(properties, &format!("update:\n    {update}"));
        assert_eq!(
            found.map(|(code, _)| code),
            Some(Code::OverlayNoMatch),
            "{update}"
        );
    }
    for update in [
        "/a: {get: {summary: Still there.}, put: {summary: No more., x-replaced-by: GET /a}}",
        "/gone: {get: {x-replaced-by: GET /a}}",
        "/a: {get: {responses: {'404': {description: No more.}}}}",
    ] {
        let error = action_error("$.paths", &format!("update:\n    {update}"));
        let code = error.map(|(code, _)| code);
        assert_eq!(code, Some(Code::OverlayNoMatch), "{update}");
    }
    let text = apply_action("$.paths", "update: {/a: {put: {summary: No more.}}}");
    let text = text.err().map(|error| error.to_string());
    assert!(text.is_some_and(|text| text.contains("#/paths/~1a/put does not exist")));
    let added = apply_action(properties, "update: {y: {type: string, description: New.}}");
    assert!(added.is_ok());
    // A property that is called `title` is not documentation.
    let added = apply_action(
        "$.components.schemas.A",
        "update: {patternProperties: {title: {type: string}}}",
    );
    assert!(added.is_ok());
}

#[test]
fn update_rejects_documentation_of_missing_paths() {
    for update in [
        "'/gone': {get: {summary: No more.}}",
        "'/a': {delete: {summary: No more.}}",
        "'/gone': {get: {summary: No more., responses: {'200': {description: d}}}}",
    ] {
        let found = action_error("$.paths", &format!("update:\n    {update}"));
        assert_eq!(
            found.map(|(code, _)| code),
            Some(Code::OverlayNoMatch),
            "{update}"
        );
    }
    let described = apply_action("$.paths", "update: {'/a': {get: {summary: Is there.}}}");
    assert!(described.is_ok());
}

#[test]
fn update_of_an_array_appends_an_item() -> TestResult {
    let (document, _) = apply_action("$.paths['/a'].get.tags", "update: two")?;
    assert_eq!(
        document["paths"]["/a"]["get"]["tags"],
        json!(["one", "two"])
    );
    Ok(())
}

#[test]
fn remove_keeps_the_order_of_other_nodes() -> TestResult {
    let (document, _) = apply_action("$.paths['/a'].get.operationId", "remove: true")?;
    let keys: Vec<&String> = document["paths"]["/a"]["get"]
        .as_object()
        .into_iter()
        .flat_map(|map| map.keys())
        .collect();
    assert_eq!(keys, ["tags", "parameters"]);
    let (document, _) = apply_action("$.paths['/a'].get.parameters[*]", "remove: true")?;
    assert_eq!(document["paths"]["/a"]["get"]["parameters"], json!([]));
    let (document, _) = apply_action("$.paths['/a'].get.parameters[1, 0]", "remove: true")?;
    assert_eq!(document["paths"]["/a"]["get"]["parameters"], json!([]));
    Ok(())
}

#[test]
fn json_path_selects_by_name_index_wildcard_and_filter() -> TestResult {
    for target in [
        "$.paths['/a'].get.parameters[1]",
        "$.paths['/a'].get.parameters[-1]",
        "$.paths.*.get.parameters[?@.name=='q']",
        "$.paths[\"/a\"].get.parameters[?(@.name == \"q\" && @.in != 'path')]",
        "$.paths['/a']['get'].parameters[?@.required]",
        "$.paths['/a'].get.parameters[?@.required == true || @.name == 'none']",
        "$..parameters[?!(@.in == 'path')]",
        "$..[?@.in=='query']",
    ] {
        let (document, _) = apply_action(target, "update: {found: true}")?;
        let parameters = &document["paths"]["/a"]["get"]["parameters"];
        assert_eq!(
            (&parameters[0]["found"], &parameters[1]["found"]),
            (&Value::Null, &json!(true)),
            "{target}"
        );
    }
    Ok(())
}

#[test]
fn renamed_keys_keep_their_position_and_map_to_their_original_pointer() -> TestResult {
    let (document, moves) = apply_action("$.paths", "x-rename-keys: {/a: /v2/a}")?;
    let keys: Vec<&String> = document["paths"]
        .as_object()
        .into_iter()
        .flat_map(|map| map.keys())
        .collect();
    assert_eq!(keys, ["/v2/a", "/b c"]);
    let original = |at: &str| moves.original(&Pointer(at.to_owned())).0;
    assert_eq!(original("#/paths/~1v2~1a/get"), "#/paths/~1a/get");
    assert_eq!(original("#/paths/~1v2~1ab/get"), "#/paths/~1v2~1ab/get");
    assert_eq!(original("#/paths/~1b c"), "#/paths/~1b c");
    Ok(())
}

#[test]
fn rename_swaps_keys_and_rejects_duplicate_keys() -> TestResult {
    let (document, _) = apply_action("$.paths", "x-rename-keys: {/a: /b c, /b c: /a}")?;
    assert_eq!(document["paths"]["/a"]["post"]["operationId"], "b");
    assert_eq!(
        action_error("$.paths", "x-rename-keys: {/a: /b c}"),
        Some((Code::OverlayTarget, "#/actions/0".to_owned()))
    );
    assert_eq!(
        action_error("$.paths", "x-rename-keys: {/z: /y}"),
        Some((Code::OverlayNoMatch, "#/actions/0/target".to_owned()))
    );
    Ok(())
}

#[test]
fn rejects_actions_without_effect() {
    let nothing = Some((Code::OverlayNoMatch, "#/actions/0/target".to_owned()));
    assert_eq!(
        action_error("$.paths['/z'].get", "update: {summary: Ours}"),
        nothing
    );
    assert_eq!(
        action_error("$.paths['/a'].get", "update: {operationId: a}"),
        nothing
    );
    assert_eq!(
        action_error("$.paths['/a'].get.parameters[7]", "remove: true"),
        nothing
    );
    assert_eq!(
        action_error(
            "$.paths['/a'].get.parameters[?@.in=='body']",
            "remove: true"
        ),
        nothing
    );
}

#[test]
fn rejects_actions_for_the_wrong_type_of_node() {
    let not_applicable = Some((Code::OverlayTarget, "#/actions/0".to_owned()));
    assert_eq!(
        action_error("$.paths['/a'].get.operationId", "update: b"),
        not_applicable
    );
    assert_eq!(
        action_error("$.paths['/a'].get", "update: b"),
        not_applicable
    );
    assert_eq!(action_error("$", "remove: true"), not_applicable);
    assert_eq!(
        action_error("$.paths['/a'].get.tags", "x-rename-keys: {a: b}"),
        not_applicable
    );
}

#[test]
fn errors_contain_file_line_pointer_and_reason() {
    let actions = "- target: $.paths\n  description: ours\n  update: {/new: {}}\n- target: $.gone\n  description: from the seed page\n  remove: true\n";
    let error = overlay(actions)
        .and_then(|overlay| overlay.apply(&mut document(), Strictness::Strict))
        .err();
    let shown = error.as_ref().map(ToString::to_string).unwrap_or_default();
    assert_eq!(
        shown,
        "overlay.yaml:7:3: overlay-no-match: `$.gone` matches nothing (#/actions/1/target)"
    );
    let help = error
        .as_ref()
        .and_then(|error| error.diags().first()?.help.clone())
        .unwrap_or_default();
    assert!(help.contains("from the seed page"), "{help}");
}

#[test]
fn reports_all_errors_at_once() {
    let actions = "- target: $.a\n  description: one\n  remove: true\n- target: $.b\n  description: two\n  remove: true\n";
    let error = overlay(actions)
        .and_then(|overlay| overlay.apply(&mut document(), Strictness::Strict))
        .err();
    assert_eq!(error.map(|error| error.diags().len()), Some(2));
}

#[test]
fn rejects_actions_without_description() {
    for reason in ["", "  description: ''\n", "  description: '  '\n"] {
        let error = overlay(&format!("- target: $.paths\n{reason}  update: {{}}\n")).err();
        assert_eq!(error.map(|error| error.code()), Some(Code::OverlayNoReason));
    }
}

#[test]
fn rejects_invalid_overlays() {
    for text in [
        "[]",
        "openapi: 3.1.0",
        "overlay: 2.0.0\ninfo: {title: a, version: b}\nactions: []",
        "overlay: 1.0.0\nactions: []",
        "overlay: 1.0.0\ninfo: {title: a, version: b}",
        "overlay: 1.0.0\ninfo: {title: a, version: b}\nactions: [3]",
        "overlay: 1.0.0\ninfo: {title: a, version: b}\nactions: []\nacttions: []",
        "overlay: 1.0.0\ninfo: {title: a, version: b}\nactions: [{target: $, description: d, updates: {}}]",
        "overlay: 1.0.0\ninfo: {title: a, version: b}\nactions: [{target: $, description: d}]",
        "overlay: 1.0.0\ninfo: {title: a, version: b}\nactions: [{target: $, description: d, update: {}, remove: true}]",
        "overlay: 1.0.0\ninfo: {title: a, version: b}\nactions: [{target: $, description: d, remove: maybe}]",
        "overlay: 1.0.0\ninfo: {title: a, version: b}\nactions: [{target: $, description: d, x-rename-keys: {a: 1}}]",
        "overlay: 1.0.0\ninfo: {title: a, version: b}\nactions: [{target: $, description: d, x-rename-key: {a: b}, update: {}}]",
        "overlay: 1.0.0\ninfo: {title: a, version: b}\nactions: [{description: d, update: {}}]",
    ] {
        let error = parse(Path::new("overlay.yaml"), text)
            .and_then(|raw| Overlay::parse(&raw))
            .err();
        assert_eq!(
            error.map(|error| error.code()),
            Some(Code::OverlaySyntax),
            "{text}"
        );
    }
}

#[test]
fn json_path_errors_contain_the_character() {
    for (target, column) in [
        ("paths", 1),
        ("$paths", 2),
        ("$.", 3),
        ("$.paths[", 9),
        ("$.paths['/a]", 13),
        ("$.paths[0:2]", 10),
        ("$.paths['/a'", 13),
        ("$.a[?length(@.b)==1]", 6),
        ("$.a[?@.b<1]", 9),
        ("$.a[?@.*==1]", 7),
        ("$.a[?@.b==]", 11),
        ("$.a[--1]", 8),
        ("$.a b", 4),
    ] {
        let error = apply_action(target, "remove: true").err();
        let message = error
            .as_ref()
            .and_then(|error| error.diags().first())
            .map(|diag| diag.message.clone());
        let expected = format!("`{target}`, character {column}: ");
        assert!(
            message
                .as_ref()
                .is_some_and(|message| message.starts_with(&expected)),
            "{target}: {message:?}"
        );
    }
    let deep = format!("$[?{}@.a{}]", "(".repeat(100), ")".repeat(100));
    assert_eq!(
        action_error(&deep, "remove: true").map(|(code, _)| code),
        Some(Code::OverlaySyntax)
    );
}
