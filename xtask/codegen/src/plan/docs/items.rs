//! Documentation of the crate, resources, types, fields and parameters.

use serde_json::Value;

use super::markdown::{inline_code, markdown_line, markdown_lines};
use crate::ir::{Access, Api, Constraint, Docs, Field, Param, Primitive, Shape, TypeDef, TypeRef};
use crate::plan::casing::capitalize;
use crate::plan::constraints::describe_constraint;

/// Returns the documentation of the crate.
pub(in crate::plan) fn api_docs(api: &Api, title: &str) -> Vec<String> {
    let mut lines = vec![format!("Client for the {title} API.")];
    let texts = api.docs.summary.iter().chain(&api.docs.description);
    for text in texts
        .map(|text| markdown_lines(text))
        .filter(|text| !text.is_empty())
    {
        lines.push(String::new());
        lines.extend(text);
    }
    lines
}

/// Returns the text of the document, or `default` if it has none. The name is never repeated as a sentence.
///
/// Whether it is deprecated is not part of it: rustdoc shows the note of `#[deprecated]`.
pub(in crate::plan) fn text_or_else(
    docs: &Docs,
    default: impl FnOnce() -> Option<String>,
) -> Vec<String> {
    let mut lines = Vec::new();
    for text in docs.summary.iter().chain(&docs.description) {
        let text = markdown_lines(text);
        if !lines.is_empty() && !text.is_empty() {
            lines.push(String::new());
        }
        lines.extend(text);
    }
    if lines.is_empty() {
        lines.extend(default());
    }
    lines
}

/// As [`text_or_else`], and whether it is deprecated, for what has no `#[deprecated]`.
pub(in crate::plan) fn text_with_deprecation(
    docs: &Docs,
    default: impl FnOnce() -> Option<String>,
) -> Vec<String> {
    let mut lines = text_or_else(docs, default);
    let deprecation = docs.deprecation.as_deref().map(markdown_line);
    match deprecation {
        Some(reason) if reason.starts_with("since ") => {
            push_paragraph(&mut lines, format!("Deprecated {reason}."));
        }
        Some(reason) => push_paragraph(&mut lines, format!("Deprecated: {reason}.")),
        None if docs.deprecated => push_paragraph(&mut lines, "The API marks this as deprecated."),
        None => {}
    }
    lines
}

/// Returns the note of `#[deprecated]` for what the document marks as deprecated.
pub(in crate::plan) fn deprecation_note(docs: &Docs) -> Option<String> {
    let note = || "the API's document marks this as deprecated".to_owned();
    docs.deprecated
        .then(|| docs.deprecation.clone().unwrap_or_else(note))
}

/// Returns the documentation of a resource.
pub(in crate::plan) fn resource_docs(api: &Api, tag: &str) -> Vec<String> {
    let described = api.tags.iter().find(|known| known.name == tag);
    let docs = described.map(|tag| tag.docs.clone()).unwrap_or_default();
    text_or_else(&docs, || None)
}

/// Returns the documentation of a field.
pub(in crate::plan) fn field_docs(field: &Field) -> Vec<String> {
    let mut lines = text_or_else(&field.docs, || None);
    push_constraints(
        &mut lines,
        &field.ty,
        &field.constraints,
        field.default.as_ref(),
    );
    match field.access {
        Access::ReadWrite => {}
        Access::ReadOnly => push_paragraph(&mut lines, "Read-only: set by the server, never sent."),
        Access::WriteOnly => push_paragraph(&mut lines, "Write-only: not part of responses."),
    }
    lines
}

/// Returns the documentation of a parameter.
pub(in crate::plan) fn param_docs(param: &Param) -> Vec<String> {
    let mut lines = text_or_else(&param.docs, || None);
    push_constraints(
        &mut lines,
        &param.ty,
        &param.constraints,
        param.default.as_ref(),
    );
    lines
}

