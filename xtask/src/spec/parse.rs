//! From the canonical JSON to the typed tree.

use openapiv3::{OpenAPI, PathItem, ReferenceOr, Schema as RawSchema};
use serde::Deserialize;
use serde_json::Value;

use super::api::{component_place, described, operations, requirements, scheme, server};
use super::schema::schema_ref;
use super::{Document, SchemaRef};
use crate::diag::{Code, Diag, Error};
use crate::ir::{Docs, Pointer};

/// Reads a canonical document.
///
/// # Errors
/// `normalise` has told every fault of the document, so a failure here is the generator's own; it names the path or
/// the component that `openapiv3` would not read.
pub fn parse(canonical: Value) -> Result<Document, Error> {
    let raw = OpenAPI::deserialize(&canonical)
        .map_err(|why| Error::located(culprits(&canonical, &why)))?;
    drop(canonical);
    let mut document = Document {
        title: raw.info.title.clone(),
        version: raw.info.version.clone(),
        docs: Docs {
            summary: raw
                .info
                .extensions
                .get("x-summary")
                .and_then(Value::as_str)
                .map(str::to_owned),
            ..described(raw.info.description.as_ref(), false)
        },
        servers: raw.servers.iter().map(server).collect(),
        tags: raw
            .tags
            .iter()
            .map(|tag| (tag.name.clone(), described(tag.description.as_ref(), false)))
            .collect(),
        security: requirements(raw.security.as_deref().unwrap_or_default()),
        ..Document::default()
    };
    for (path, item) in raw.paths.paths {
        document.operations.extend(
            item.into_item()
                .into_iter()
                .flat_map(|item| operations(&path, item)),
        );
    }
    let components = raw.components.unwrap_or_default();
    for (key, raw) in &components.security_schemes {
        document
            .schemes
            .extend(raw.as_item().map(|raw| scheme(key, raw)));
    }
    for (key, raw) in components.schemas {
        let schema = placed(&key, schema_ref(raw));
        document.schemas.insert(key, schema);
    }
    Ok(document)
}

/// A component that is only a reference has no place of its own to carry; the others do.
fn placed(key: &str, schema: SchemaRef) -> SchemaRef {
    match schema {
        SchemaRef::Inline(mut schema) if schema.at == Pointer::root() => {
            schema.at = component_place("schemas", key);
            SchemaRef::Inline(schema)
        }
        other => other,
    }
}

/// Which parts of the document `openapiv3` does not read.
fn culprits(canonical: &Value, why: &serde_json::Error) -> Vec<Diag> {
    let mut found = Vec::new();
    let mut judge = |at: Pointer, result: Result<(), serde_json::Error>| {
        if let Err(why) = result {
            found.push(Diag::new(
                Code::Internal,
                &at,
                format!("the normalised form cannot be read: {why}"),
            ));
        }
    };
    for (path, item) in canonical
        .pointer("/paths")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
    {
        let read = ReferenceOr::<PathItem>::deserialize(item);
        judge(Pointer::root().join("paths").join(path), read.map(drop));
    }
    for (key, schema) in canonical
        .pointer("/components/schemas")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
    {
        let read = ReferenceOr::<RawSchema>::deserialize(schema);
        judge(component_place("schemas", key), read.map(drop));
    }
    if found.is_empty() {
        found.push(Diag::new(
            Code::Internal,
            &Pointer::root(),
            format!("the normalised form cannot be read: {why}"),
        ));
    }
    found
}
