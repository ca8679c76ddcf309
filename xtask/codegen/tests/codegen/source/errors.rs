//! Tests of the errors that normalization reports.

use super::support::{
    TestResult, errors_after_version, errors_in, errors_in_schema, without_faults,
};
use observatory_codegen::diag::Code;
use serde_json::{Value, json};

#[track_caller]
fn assert_single_error(found: &[(Code, String)], code: Code, at: &str) {
    assert_eq!(found, [(code, at.to_owned())]);
}

#[test]
fn rejects_unsupported_versions() -> TestResult {
    assert_single_error(
        &errors_in("swagger: '2.0'\n")?,
        Code::UnsupportedVersion,
        "#/swagger",
    );
    assert_single_error(
        &errors_in("openapi: 4.0.0\n")?,
        Code::UnsupportedVersion,
        "#/openapi",
    );
    assert_single_error(&errors_in("paths: {}\n")?, Code::UnsupportedVersion, "#");
    assert_single_error(&errors_in("- a\n")?, Code::WrongType, "#");
    assert_single_error(&errors_in("")?, Code::WrongType, "#");
    Ok(())
}

#[test]
fn rejects_invalid_schemas() -> TestResult {
    assert_single_error(
        &errors_in_schema("{type: banana}")?,
        Code::WrongType,
        "/type",
    );
    assert_single_error(
        &errors_in_schema("{type: [string, 5]}")?,
        Code::WrongType,
        "/type/1",
    );
    assert_single_error(
        &errors_in_schema("{type: {a: b}}")?,
        Code::WrongType,
        "/type",
    );
    assert_single_error(
        &errors_in_schema("{properties: [a]}")?,
        Code::WrongType,
        "/properties",
    );
    assert_single_error(
        &errors_in_schema("{properties: {p: 5}}")?,
        Code::WrongType,
        "/properties/p",
    );
    assert_single_error(
        &errors_in_schema("{items: banana}")?,
        Code::WrongType,
        "/items",
    );
    assert_single_error(
        &errors_in_schema("{allOf: string}")?,
        Code::WrongType,
        "/allOf",
    );
    assert_single_error(&errors_in_schema("{enum: a}")?, Code::WrongType, "/enum");
    assert_single_error(
        &errors_in_schema("{required: {a: b}}")?,
        Code::WrongType,
        "/required",
    );
    assert_single_error(
        &errors_in_schema("{deprecated: true, x-sunset: [soon]}")?,
        Code::IgnoredKeyword,
        "/x-sunset",
    );
    assert_single_error(
        &errors_in_schema("{type: integer, minimum: low}")?,
        Code::IgnoredKeyword,
        "/minimum",
    );
    assert_single_error(
        &errors_in_schema("{type: string, nullable: perhaps}")?,
        Code::WrongType,
        "/nullable",
    );
    assert_single_error(
        &errors_in_schema("{type: string, format: [a]}")?,
        Code::WrongType,
        "/format",
    );
    assert_single_error(
        &errors_in_schema(
            "{oneOf: [{type: string}, {type: integer}], discriminator: {mapping: {}}}",
        )?,
        Code::MissingKey,
        "/discriminator",
    );
    let mapped = "{oneOf: [{$ref: '#/components/schemas/A'}], discriminator: {propertyName: t, mapping: {a: Nope}}}";
    assert_single_error(
        &errors_in_schema(mapped)?,
        Code::DanglingRef,
        "/discriminator/mapping/a",
    );
    Ok(())
}

#[test]
fn rejects_invalid_parameters() -> TestResult {
    let parameter = |text: &str| {
        errors_after_version(&format!("paths: {{/a: {{get: {{parameters: [{text}]}}}}}}"))
    };
    let at = "#/paths/~1a/get/parameters/0";
    assert_single_error(&parameter("{in: query}")?, Code::MissingKey, at);
    assert_single_error(&parameter("{name: p}")?, Code::MissingKey, at);
    assert_single_error(
        &parameter("{name: p, in: body}")?,
        Code::WrongType,
        &format!("{at}/in"),
    );
    assert_single_error(
        &parameter("{name: p, in: query, style: zigzag}")?,
        Code::WrongType,
        &format!("{at}/style"),
    );
    assert_single_error(&parameter("p")?, Code::WrongType, at);
    Ok(())
}