/// Adds format, constraints and default in a paragraph of their own.
fn push_constraints(
    lines: &mut Vec<String>,
    ty: &TypeRef,
    constraints: &[Constraint],
    default: Option<&Value>,
) {
    let mut sentences = Vec::new();
    sentences.extend(format_sentences(ty));
    // The length of a tuple is a part of its type.
    let is_tuple = matches!(ty, TypeRef::Tuple(_));
    let is_shown = |one: &&Constraint| !(is_tuple && matches!(one, Constraint::ItemCount(_)));
    for constraint in constraints.iter().filter(is_shown) {
        let text = describe_constraint(constraint, inline_code);
        sentences.push(format!("{}.", capitalize(&text)));
    }
    match default {
        None | Some(Value::Null) => {}
        Some(Value::String(text)) if text.is_empty() => {
            sentences.push("Default: the empty string.".to_owned());
        }
        Some(Value::String(text)) => sentences.push(format!("Default: {}.", inline_code(text))),
        Some(value) => {
            let value = sort_keys(value).to_string();
            sentences.push(format!("Default: {}.", inline_code(&value)));
        }
    }
    if !sentences.is_empty() {
        push_paragraph(lines, sentences.join(" "));
    }
}

/// Returns sentences about the formats of texts, which the Rust type does not show.
fn format_sentences(ty: &TypeRef) -> Vec<String> {
    let sentence = |(place, format): (String, &str)| match (place.as_str(), inline_code(format)) {
        ("", format) => format!("Format {format}."),
        (place, format) => format!("Format of {place}: {format}."),
    };
    formats(ty).into_iter().map(sentence).collect()
}

/// Returns the formats of the texts in a type, each with its place: `the values of the items`.
fn formats(ty: &TypeRef) -> Vec<(String, &str)> {
    let inside = |inner, place: &str| {
        let found = formats(inner).into_iter();
        let within = |(inner, format): (String, _)| match inner.is_empty() {
            true => (place.to_owned(), format),
            false => (format!("{inner} of {place}"), format),
        };
        found.map(within).collect::<Vec<_>>()
    };
    match ty {
        TypeRef::Primitive(Primitive::String {
            format: Some(format),
        }) => vec![(String::new(), format)],
        TypeRef::Nullable(inner) => formats(inner),
        TypeRef::List(inner) => inside(inner, "the items"),
        TypeRef::Map(inner) => inside(inner, "the values"),
        TypeRef::Tuple(items) => {
            let items = (1..).zip(items);
            let items =
                items.flat_map(|(position, item)| inside(item, &format!("item {position}")));
            items.collect()
        }
        TypeRef::Primitive(_) | TypeRef::Named(_) => Vec::new(),
    }
}

/// Returns the documentation of a type; `usage` is a sentence about where it is used.
pub(in crate::plan) fn type_docs(def: &TypeDef, usage: Option<String>) -> Vec<String> {
    let mut lines = text_with_deprecation(&def.docs, || usage);
    if let Shape::Alias(ty) = &def.shape {
        let formats = format_sentences(ty);
        if !formats.is_empty() {
            push_paragraph(&mut lines, formats.join(" "));
        }
    }
    lines
}

/// Adds a paragraph. Without a line between them, it would belong to the last item of a list.
pub(in crate::plan) fn push_paragraph(lines: &mut Vec<String>, text: impl Into<String>) {
    if !lines.is_empty() {
        lines.push(String::new());
    }
    lines.push(text.into());
}

/// Returns the value with its keys sorted, so that the text does not depend on their order in the document.
fn sort_keys(value: &Value) -> Value {
    match value {
        Value::Object(map) => {
            let mut entries: Vec<_> = map
                .iter()
                .map(|(key, value)| (key.clone(), sort_keys(value)))
                .collect();
            entries.sort_by(|a, b| a.0.cmp(&b.0));
            Value::Object(entries.into_iter().collect())
        }
        Value::Array(items) => items.iter().map(sort_keys).collect(),
        scalar => scalar.clone(),
    }
}
