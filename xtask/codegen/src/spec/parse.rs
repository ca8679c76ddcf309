//! Parses the canonical document.

use indexmap::IndexMap;
use openapiv3::{OpenAPI, PathItem, ReferenceOr, Schema as RawSchema};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::api::{
    component_pointer, docs, operations, payloads, security_requirements, security_scheme, server,
};
use super::document::{Document, SchemaRef};
use super::schema::schema_ref;
use crate::diag::{Code, Diagnostic, Error};
use crate::ir::{Docs, Pointer, Tag};

/// Parses a canonical document. The parts are parsed one after the other, and the memory of each is freed before the
/// next one.
///
/// # Errors
/// If `openapiv3` cannot parse a path item or a component. This is a bug of the generator, since `normalize` reports
/// all errors of the document.
pub fn parse(mut canonical: Value) -> Result<Document, Error> {
    let paths = take_members(canonical.get_mut("paths"));
    let schemas = take_members(canonical.pointer_mut("/components/schemas"));
    let mut diags = Vec::new();
    let Some(mut document) =
        parse_part(canonical, Pointer::root, &mut diags).map(document_without_items)
    else {
        return Err(Error::from_diagnostics(diags));
    };
    for (path, item) in paths {
        let at = || Pointer::root().join("paths").join(&path);
        let item = parse_part::<ReferenceOr<PathItem>>(item, at, &mut diags);
        let item = item.and_then(ReferenceOr::into_item);
        document
            .operations
            .extend(item.into_iter().flat_map(|item| operations(&path, item)));
    }
    for (key, schema) in schemas {
        let at = || component_pointer("schemas", &key);
        if let Some(raw) = parse_part::<ReferenceOr<RawSchema>>(schema, at, &mut diags) {
            let schema = with_pointer(&key, schema_ref(raw));
            document.schemas.insert(key, schema);
        }
    }
    match diags.is_empty() {
        true => Ok(document),
        false => Err(Error::from_diagnostics(diags)),
    }
}

/// Removes all members of an object and returns them.
fn take_members(object: Option<&mut Value>) -> Map<String, Value> {
    let object = object.and_then(Value::as_object_mut);
    object.map(std::mem::take).unwrap_or_default()
}

/// Parses a part of the document with `openapiv3`. Adds a diagnostic if that fails.
fn parse_part<T: DeserializeOwned>(
    value: Value,
    at: impl FnOnce() -> Pointer,
    diags: &mut Vec<Diagnostic>,
) -> Option<T> {
    let report = |error: serde_json::Error| {
        let message = format!("cannot parse the normalized document: {error}");
        diags.push(Diagnostic::new(Code::Internal, &at(), message));
    };
    T::deserialize(&value).map_err(report).ok()
}

/// Returns the document without operations and schemas.
fn document_without_items(mut raw: OpenAPI) -> Document {
    let raw_payloads = raw.extensions.shift_remove("x-payloads");
    let unused_parts = raw.extensions.shift_remove("x-unused-parts");
    let unused_parts = unused_parts.and_then(|raw| serde_json::from_value::<Vec<String>>(raw).ok());
    let mut document = Document {
        unused_parts: unused_parts.into_iter().flatten().map(Pointer).collect(),
        title: raw.info.title.clone(),
        version: raw.info.version.clone(),
        docs: Docs {
            summary: extension_text(&raw.info.extensions, "x-summary"),
            ..docs(raw.info.description.as_ref(), false)
        },
        servers: raw.servers.iter().map(server).collect(),
        tags: raw
            .tags
            .iter()
            .map(|tag| Tag {
                name: tag.name.clone(),
                docs: Docs {
                    summary: extension_text(&tag.extensions, "x-summary"),
                    ..docs(tag.description.as_ref(), false)
                },
                parent: extension_text(&tag.extensions, "x-parent"),
                kind: extension_text(&tag.extensions, "x-kind"),
            })
            .collect(),
        security: security_requirements(raw.security.as_deref().unwrap_or_default()),
        payloads: raw_payloads.map(payloads).unwrap_or_default(),
        ..Document::default()
    };
    for (key, raw) in &raw.components.unwrap_or_default().security_schemes {
        document
            .schemes
            .extend(raw.as_item().map(|raw| security_scheme(key, raw)));
    }
    document
}

/// Returns the text of an extension, in which `normalize` keeps what 3.0 does not have.
fn extension_text(extensions: &IndexMap<String, Value>, key: &str) -> Option<String> {
    extensions
        .get(key)
        .and_then(Value::as_str)
        .map(str::to_owned)
}

/// Sets the pointer of a component whose schema has none.
fn with_pointer(key: &str, schema: SchemaRef) -> SchemaRef {
    match schema {
        SchemaRef::Inline(mut schema) if schema.at == Pointer::root() => {
            schema.at = component_pointer("schemas", key);
            SchemaRef::Inline(schema)
        }
        other => other,
    }
}
