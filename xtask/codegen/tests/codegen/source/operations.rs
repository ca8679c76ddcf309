//! Tests of the canonical form of everything but schemas.

use super::support::{TestResult, normalize_after_version, normalize_text, without_pointers};
use serde_json::{Value, json};

fn operation(path: &str, operation: &str) -> Result<Value, observatory_codegen::diag::Error> {
    let found = normalize_after_version(&format!("paths:\n  '{path}':\n    get: {operation}\n"))?;
    let item = found["paths"]
        .as_object()
        .and_then(|paths| paths.values().next())
        .cloned()
        .unwrap_or_default();
    Ok(item["get"].clone())
}

fn parameter(parameter: &str) -> Result<Value, observatory_codegen::diag::Error> {
    Ok(without_pointers(
        &operation("/a", &format!("{{parameters: [{parameter}]}}"))?["parameters"][0],
    ))
}

#[test]
fn accepts_a_version_as_number_and_missing_sections() -> TestResult {
    let found = normalize_text("openapi: 3.1\n")?;
    assert_eq!(
        found,
        json!({ "openapi": "3.0.3", "info": { "title": "", "version": "" }, "paths": {}, "components": {} })
    );
    Ok(())
}

#[test]
fn removes_what_clients_do_not_need() -> TestResult {
    let found = normalize_after_version(
        "
info: {title: T, version: 1.2, summary: S, description: D, contact: {}, license: {}, x-y: 1}
externalDocs: {}
webhooks: {w: {}}
x-more: 1
paths:
  x-path: {}
  /a: {x-item: 1, get: {callbacks: {}, externalDocs: {}, x-op: 1, responses: {200: {description: d, links: {}}}}}
",
    )?;
    assert_eq!(
        found["info"],
        json!({ "title": "T", "version": "1.2", "description": "D", "x-summary": "S" })
    );
    assert_eq!(found.as_object().map(|root| root.len()), Some(4));
    let get = without_pointers(&found["paths"]["/a"]);
    assert_eq!(
        get,
        json!({ "get": { "responses": { "200": { "description": "d" } } } })
    );
    Ok(())
}

#[test]
fn every_node_has_its_source_pointer() -> TestResult {
    let found = normalize_after_version(
        "
tags: [{name: t}]
components: {securitySchemes: {k: {type: http, scheme: basic}}}
paths:
  /a:
    post:
      parameters: [{name: q, in: query}]
      requestBody: {content: {a/b: {schema: {}}}}
      responses: {200: {headers: {h: {}}, content: {a/b: {}}}}
",
    )?;
    let post = &found["paths"]["/a"]["post"];
    let root = "#/paths/~1a/post";
    for (node, at) in [
        (&found["tags"][0], "#/tags/0".to_owned()),
        (
            &found["components"]["securitySchemes"]["k"],
            "#/components/securitySchemes/k".to_owned(),
        ),
        (post, root.to_owned()),
        (&post["parameters"][0], format!("{root}/parameters/0")),
        (&post["requestBody"], format!("{root}/requestBody")),
        (
            &post["requestBody"]["content"]["a/b"],
            format!("{root}/requestBody/content/a~1b"),
        ),
        (&post["responses"]["200"], format!("{root}/responses/200")),
        (
            &post["responses"]["200"]["headers"]["h"],
            format!("{root}/responses/200/headers/h"),
        ),
        (
            &post["responses"]["200"]["content"]["a/b"],
            format!("{root}/responses/200/content/a~1b"),
        ),
    ] {
        assert_eq!(node["x-at"], at);
    }
    Ok(())
}

#[test]
fn adds_parameters_for_undeclared_path_variables() -> TestResult {
    let found = operation(
        "/a/{id}/b/{id}/{other}",
        "{parameters: [{name: other, in: path, required: false, schema: {type: integer}}]}",
    )?;
    let at = "#/paths/~1a~1{id}~1b~1{id}~1{other}/get";
    let expected = json!([
        { "name": "other", "in": "path", "required": true, "schema": { "type": "integer" } },
        { "name": "id", "in": "path", "required": true, "schema": { "type": "string" } },
    ]);
    assert_eq!(without_pointers(&found["parameters"]), expected);
    assert_eq!(found["parameters"][1]["x-at"], at);
    Ok(())
}

