//! Operations: parameters, request bodies, responses and security.

use observatory_codegen::diag::{Code, Diagnostic};
use observatory_codegen::ir::{
    Api, Operation, Param, Presence, RequestContent, Response, ResponseContent, Status,
};

use crate::ir_text::{Outcome, lower_document, type_text, with_presence};

/// The operation `GET /x/{id}/{sub}` with the fields `rest`.
fn lower_operation(rest: &str) -> Result<(Api, Vec<Diagnostic>), observatory_codegen::diag::Error> {
    lower_document(&format!(
        "openapi: 3.0.3\n\
         components:\n\
         \x20 securitySchemes:\n\
         \x20   key: {{type: apiKey, in: header, name: X-Key}}\n\
         \x20   token: {{type: http, scheme: bearer}}\n\
         security: [{{key: []}}]\n\
         paths:\n\
         \x20 /x/{{id}}/{{sub}}:\n\
         \x20   get: {{{rest}}}\n"
    ))
}

fn only(api: &Api) -> &Operation {
    &api.operations[0]
}

fn param_text(api: &Api, param: &Param) -> String {
    let ty = type_text(api, &param.ty);
    let explode = if param.explode { " explode" } else { "" };
    let name = with_presence(&param.wire_name, param.presence, &ty);
    format!("{:?} {:?}{explode} {name}", param.location, param.style)
}

#[track_caller]
fn param_becomes(param: &str, expected: &str) -> Outcome {
    let (api, _) = lower_operation(&format!("parameters: [{param}]"))?;
    let params = only(&api).params.iter();
    let texts: Vec<String> = params.map(|param| param_text(&api, param)).collect();
    assert!(
        texts.contains(&expected.to_owned()),
        "{expected}\n{texts:#?}"
    );
    Ok(())
}

#[test]
fn parameters_have_the_style_of_their_location() -> Outcome {
    param_becomes(
        "{in: query, name: q, schema: {type: array, items: {type: string}}}",
        "Query Form explode q?: [string]",
    )?;
    param_becomes(
        "{in: header, name: X-Q, required: true, schema: {type: integer}}",
        "Header Simple X-Q: i64",
    )?;
    param_becomes(
        "{in: cookie, name: q, schema: {type: string}}",
        "Cookie Form explode q?: string",
    )?;
    param_becomes(
        "{in: path, name: id, required: true, schema: {type: string}}",
        "Path Simple id: string",
    )
}

#[test]
fn parameters_keep_their_own_style() -> Outcome {
    param_becomes(
        "{in: query, name: q, style: pipeDelimited, explode: false, schema: {type: array, items: {}}}",
        "Query PipeDelimited q?: [any]",
    )?;
    param_becomes(
        "{in: query, name: q, style: deepObject, explode: true, schema: {type: object}}",
        "Query DeepObject explode q?: {...: any}",
    )?;
    param_becomes(
        "{in: path, name: id, required: true, style: matrix, schema: {type: string}}",
        "Path Matrix id: string",
    )?;
    param_becomes(
        "{in: query, name: q, content: {application/json: {schema: {type: integer}}}}",
        "Query Json q?: i64",
    )
}

#[test]
fn a_parameter_is_not_nullable() -> Outcome {
    param_becomes(
        "{in: query, name: q, schema: {type: string, nullable: true}}",
        "Query Form explode q?: string",
    )
}

#[test]
fn variables_of_the_path_come_first_in_its_order() -> Outcome {
    let (api, _) = lower_operation(
        "parameters: [{in: query, name: q, schema: {}}, {in: path, name: sub, required: true, schema: {}}, \
         {in: path, name: id, required: true, schema: {}}]",
    )?;
    let names: Vec<&str> = only(&api)
        .params
        .iter()
        .map(|param| param.wire_name.as_str())
        .collect();
    assert_eq!(names, ["id", "sub", "q"]);
    Ok(())
}

#[test]
fn reports_path_parameters_without_a_variable() -> Outcome {
    let (api, diagnostics) = lower_operation(
        "parameters: [{in: path, name: other, required: true, schema: {type: string}}]",
    )?;
    let codes: Vec<Code> = diagnostics.iter().map(|found| found.code).collect();
    assert_eq!(codes, [Code::UnusedPathParameter]);
    assert!(
        only(&api)
            .params
            .iter()
            .all(|param| param.wire_name != "other")
    );
    Ok(())
}