#[test]
fn rejects_invalid_operations() -> TestResult {
    assert_single_error(
        &errors_after_version("paths: []")?,
        Code::WrongType,
        "#/paths",
    );
    assert_single_error(
        &errors_after_version("paths: {/a: 5}")?,
        Code::WrongType,
        "#/paths/~1a",
    );
    assert_single_error(
        &errors_after_version("paths: {/a: {get: [x]}}")?,
        Code::WrongType,
        "#/paths/~1a/get",
    );
    assert_single_error(
        &errors_after_version("paths: {/a: {get: {responses: {ok: {}}}}}")?,
        Code::WrongType,
        "#/paths/~1a/get/responses/ok",
    );
    assert_single_error(
        &errors_after_version("paths: {/a: {get: {requestBody: x}}}")?,
        Code::WrongType,
        "#/paths/~1a/get/requestBody",
    );
    assert_single_error(
        &errors_after_version("paths: {/a: {get: {}}, a: {get: {}}}")?,
        Code::DuplicateOperation,
        "#/paths/a",
    );
    Ok(())
}

#[test]
fn rejects_invalid_security_schemes() -> TestResult {
    let scheme = |text: &str| {
        errors_after_version(&format!("components: {{securitySchemes: {{s: {text}}}}}"))
    };
    let at = "#/components/securitySchemes/s";
    assert_single_error(&scheme("{type: apiKey, in: header}")?, Code::MissingKey, at);
    assert_single_error(
        &scheme("{type: apiKey, in: pocket, name: n}")?,
        Code::WrongType,
        &format!("{at}/in"),
    );
    assert_single_error(&scheme("{type: http}")?, Code::MissingKey, at);
    assert_single_error(&scheme("{scheme: bearer}")?, Code::MissingKey, at);
    Ok(())
}

#[test]
fn rejects_servers_without_url() -> TestResult {
    assert_single_error(
        &errors_after_version("servers: [{description: d}]")?,
        Code::MissingKey,
        "#/servers/0",
    );
    Ok(())
}

#[test]
fn reports_all_errors_sorted_and_without_duplicates() -> TestResult {
    let found = errors_after_version(
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
fn rejects_a_query_that_is_neither_text_nor_json_nor_a_form() -> TestResult {
    let found = errors_in(
        "{openapi: 3.2.0, paths: {/a: {get: {parameters: [{name: q, in: querystring, content: {application/xml: \
         {schema: {type: object}}}}], responses: {}}}}}",
    )?;
    assert_single_error(
        &found,
        Code::UnsupportedParameter,
        "#/paths/~1a/get/parameters/0",
    );
    Ok(())
}

#[test]
fn rejects_an_additional_operation_whose_key_is_not_a_method() -> TestResult {
    let found = errors_in(
        "{openapi: 3.2.0, paths: {/a: {additionalOperations: {'NO METHOD': {responses: {}}}}}}",
    )?;
    assert_single_error(
        &found,
        Code::WrongType,
        "#/paths/~1a/additionalOperations/NO METHOD",
    );
    Ok(())
}

#[test]
fn rejects_too_deeply_nested_schemas() {
    let mut schema = json!({ "type": "string" });
    for _ in 0..5_000 {
        schema = wrap("items", schema);
    }
    let components = wrap("components", wrap("schemas", wrap("S", schema)));
    let mut document = components;
    document["openapi"] = "3.0.0".into();
    let faults = observatory_codegen::source::normalize(&document).map(|(_, faults)| faults);
    assert!(faults.is_ok_and(|faults| faults.iter().any(|fault| fault.code == Code::TooDeep)));
    unnest(document);
}

/// Returns an object with one member. `json!` would copy the value at every level.
fn wrap(key: &str, value: Value) -> Value {
    Value::Object(std::iter::once((key.to_owned(), value)).collect())
}

/// Drops a value level by level, since dropping it recursively would overflow the stack.
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
fn accepts_deeply_nested_schemas() -> TestResult {
    let mut schema = json!({ "type": "string" });
    for _ in 0..50 {
        schema = json!({ "type": "object", "properties": { "p": schema } });
    }
    let document = json!({ "openapi": "3.0.0", "components": { "schemas": { "S": schema } } });
    let canonical = without_faults(observatory_codegen::source::normalize(&document)?)?;
    assert!(serde_json::from_value::<openapiv3::OpenAPI>(canonical).is_ok());
    Ok(())
}
