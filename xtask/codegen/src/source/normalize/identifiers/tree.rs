//! Walks the nodes of a document that may be schemas.

use serde_json::Value;

use crate::ir::Pointer;
use crate::source::normalize::resolve::pointer_tokens;

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

/// Returns the node at a pointer.
pub(super) fn node_at<'d>(root: &'d Value, at: &Pointer) -> Option<&'d Value> {
    let mut node = root;
    for token in pointer_tokens(&at.0) {
        node = match node {
            Value::Object(object) => object.get(&token)?,
            Value::Array(items) => items.get(token.parse::<usize>().ok()?)?,
            _ => return None,
        };
    }
    Some(node)
}

/// Visits the objects and arrays in a value, sorted by key.
pub(super) fn for_each_child<'d>(
    value: &'d Value,
    at: &Pointer,
    mut visit: impl FnMut(&'d Value, &Pointer),
) {
    match value {
        Value::Object(object) => {
            let children = object.iter();
            let mut children: Vec<_> = children
                .filter(|(key, child)| is_container(child) && !is_data(at, key))
                .collect();
            children.sort_by_key(|(key, _)| *key);
            for (key, child) in children {
                visit(child, &at.join(key));
            }
        }
        Value::Array(items) => {
            let items = items.iter().enumerate();
            for (i, child) in items.filter(|(_, child)| is_container(child)) {
                visit(child, &at.join(&i.to_string()));
            }
        }
        _ => {}
    }
}

/// Visits the objects and arrays in a value that is changed, sorted by key.
pub(super) fn for_each_child_mut(
    value: &mut Value,
    at: &Pointer,
    mut visit: impl FnMut(&mut Value, &Pointer),
) {
    match value {
        Value::Object(object) => {
            let children = object.iter_mut();
            let mut children: Vec<_> = children
                .filter(|(key, child)| is_container(child) && !is_data(at, key))
                .collect();
            children.sort_by_key(|(key, _)| *key);
            for (key, child) in children {
                visit(child, &at.join(key));
            }
        }
        Value::Array(items) => {
            let items = items.iter_mut().enumerate();
            for (i, child) in items.filter(|(_, child)| is_container(child)) {
                visit(child, &at.join(&i.to_string()));
            }
        }
        _ => {}
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

fn is_container(value: &Value) -> bool {
    value.is_object() || value.is_array()
}
