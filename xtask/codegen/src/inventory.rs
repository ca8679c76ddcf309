//! Counts the operations and schemas of a document without the other passes, so that an operation that a pass loses
//! is detected.

use std::borrow::Cow;
use std::collections::BTreeSet;

use serde_json::Value;

use crate::ir::{Method, Pointer};

/// The maximum number of references in a chain of path items.
const MAX_REFERENCES: usize = 8;

/// Returns a path without the names of its variables, which later passes may change.
pub fn erase_path_variables(path: &str) -> String {
    let mut parts = path.split('{');
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        out.push_str("{}");
        out.push_str(part.split_once('}').map_or(part, |(_, rest)| rest));
    }
    out
}

/// Returns a path that starts with `/`, as later passes write it.
pub fn absolute_path(path: &str) -> Cow<'_, str> {
    match path.starts_with('/') {
        true => Cow::Borrowed(path),
        false => Cow::Owned(format!("/{path}")),
    }
}

/// Returns path, method key (`get`) and pointer of every operation of a document that is not normalized.
pub fn list_operations(document: &Value) -> Vec<(&str, &str, Pointer)> {
    let root = Pointer::root().join("paths");
    let mut found = Vec::new();
    let paths = document
        .get("paths")
        .and_then(Value::as_object)
        .into_iter()
        .flatten();
    for (path, item) in paths.filter(|(path, _)| !path.starts_with("x-")) {
        let at = root.join(path);
        let target = resolve_path_item(document, item);
        let layers = [Some(item), target];
        let mut keys: BTreeSet<(&str, bool)> = BTreeSet::new();
        for layer in layers.into_iter().flatten() {
            let members = layer
                .as_object()
                .into_iter()
                .flat_map(serde_json::Map::keys);
            let is_method = |key: &&String| Method::ALL.iter().any(|method| method.key() == *key);
            keys.extend(members.filter(is_method).map(|key| (key.as_str(), false)));
            let additional = layer.get("additionalOperations").and_then(Value::as_object);
            let additional = additional.into_iter().flat_map(serde_json::Map::keys);
            keys.extend(additional.map(|key| (key.as_str(), true)));
        }
        for (key, is_additional) in keys {
            let parent = match is_additional {
                true => at.join("additionalOperations"),
                false => at.clone(),
            };
            found.push((path.as_str(), key, parent.join(key)));
        }
    }
    found
}

/// Returns the path item that `item` refers to, if it is a reference.
fn resolve_path_item<'d>(document: &'d Value, mut item: &'d Value) -> Option<&'d Value> {
    let mut target = None;
    for _ in 0..MAX_REFERENCES {
        let Some(pointer) = item.get("$ref").and_then(Value::as_str) else {
            break;
        };
        item = document.pointer(pointer.strip_prefix('#')?)?;
        target = Some(item);
    }
    target
}

/// Returns the keys of the component schemas of a document that is not normalized.
pub fn list_schemas(document: &Value) -> impl Iterator<Item = &str> {
    let schemas = document
        .pointer("/components/schemas")
        .and_then(Value::as_object);
    schemas
        .into_iter()
        .flat_map(serde_json::Map::keys)
        .map(String::as_str)
}
