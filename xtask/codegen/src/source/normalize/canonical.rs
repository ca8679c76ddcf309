//! Building blocks of canonical documents.

use serde_json::Value;

use crate::ir::Pointer;

/// A JSON object.
pub(super) type Object = serde_json::Map<String, Value>;

/// The key under which a canonical node stores its pointer in the source document.
pub(super) const AT_KEY: &str = "x-at";

/// The key of `defaultMapping` in a discriminator.
pub(super) const DEFAULT_MAPPING_KEY: &str = "x-default-mapping";

/// Returns an object that stores `at` as its source pointer.
pub(super) fn canonical_node(at: &Pointer) -> Object {
    let mut out = Object::new();
    out.insert(AT_KEY.to_owned(), at.0.clone().into());
    out
}

/// Returns the source pointer of a canonical node.
pub(super) fn source_pointer(node: &Value) -> Option<&str> {
    node.get(AT_KEY).and_then(Value::as_str)
}

/// Returns whether a member stores the source pointer of its object. A property may have the same key.
pub(super) fn is_source_pointer(key: &str, value: &Value) -> bool {
    key == AT_KEY && value.is_string()
}

/// Inserts `value` if it is `Some`.
pub(super) fn insert_some(out: &mut Object, key: &str, value: Option<impl Into<Value>>) {
    if let Some(value) = value {
        out.insert(key.to_owned(), value.into());
    }
}
