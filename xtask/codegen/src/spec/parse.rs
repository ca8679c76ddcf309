//! From the canonical JSON to the typed tree.

use openapiv3::{OpenAPI, PathItem, ReferenceOr, Schema as RawSchema};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::api::{component_place, described, operations, requirements, scheme, server};
use super::schema::schema_ref;
use super::{Document, SchemaRef};
use crate::diag::{Code, Diagnostic, Error};
use crate::ir::{Docs, Pointer};

/// Reads a canonical document, part by part: what has been read needs no memory while the next part is.
///
/// # Errors
/// `normalize` has told every fault of the document, so a failure here is the generator's own; it names the path or
/// the component that `openapiv3` would not read.
pub fn parse(mut canonical: Value) -> Result<Document, Error> {
    let paths = taken(canonical.get_mut("paths"));
    let schemas = taken(canonical.pointer_mut("/components/schemas"));
    let mut faults = Vec::new();
    let Some(mut document) = read(canonical, Pointer::root, &mut faults).map(frame) else {
        return Err(Error::from_diagnostics(faults));
    };
    for (path, item) in paths {
        let at = || Pointer::root().join("paths").join(&path);
        let item = read::<ReferenceOr<PathItem>>(item, at, &mut faults);
        let item = item.and_then(ReferenceOr::into_item);
        document
            .operations
            .extend(item.into_iter().flat_map(|item| operations(&path, item)));
    }
    for (key, schema) in schemas {
        let at = || component_place("schemas", &key);
        if let Some(raw) = read::<ReferenceOr<RawSchema>>(schema, at, &mut faults) {
            let schema = placed(&key, schema_ref(raw));
            document.schemas.insert(key, schema);
        }
    }
    match faults.is_empty() {
        true => Ok(document),
        false => Err(Error::from_diagnostics(faults)),
    }
}

/// The members of an object, which are not there any more.
fn taken(object: Option<&mut Value>) -> Map<String, Value> {
    let object = object.and_then(Value::as_object_mut);
    object.map(std::mem::take).unwrap_or_default()
}

/// A part of the document as `openapiv3` reads it.
fn read<T: DeserializeOwned>(
    value: Value,
    at: impl FnOnce() -> Pointer,
    faults: &mut Vec<Diagnostic>,
) -> Option<T> {
    let told = |why: serde_json::Error| {
        let message = format!("the normalized form cannot be read: {why}");
        faults.push(Diagnostic::new(Code::Internal, &at(), message));
    };
    T::deserialize(&value).map_err(told).ok()
}

/// The document without its operations and schemas.
fn frame(raw: OpenAPI) -> Document {
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
    for (key, raw) in &raw.components.unwrap_or_default().security_schemes {
        document
            .schemes
            .extend(raw.as_item().map(|raw| scheme(key, raw)));
    }
    document
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