#[test]
fn removes_modifiers_of_path_variables() -> TestResult {
    let found = normalize_after_version(
        "paths: {'/v1/{+name}/{id:[0-9]+}/{x}:go': {get: {parameters: [{name: name, in: path}, {name: id, in: path}]}}}",
    )?;
    let get = &found["paths"]["/v1/{name}/{id}/{x}:go"]["get"];
    assert_eq!(get["parameters"].as_array().map(Vec::len), Some(3));
    assert_eq!(get["parameters"][0]["x-allow-slash"], true);
    Ok(())
}

#[test]
fn operation_parameters_override_those_of_the_path() -> TestResult {
    let found = normalize_after_version(
        "
paths:
  /a:
    parameters: [{name: x, in: query, schema: {type: string}}, {name: y, in: query}]
    get: {parameters: [{name: x, in: query, schema: {type: integer}}, {name: x, in: header}, {name: X, in: header}]}
",
    )?;
    let parameters = &found["paths"]["/a"]["get"]["parameters"];
    let names = parameters
        .as_array()
        .into_iter()
        .flatten()
        .map(|p| format!("{} {}", p["in"], p["name"]).replace('"', ""));
    assert_eq!(
        names.collect::<Vec<_>>(),
        ["query x", "query y", "header X"]
    );
    assert_eq!(parameters[0]["schema"]["type"], "integer");
    Ok(())
}

#[test]
fn ignores_header_parameters_of_body_and_credentials() -> TestResult {
    let found = operation(
        "/a",
        "{parameters: [{name: accept, in: header}, {name: Content-Type, in: header}, {name: Authorization, in: header}, {name: If-Match, in: header}]}",
    )?;
    assert_eq!(found["parameters"].as_array().map(Vec::len), Some(1));
    Ok(())
}

#[test]
fn keeps_supported_styles_and_replaces_others() -> TestResult {
    let style = |location: &str, style: &str| {
        parameter(&format!("{{name: p, in: {location}, style: {style}}}"))
    };
    assert_eq!(style("query", "deepObject")?["style"], "deepObject");
    assert_eq!(style("path", "label")?["style"], "label");
    assert!(style("header", "form")?.get("style").is_none());
    assert_eq!(style("query", "simple")?["explode"], false);
    Ok(())
}

#[test]
fn every_parameter_has_schema_or_content() -> TestResult {
    assert_eq!(
        parameter("{name: p, in: Query}")?,
        json!({ "name": "p", "in": "query", "schema": { "type": "string" } })
    );
    assert_eq!(
        parameter("{name: p, in: query, type: integer, description: d}")?["schema"],
        json!({ "type": "integer" })
    );
    let found =
        parameter("{name: p, in: query, content: {application/json: {schema: {type: object}}}}")?;
    assert_eq!(
        found["content"]["application/json"]["schema"],
        json!({ "type": "object" })
    );
    Ok(())
}

#[test]
fn normalizes_tags_of_an_operation() -> TestResult {
    assert_eq!(operation("/a", "{tags: one}")?["tags"], json!(["one"]));
    assert_eq!(
        operation("/a", "{tags: [one, 2, {name: three}]}")?["tags"],
        json!(["one", "2", "three"])
    );
    assert!(operation("/a", "{tags: null}")?.get("tags").is_none());
    Ok(())
}

#[test]
fn normalizes_statuses() -> TestResult {
    let found = operation(
        "/a",
        "{responses: {200: {}, 4xx: null, DEFAULT: {description: d}, x-more: 1}}",
    )?;
    let expected = json!({ "200": { "description": "" }, "4XX": { "description": "" }, "default": { "description": "d" } });
    assert_eq!(without_pointers(&found["responses"]), expected);
    Ok(())
}