#[track_caller]
fn body_becomes(body: &str, expected: &str) -> Outcome {
    let (api, _) = lower_operation(&format!("requestBody: {body}"))?;
    let body = only(&api).body.as_ref().expect("a request body");
    let content = match &body.content {
        RequestContent::Json(ty) => format!("json {}", type_text(&api, ty)),
        RequestContent::JsonLines(ty) => format!("json lines {}", type_text(&api, ty)),
        RequestContent::Form(ty, _) => format!("form {}", type_text(&api, ty)),
        RequestContent::Multipart(ty, _) => format!("multipart {}", type_text(&api, ty)),
        RequestContent::Text => "text".to_owned(),
        RequestContent::Bytes => "bytes".to_owned(),
    };
    assert_eq!(
        with_presence(&body.media_type, body.presence, &content),
        expected
    );
    Ok(())
}

#[track_caller]
fn media_type_becomes(media_type: &str, expected: &str) -> Outcome {
    let schema = "{schema: {type: object, additionalProperties: {type: string}}}";
    body_becomes(
        &format!("{{required: true, content: {{'{media_type}': {schema}}}}}"),
        expected,
    )
}

#[test]
fn the_media_type_decides_the_kind_of_body() -> Outcome {
    media_type_becomes("application/json", "application/json: json {...: string}")?;
    media_type_becomes(
        "application/vnd.x+json; v=1",
        "application/vnd.x+json; v=1: json {...: string}",
    )?;
    media_type_becomes(
        "application/vnd.x+json",
        "application/vnd.x+json: json {...: string}",
    )?;
    media_type_becomes("text/json", "text/json: json {...: string}")?;
    media_type_becomes(
        "multipart/form-data",
        "multipart/form-data: multipart {...: string}",
    )?;
    media_type_becomes(
        "application/x-www-form-urlencoded",
        "application/x-www-form-urlencoded: form {...: string}",
    )?;
    media_type_becomes("text/csv", "text/csv: text")?;
    media_type_becomes(
        "application/jsonl",
        "application/jsonl: json lines {...: string}",
    )?;
    media_type_becomes("image/svg+xml", "image/svg+xml: text")?;
    media_type_becomes(
        "application/octet-stream",
        "application/octet-stream: bytes",
    )
}

#[test]
fn a_wildcard_is_sent_as_json() -> Outcome {
    media_type_becomes("*/*", "application/json: json {...: string}")?;
    media_type_becomes("application/*", "application/json: json {...: string}")
}

#[test]
fn json_is_preferred_to_other_media_types() -> Outcome {
    body_becomes(
        "{content: {text/plain: {}, multipart/form-data: {schema: {type: object}}, application/json: {schema: {type: object}}}}",
        "application/json?: json {...: any}",
    )?;
    // A media type with a schema is typed better than JSON without one.
    body_becomes(
        "{content: {multipart/form-data: {schema: {type: object}}, application/json: {}}}",
        "multipart/form-data?: multipart {...: any}",
    )?;
    body_becomes(
        "{content: {text/plain: {}, application/x-www-form-urlencoded: {schema: {type: object}}}}",
        "application/x-www-form-urlencoded?: form {...: any}",
    )
}

#[test]
fn the_body_has_the_presence_of_its_schema() -> Outcome {
    body_becomes(
        "{required: true, content: {application/json: {schema: {type: string, nullable: true}}}}",
        "application/json: json string | null",
    )?;
    body_becomes(
        "{content: {application/json: {schema: {type: string, nullable: true}}}}",
        "application/json?: json string | null",
    )?;
    // A value can be null itself.
    body_becomes(
        "{required: true, content: {application/json: {schema: {nullable: true}}}}",
        "application/json: json any",
    )?;
    body_becomes(
        "{content: {application/json: {}}}",
        "application/json?: json any",
    )?;
    // A form cannot: without a value it is not sent.
    body_becomes(
        "{required: true, content: {application/x-www-form-urlencoded: {schema: {type: object, nullable: true}}}}",
        "application/x-www-form-urlencoded?: form {...: any}",
    )?;
    body_becomes(
        "{required: true, content: {multipart/form-data: {schema: {nullable: true, allOf: [{type: object, properties: {a: {type: string}}}]}}}}",
        "multipart/form-data?: multipart {a?: string}",
    )
}

