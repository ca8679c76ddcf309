//! Walks the nodes of a document that may be schemas.

use serde_json::Value;

use crate::ir::Pointer;

/// Keys whose value is data: what looks like a keyword in it is none.
const DATA: &[&str] = &["const", "default", "enum", "example", "examples"];

/// Keys whose value maps names to schemas: a name may equal a keyword.
const NAME_MAPS: &[&str] = &[
    "$defs",
    "definitions",
    "dependentSchemas",
    "patternProperties",
    "properties",
    "schemas",
];

/// Returns whether the members of an object are named by the document and not by a specification.
pub(super) fn has_names(at: &Pointer) -> bool {
    let mut tokens = at.0.rsplit('/');
    let key = tokens.next().unwrap_or_default();
    let parent = tokens.next().unwrap_or_default();
    NAME_MAPS.contains(&key) && !NAME_MAPS.contains(&parent)
}

/// Returns whether a member is neither a schema nor contains one.
pub(super) fn is_data(at: &Pointer, key: &str) -> bool {
    DATA.contains(&key) && !has_names(at)
}

/// Visits the objects and arrays in a value, sorted by key.
pub(super) fn for_each_child<'d>(
    value: &'d Value,
    at: &Pointer,
    mut visit: impl FnMut(&'d Value, &Pointer),
) {
    for key in child_keys(value, at) {
        let child = match &key {
            Key::Name(name) => value.get(name),
            Key::Index(index) => value.get(index),
        };
        if let Some(child) = child {
            visit(child, &key.below(at));
        }
    }
}

/// Visits the objects and arrays in a value that is changed, sorted by key.
pub(super) fn for_each_child_mut(
    value: &mut Value,
    at: &Pointer,
    mut visit: impl FnMut(&mut Value, &Pointer),
) {
    for key in child_keys(value, at) {
        let child = match &key {
            Key::Name(name) => value.get_mut(name),
            Key::Index(index) => value.get_mut(index),
        };
        if let Some(child) = child {
            visit(child, &key.below(at));
        }
    }
}

/// The place of a value in an object or an array.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Name(String),
    Index(usize),
}

impl Key {
    fn below(&self, at: &Pointer) -> Pointer {
        match self {
            Self::Name(name) => at.join(name),
            Self::Index(index) => at.join(&index.to_string()),
        }
    }
}

/// Returns the keys of the objects and arrays in a value, in order.
fn child_keys(value: &Value, at: &Pointer) -> Vec<Key> {
    let is_container = |value: &Value| value.is_object() || value.is_array();
    match value {
        Value::Object(object) => {
            let children = object.iter();
            let children = children.filter(|(key, child)| is_container(child) && !is_data(at, key));
            let mut keys: Vec<Key> = children.map(|(key, _)| Key::Name(key.clone())).collect();
            keys.sort();
            keys
        }
        Value::Array(items) => {
            let items = items.iter().enumerate();
            let children = items.filter(|(_, child)| is_container(child));
            children.map(|(index, _)| Key::Index(index)).collect()
        }
        _ => Vec::new(),
    }
}

/// Returns the schema with an anchor in a value.
pub(super) fn find_anchor(value: &Value, at: &Pointer, name: &str) -> Option<Pointer> {
    let is_anchor = |key: &str| value.get(key).and_then(Value::as_str) == Some(name);
    if ["$anchor", "$dynamicAnchor"].into_iter().any(is_anchor) {
        return Some(at.clone());
    }
    let mut found = None;
    for_each_child(value, at, |child, at| {
        if found.is_none() {
            found = find_anchor(child, at, name);
        }
    });
    found
}