#[test]
fn accepts_an_operation_without_responses() -> TestResult {
    assert_eq!(operation("/a", "{}")?["responses"], json!({}));
    Ok(())
}

#[test]
fn normalizes_request_bodies() -> TestResult {
    let found = operation(
        "/a",
        "{requestBody: {required: 'true', content: {multipart/form-data: {schema: {type: object}, encoding: {f: {contentType: a/b, headers: {}}}}}}}",
    )?;
    let media =
        json!({ "schema": { "type": "object" }, "encoding": { "f": { "contentType": "a/b" } } });
    assert_eq!(
        without_pointers(&found["requestBody"]),
        json!({ "required": true, "content": { "multipart/form-data": media } })
    );
    assert!(
        operation("/a", "{requestBody: {content: {}}}")?
            .get("requestBody")
            .is_none()
    );
    Ok(())
}

#[test]
fn adds_a_slash_at_the_start_of_a_path() -> TestResult {
    let found = normalize_after_version("paths: {a/b: {get: {}}}")?;
    assert_eq!(found["paths"]["/a/b"]["get"]["x-at"], "#/paths/a~1b/get");
    Ok(())
}

#[test]
fn keeps_every_method() -> TestResult {
    let methods = [
        "get", "put", "post", "delete", "options", "head", "patch", "trace",
    ];
    let item: String = methods
        .iter()
        .map(|method| format!("{method}: {{}}, "))
        .collect();
    let found = normalize_after_version(&format!("paths: {{/a: {{{item}}}}}"))?;
    assert_eq!(
        found["paths"]["/a"].as_object().map(|item| item.len()),
        Some(methods.len())
    );
    Ok(())
}

#[test]
fn normalizes_servers() -> TestResult {
    let found = normalize_after_version(
        "
servers: [{url: 'https://{h}:{p}', variables: {h: {default: a, enum: [a, b]}, p: {enum: [443]}}}, 'https://x']
paths: {/a: {servers: [{url: /item}], get: {}, post: {servers: [{url: /own}]}}}
",
    )?;
    assert_eq!(
        found["servers"][0]["variables"],
        json!({ "h": { "default": "a", "enum": ["a", "b"] }, "p": { "default": "443", "enum": ["443"] } })
    );
    assert_eq!(found["servers"][1]["url"], "https://x");
    assert_eq!(found["paths"]["/a"]["get"]["servers"][0]["url"], "/item");
    assert_eq!(found["paths"]["/a"]["post"]["servers"][0]["url"], "/own");
    Ok(())
}

#[test]
fn normalizes_security_schemes_and_requirements() -> TestResult {
    let found = normalize_after_version(
        "
security: [{a: []}, {}]
components:
  securitySchemes:
    a: {type: apiKey, name: X-Key, in: Header}
    b: {type: http, bearerFormat: JWT}
    c: {type: oauth2, flows: {password: {tokenUrl: u, scopes: {s: d}}, deviceAuthorization: {}}}
    d: {type: openIdConnect}
    e: {type: mutualTLS}
paths: {/a: {get: {security: []}, put: {}}}
",
    )?;
    assert_eq!(found["security"], json!([{ "a": [] }, {}]));
    let schemes = without_pointers(&found["components"]["securitySchemes"]);
    assert_eq!(
        schemes["a"],
        json!({ "type": "apiKey", "name": "X-Key", "in": "header" })
    );
    assert_eq!(
        schemes["b"],
        json!({ "type": "http", "scheme": "bearer", "bearerFormat": "JWT" })
    );
    assert_eq!(
        schemes["c"]["flows"],
        json!({ "password": { "tokenUrl": "u", "scopes": {} } })
    );
    assert_eq!(schemes["d"]["openIdConnectUrl"], "");
    assert_eq!(
        schemes["e"],
        json!({ "type": "http", "scheme": "mutualTLS" })
    );
    assert_eq!(found["paths"]["/a"]["get"]["security"], json!([]));
    assert!(found["paths"]["/a"]["put"].get("security").is_none());
    Ok(())
}