#[test]
fn a_binary_json_body_is_bytes() -> Outcome {
    body_becomes(
        "{required: true, content: {application/json: {schema: {type: string, format: binary}}}}",
        "application/json: bytes",
    )
}

fn response_text(api: &Api, response: &Response) -> String {
    let status = match response.status {
        Status::Code(code) => code.to_string(),
        Status::Class(class) => format!("{class}XX"),
        Status::Default => "default".to_owned(),
    };
    let content = match &response.content {
        ResponseContent::Empty => "empty".to_owned(),
        ResponseContent::Json(ty) => format!("json {}", type_text(api, ty)),
        ResponseContent::Text => "text".to_owned(),
        ResponseContent::Bytes => "bytes".to_owned(),
    };
    let presence = Presence::of(true, response.nullable);
    with_presence(&status, presence, &content)
}

#[track_caller]
fn responses_become(responses: &str, success: &[&str], errors: &[&str]) -> Outcome {
    let (api, _) = lower_operation(&format!("responses: {responses}"))?;
    let texts = |responses: &[Response]| -> Vec<String> {
        responses
            .iter()
            .map(|response| response_text(&api, response))
            .collect()
    };
    assert_eq!(texts(&only(&api).responses.success), success);
    assert_eq!(texts(&only(&api).responses.errors), errors);
    Ok(())
}

#[test]
fn parts_responses_into_success_and_errors_by_status() -> Outcome {
    responses_become(
        "{'404': {description: d}, default: {description: d}, '2XX': {description: d}, '201': {description: d}, \
         '302': {description: d}, '5XX': {description: d}}",
        &["201: empty", "2XX: empty"],
        &["302: empty", "404: empty", "5XX: empty", "default: empty"],
    )
}

#[test]
fn default_is_the_success_if_there_is_no_other() -> Outcome {
    responses_become(
        "{default: {description: d}, '400': {description: d}}",
        &["default: empty"],
        &["400: empty"],
    )
}

#[test]
fn responses_prefer_json_unless_it_has_no_schema() -> Outcome {
    responses_become(
        "{'200': {description: d, content: {text/plain: {}, application/json: {schema: {type: integer}}}}}",
        &["200: json i64"],
        &[],
    )?;
    responses_become(
        "{'200': {description: d, content: {text/plain: {}, application/json: {schema: {}}}}}",
        &["200: text"],
        &[],
    )?;
    responses_become(
        "{'200': {description: d, content: {application/json: {}}}}",
        &["200: json any"],
        &[],
    )
}

#[test]
fn responses_may_be_null_text_or_bytes() -> Outcome {
    responses_become(
        "{'200': {description: d, content: {application/json: {schema: {type: string, nullable: true}}}}}",
        &["200: json string | null"],
        &[],
    )?;
    responses_become(
        "{'200': {description: d, content: {application/json: {schema: {type: string, format: binary}}}}}",
        &["200: bytes"],
        &[],
    )?;
    responses_become(
        "{'200': {description: d, content: {image/png: {}}}}",
        &["200: bytes"],
        &[],
    )
}

#[track_caller]
fn security_becomes(rest: &str, expected: &[&[&str]], codes: &[Code]) -> Outcome {
    let (api, diagnostics) = lower_operation(rest)?;
    let security = only(&api).security.iter();
    let security: Vec<&[String]> = security.map(|all| all.0.as_slice()).collect();
    assert_eq!(security, expected);
    let found: Vec<Code> = diagnostics.iter().map(|found| found.code).collect();
    assert_eq!(found, codes);
    Ok(())
}

#[test]
fn an_operation_without_security_has_the_documents() -> Outcome {
    security_becomes("", &[&["key"]], &[])
}

#[test]
fn the_security_of_an_operation_replaces_the_documents() -> Outcome {
    security_becomes("security: []", &[], &[])?;
    security_becomes("security: [{token: []}, {}]", &[&["token"], &[]], &[])?;
    security_becomes(
        "security: [{key: [], token: []}]",
        &[&["key", "token"]],
        &[],
    )
}

#[test]
fn leaves_out_alternatives_with_undefined_schemes() -> Outcome {
    security_becomes(
        "security: [{key: [], other: []}, {token: []}]",
        &[&["token"]],
        &[Code::UndefinedSecurity],
    )
}
