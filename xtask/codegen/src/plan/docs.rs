//! The words of the documentation: the document's own where it has some, plain sentences made from names where not.

use serde_json::Value;

use super::constraints::describe;
use super::text::{code, line, lines};
use super::words::{capital, sentence, words};
use crate::ir::{
    Api, Constraint, Docs, Field, Operation, Param, Primitive, Response, Status, TypeRef,
};

/// What the API is.
pub(super) fn of_api(api: &Api, title: &str) -> Vec<String> {
    let mut out = vec![format!("A client of the {title} API.")];
    let said = api.docs.summary.iter().chain(&api.docs.description);
    for text in said
        .map(|text| lines(text))
        .filter(|lines| !lines.is_empty())
    {
        out.push(String::new());
        out.extend(text);
    }
    out
}

/// The document's words, or the fallback.
pub(super) fn or(docs: &Docs, fallback: impl FnOnce() -> String) -> Vec<String> {
    let mut out = Vec::new();
    for text in docs.summary.iter().chain(&docs.description) {
        let text = lines(text);
        if !out.is_empty() && !text.is_empty() {
            out.push(String::new());
        }
        out.extend(text);
    }
    if out.is_empty() {
        out.push(fallback());
    }
    if docs.deprecated {
        out.push(String::new());
        out.push("The vendor calls this deprecated.".to_owned());
    }
    out
}

/// What is said of something that has a name and nothing else.
pub(super) fn named(words: &str) -> String {
    format!("{}.", sentence(words))
}

/// The words of a field.
pub(super) fn of_field(field: &Field) -> Vec<String> {
    let mut out = or(&field.docs, || named(&words(&field.wire)));
    let default = field.default.as_ref();
    facts(&mut out, &field.ty, &field.constraints, default);
    if field.read_only {
        out.push("Filled by the server.".to_owned());
    }
    out
}

/// The words of a parameter.
pub(super) fn of_param(param: &Param) -> Vec<String> {
    let mut out = or(&param.docs, || named(&words(&param.wire)));
    let default = param.default.as_ref();
    facts(&mut out, &param.ty, &param.constraints, default);
    out
}

/// Format, constraints and default, on a line of their own.
fn facts(out: &mut Vec<String>, ty: &TypeRef, constraints: &[Constraint], default: Option<&Value>) {
    let mut said = Vec::new();
    if let TypeRef::Primitive(Primitive::String {
        format: Some(format),
    }) = ty
    {
        said.push(format!("Format {}.", code(format)));
    }
    for constraint in constraints {
        said.push(format!("{}.", capital(&describe(constraint, code))));
    }
    match default {
        None | Some(Value::Null) => {}
        Some(Value::String(text)) if text.is_empty() => said.push("Default: empty.".to_owned()),
        Some(Value::String(text)) => said.push(format!("Default: {}.", code(text))),
        Some(other) => said.push(format!("Default: {}.", code(&sorted(other).to_string()))),
    }
    if !said.is_empty() {
        out.push(String::new());
        out.push(said.join(" "));
    }
}

/// A value with its keys in order, so that it is shown the same whatever the document's order is.
fn sorted(value: &Value) -> Value {
    match value {
        Value::Object(map) => {
            let mut entries: Vec<_> = map
                .iter()
                .map(|(key, value)| (key.clone(), sorted(value)))
                .collect();
            entries.sort_by(|a, b| a.0.cmp(&b.0));
            Value::Object(entries.into_iter().collect())
        }
        Value::Array(items) => items.iter().map(sorted).collect(),
        scalar => scalar.clone(),
    }
}

/// The words of an operation, before its errors and its example.
pub(super) fn of_operation(operation: &Operation, words: &str) -> Vec<String> {
    let mut out = or(&operation.docs, || named(words));
    out.push(String::new());
    out.push(code(&format!(
        "{} {}",
        operation.method.as_str(),
        operation.path
    )));
    out
}

/// One error that an operation can answer with.
pub(super) fn of_error(response: &Response, body: Option<&str>) -> String {
    let status = match response.status {
        Status::Code(code) => code.to_string(),
        Status::Class(class) => format!("{class}xx"),
        Status::Default => "Any other status".to_owned(),
    };
    let why = response
        .docs
        .description
        .as_deref()
        .map(line)
        .filter(|why| !why.is_empty());
    let why = why
        .map(|why| format!(": {}", why.trim_end_matches('.')))
        .unwrap_or_default();
    match body {
        Some(name) => format!("- {status} ([`{name}`](crate::models::{name})){why}."),
        None => format!("- {status}{why}."),
    }
}
