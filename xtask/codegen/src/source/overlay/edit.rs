//! The edits of a document that overlay actions make.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use crate::ir::Pointer;
use crate::source::normalize::{fact_extensions, prose_extensions};

/// Why a node cannot be edited.
pub(super) enum EditError {
    /// The node, or the key to change, does not exist.
    NotFound(String),
    /// The document would exceed a limit.
    TooLarge(String),
    /// The edit cannot be applied to this type of node.
    NotApplicable(String),
}

/// Merges `update` into the object at `at`, or appends it to the array at `at`. Returns whether the document changed.
pub(super) fn append_or_merge(
    document: &mut Value,
    at: &Pointer,
    update: &Value,
) -> Result<bool, EditError> {
    match (find_node(document, at)?, update) {
        (Value::Object(map), Value::Object(update)) => merge_object(map, update, at),
        (Value::Object(_), _) => Err(EditError::NotApplicable(
            "the `update` of an object must be an object".to_owned(),
        )),
        (Value::Array(items), item) => {
            items.push(item.clone());
            Ok(true)
        }
        _ => Err(EditError::NotApplicable(
            "only objects and arrays can be updated; select the parent of the value".to_owned(),
        )),
    }
}

/// Merges members recursively: objects are merged, arrays are appended, other values are replaced.
///
/// Documentation for a member that does not exist is an error, since it would create that member.
fn merge_object(
    object: &mut Map<String, Value>,
    update: &Map<String, Value>,
    at: &Pointer,
) -> Result<bool, EditError> {
    let mut has_changed = false;
    for (key, value) in update {
        has_changed |= match (object.get_mut(key), value) {
            (Some(Value::Object(old)), Value::Object(new)) => {
                merge_object(old, new, &at.join(key))?
            }
            (Some(Value::Array(old)), Value::Array(new)) => {
                old.extend(new.iter().cloned());
                !new.is_empty()
            }
            (Some(old), new) if old == new => false,
            (None, Value::Object(new)) if is_documentation(new) => {
                let message = format!("{} does not exist", at.join(key));
                return Err(EditError::NotFound(message));
            }
            _ => {
                object.insert(key.clone(), value.clone());
                true
            }
        };
    }
    Ok(has_changed)
}

/// Returns whether an object only documents nodes and defines none: a path with the summaries of its operations, too.
fn is_documentation(object: &Map<String, Value>) -> bool {
    const KEYS: &[&str] = &["summary", "description", "title", "deprecated", "format"];
    let mut members = object.iter();
    !object.is_empty()
        && members.all(|(key, value)| match value {
            Value::Object(inner) => is_documentation(inner),
            _ => {
                let mut extensions = fact_extensions().chain(prose_extensions());
                KEYS.contains(&key.as_str()) || extensions.any(|known| known == key)
            }
        })
}

/// Removes the node at `at`. The order of the other nodes does not change.
pub(super) fn remove_node(document: &mut Value, at: &Pointer) -> Result<bool, EditError> {
    let Some((parent, token)) = at.0.rsplit_once('/') else {
        return Err(EditError::NotApplicable(
            "the root of the document cannot be removed".to_owned(),
        ));
    };
    match find_node(document, &Pointer(parent.to_owned()))? {
        Value::Object(map) => Ok(map.shift_remove(&unescape(token)).is_some()),
        Value::Array(items) => {
            let index = token.parse().ok().filter(|index| *index < items.len());
            Ok(index.map(|index: usize| items.remove(index)).is_some())
        }
        _ => Ok(false),
    }
}

/// Renames keys of the object at `at`. The members keep their position.
pub(super) fn rename_keys(
    document: &mut Value,
    at: &Pointer,
    keys: &[(String, String)],
) -> Result<bool, EditError> {
    let Value::Object(object) = find_node(document, at)? else {
        return Err(EditError::NotApplicable(
            "only the keys of an object can be renamed".to_owned(),
        ));
    };
    if let Some((old, _)) = keys.iter().find(|(old, _)| !object.contains_key(old)) {
        return Err(EditError::NotFound(format!(
            "the key `{old}` to rename does not exist"
        )));
    }
    let new_keys: BTreeMap<&str, &str> = keys
        .iter()
        .map(|(old, new)| (old.as_str(), new.as_str()))
        .collect();
    let mut taken = BTreeSet::new();
    let renamed = |key: &str| new_keys.get(key).copied().map(str::to_owned);
    for key in object.keys() {
        let new = renamed(key).unwrap_or_else(|| key.clone());
        if let Some(new) = taken.replace(new) {
            return Err(EditError::NotApplicable(format!(
                "the object would have two keys `{new}`"
            )));
        }
    }
    let members = std::mem::take(object).into_iter();
    *object = members
        .map(|(key, value)| (renamed(&key).unwrap_or(key), value))
        .collect();
    Ok(keys.iter().any(|(old, new)| old != new))
}

fn find_node<'v>(document: &'v mut Value, at: &Pointer) -> Result<&'v mut Value, EditError> {
    let node = at.value_in_mut(document);
    node.ok_or_else(|| EditError::NotFound(format!("{at} does not exist any more")))
}

fn unescape(token: &str) -> String {
    token.replace("~1", "/").replace("~0", "~")
}
