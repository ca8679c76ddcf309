//! The operations and schemas of a document, counted without the help of the stages, so that a stage that loses one is
//! found out.

use serde_json::Value;

use crate::ir::Pointer;

/// Returns a path without the names of its variables, which later stages may respell.
pub fn erase_path_variables(path: &str) -> String {
    let mut pieces = path.split('{');
    let mut out = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        out.push_str("{}");
        out.push_str(piece.split_once('}').map_or(piece, |(_, rest)| rest));
    }
    out
}

/// The operations of a document as it stands, counted with nothing else's help: path, method and place.
pub fn list_operations(document: &Value) -> Vec<(&str, &str, Pointer)> {
    const METHODS: &[&str] = &[
        "get", "put", "post", "delete", "options", "head", "patch", "trace",
    ];
    let root = Pointer::root().join("paths");
    let mut found = Vec::new();
    let paths = document
        .get("paths")
        .and_then(Value::as_object)
        .into_iter()
        .flatten();
    for (path, item) in paths.filter(|(path, _)| !path.starts_with("x-")) {
        let at = root.join(path);
        let own = item.as_object().into_iter().flat_map(serde_json::Map::keys);
        let referred = referred(document, item)
            .and_then(Value::as_object)
            .into_iter()
            .flat_map(serde_json::Map::keys);
        let mut keys: Vec<&str> = own
            .chain(referred)
            .map(String::as_str)
            .filter(|key| METHODS.contains(key))
            .collect();
        keys.sort_unstable();
        keys.dedup();
        found.extend(
            keys.into_iter()
                .map(|key| (path.as_str(), key, at.join(key))),
        );
    }
    found
}

/// The path item that another one refers to; chains of references are followed as far as anyone writes them.
fn referred<'d>(document: &'d Value, mut item: &'d Value) -> Option<&'d Value> {
    let mut found = None;
    for _ in 0..8 {
        let Some(pointer) = item.get("$ref").and_then(Value::as_str) else {
            break;
        };
        item = document.pointer(pointer.strip_prefix('#')?)?;
        found = Some(item);
    }
    found
}

/// The keys of the component schemas of a document as it stands.
pub fn list_schemas(document: &Value) -> impl Iterator<Item = &str> {
    let schemas = document
        .pointer("/components/schemas")
        .and_then(Value::as_object);
    schemas
        .into_iter()
        .flat_map(serde_json::Map::keys)
        .map(String::as_str)
}
