//! Where no meaning can be told: one test a fault, and all of them at once.

use super::support::{Outcome, faults, faults_rest, schema_faults};
use observatory_codegen::diag::Code;
use serde_json::{Value, json};

#[track_caller]
fn one(found: &[(Code, String)], code: Code, at: &str) {
    assert_eq!(found, [(code, at.to_owned())]);
}

#[test]
fn versions_that_are_not_read() -> Outcome {
    one(
        &faults("swagger: '2.0'\n")?,
        Code::UnsupportedVersion,
        "#/swagger",
    );
    one(
        &faults("openapi: 4.0.0\n")?,
        Code::UnsupportedVersion,
        "#/openapi",
    );
    one(&faults("paths: {}\n")?, Code::UnsupportedVersion, "#");
    one(&faults("- a\n")?, Code::WrongType, "#");
    one(&faults("")?, Code::WrongType, "#");
    Ok(())
}

#[test]
fn schemas_without_meaning() -> Outcome {
    one(&schema_faults("{type: banana}")?, Code::WrongType, "/type");
    one(
        &schema_faults("{type: [string, 5]}")?,
        Code::WrongType,
        "/type/1",
    );
    one(&schema_faults("{type: {a: b}}")?, Code::WrongType, "/type");
    one(
        &schema_faults("{properties: [a]}")?,
        Code::WrongType,
        "/properties",
    );
    one(
        &schema_faults("{properties: {p: 5}}")?,
        Code::WrongType,
        "/properties/p",
    );
    one(
        &schema_faults("{items: banana}")?,
        Code::WrongType,
        "/items",
    );
    one(
        &schema_faults("{allOf: string}")?,
        Code::WrongType,
        "/allOf",
    );
    one(&schema_faults("{enum: a}")?, Code::WrongType, "/enum");
    one(
        &schema_faults("{required: {a: b}}")?,
        Code::WrongType,
        "/required",
    );
    one(
        &schema_faults("{type: integer, minimum: low}")?,
        Code::WrongType,
        "/minimum",
    );
    one(
        &schema_faults("{type: string, nullable: perhaps}")?,
        Code::WrongType,
        "/nullable",
    );
    one(
        &schema_faults("{type: string, format: [a]}")?,
        Code::WrongType,
        "/format",
    );
    one(
        &schema_faults("{oneOf: [{type: string}, {type: integer}], discriminator: {mapping: {}}}")?,
        Code::MissingKey,
        "/discriminator",
    );
    let mapped = "{oneOf: [{$ref: '#/components/schemas/A'}], discriminator: {propertyName: t, mapping: {a: Nope}}}";
    one(
        &schema_faults(mapped)?,
        Code::DanglingRef,
        "/discriminator/mapping/a",
    );
    Ok(())
}

#[test]
fn parameters_without_meaning() -> Outcome {
    let parameter =
        |text: &str| faults_rest(&format!("paths: {{/a: {{get: {{parameters: [{text}]}}}}}}"));
    let at = "#/paths/~1a/get/parameters/0";
    one(&parameter("{in: query}")?, Code::MissingKey, at);
    one(&parameter("{name: p}")?, Code::MissingKey, at);
    one(
        &parameter("{name: p, in: body}")?,
        Code::WrongType,
        &format!("{at}/in"),
    );
    one(
        &parameter("{name: p, in: query, style: zigzag}")?,
        Code::WrongType,
        &format!("{at}/style"),
    );
    one(&parameter("p")?, Code::WrongType, at);
    Ok(())
}

#[test]
fn operations_without_meaning() -> Outcome {
    one(&faults_rest("paths: []")?, Code::WrongType, "#/paths");
    one(
        &faults_rest("paths: {/a: 5}")?,
        Code::WrongType,
        "#/paths/~1a",
    );
    one(
        &faults_rest("paths: {/a: {get: [x]}}")?,
        Code::WrongType,
        "#/paths/~1a/get",
    );
    one(
        &faults_rest("paths: {/a: {get: {responses: {ok: {}}}}}")?,
        Code::WrongType,
        "#/paths/~1a/get/responses/ok",
    );
    one(
        &faults_rest("paths: {/a: {get: {requestBody: x}}}")?,
        Code::WrongType,
        "#/paths/~1a/get/requestBody",
    );
    one(
        &faults_rest("paths: {/a: {get: {}}, a: {get: {}}}")?,
        Code::DuplicateOperation,
        "#/paths/a",
    );
    Ok(())
}

#[test]
fn security_without_meaning() -> Outcome {
    let scheme =
        |text: &str| faults_rest(&format!("components: {{securitySchemes: {{s: {text}}}}}"));
    let at = "#/components/securitySchemes/s";
    one(&scheme("{type: apiKey, in: header}")?, Code::MissingKey, at);
    one(
        &scheme("{type: apiKey, in: pocket, name: n}")?,
        Code::WrongType,
        &format!("{at}/in"),
    );
    one(&scheme("{type: http}")?, Code::MissingKey, at);
    one(&scheme("{scheme: bearer}")?, Code::MissingKey, at);
    Ok(())
}

#[test]
fn servers_without_an_address() -> Outcome {
    one(
        &faults_rest("servers: [{description: d}]")?,
        Code::MissingKey,
        "#/servers/0",
    );
    Ok(())
}

#[test]
fn all_faults_are_told_in_order_and_once() -> Outcome {
    let found = faults_rest(
        "
components:
  responses: {R: {content: {a/b: {schema: {type: banana}}}}}
  schemas: {Z: {type: apple}, A: {$ref: '#/nowhere'}}
paths:
  /a: {get: {responses: {200: {$ref: '#/components/responses/R'}}}, put: {responses: {200: {$ref: '#/components/responses/R'}}}}
",
    )?;
    let expected = [
        (
            Code::WrongType,
            "#/components/responses/R/content/a~1b/schema/type",
        ),
        (Code::DanglingRef, "#/components/schemas/A/$ref"),
        (Code::WrongType, "#/components/schemas/Z/type"),
    ];
    assert_eq!(found, expected.map(|(code, at)| (code, at.to_owned())));
    Ok(())
}

#[test]
fn schemas_nested_without_end_are_refused() {
    let mut schema = json!({ "type": "string" });
    for _ in 0..5_000 {
        schema = wrap("items", schema);
    }
    let components = wrap("components", wrap("schemas", wrap("S", schema)));
    let mut document = components;
    document["openapi"] = "3.0.0".into();
    let error = observatory_codegen::source::normalize(&document).err();
    assert!(error.is_some_and(|error| error.code() == Code::TooDeep));
    unnest(document);
}

/// `json!` would copy the value, level by level.
fn wrap(key: &str, value: Value) -> Value {
    Value::Object(std::iter::once((key.to_owned(), value)).collect())
}

/// Takes a value apart level by level: dropping it whole would need a stack as deep as the value.
fn unnest(value: Value) {
    let mut open = vec![value];
    while let Some(value) = open.pop() {
        match value {
            Value::Object(object) => open.extend(object.into_iter().map(|(_, value)| value)),
            Value::Array(items) => open.extend(items),
            _ => {}
        }
    }
}

#[test]
fn what_is_deep_but_not_too_deep_can_be_read() -> Outcome {
    let mut schema = json!({ "type": "string" });
    for _ in 0..50 {
        schema = json!({ "type": "object", "properties": { "p": schema } });
    }
    let document = json!({ "openapi": "3.0.0", "components": { "schemas": { "S": schema } } });
    let canonical = observatory_codegen::source::normalize(&document)?;
    assert!(serde_json::from_value::<openapiv3::OpenAPI>(canonical).is_ok());
    Ok(())
}
