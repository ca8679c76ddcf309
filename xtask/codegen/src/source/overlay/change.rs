//! What an action does to a node.

use serde_json::{Map, Value};

use crate::ir::Pointer;

/// Why a node cannot be changed.
pub(super) enum Refusal {
    /// What should be changed is not there.
    Missing(String),
    /// The node is of another kind than the change.
    Unfit(String),
}

/// Merges `update` into the node at `place`; an array takes it as one more item. Says whether that made a difference.
pub(super) fn merge_into(
    document: &mut Value,
    place: &Pointer,
    update: &Value,
) -> Result<bool, Refusal> {
    match (node(document, place)?, update) {
        (Value::Object(map), Value::Object(update)) => merge(map, update),
        (Value::Object(_), _) => Err(Refusal::Unfit("an object takes an object".to_owned())),
        (Value::Array(items), item) => {
            items.push(item.clone());
            Ok(true)
        }
        _ => Err(Refusal::Unfit(
            "only objects and arrays can be updated; target what holds the value".to_owned(),
        )),
    }
}

/// Objects merge, arrays append, anything else is replaced. Words for something that is not there would make it up.
fn merge(map: &mut Map<String, Value>, update: &Map<String, Value>) -> Result<bool, Refusal> {
    let mut changed = false;
    for (key, value) in update {
        changed |= match (map.get_mut(key), value) {
            (Some(Value::Object(old)), Value::Object(new)) => merge(old, new)?,
            (Some(Value::Array(old)), Value::Array(new)) => {
                old.extend(new.iter().cloned());
                !new.is_empty()
            }
            (Some(old), new) if old == new => false,
            (None, Value::Object(new)) if only_words(new) => {
                return Err(Refusal::Missing(format!("there is no `{key}` to describe")));
            }
            _ => {
                map.insert(key.clone(), value.clone());
                true
            }
        };
    }
    Ok(changed)
}

/// Whether an object says something about a thing, and nothing of what it is.
fn only_words(object: &Map<String, Value>) -> bool {
    const WORDS: &[&str] = &["summary", "description", "title", "deprecated", "format"];
    !object.is_empty() && object.keys().all(|key| WORDS.contains(&key.as_str()))
}

/// Removes the node at `place`; the order of what remains stays.
pub(super) fn remove(document: &mut Value, place: &Pointer) -> Result<bool, Refusal> {
    let Some((parent, token)) = place.0.rsplit_once('/') else {
        return Err(Refusal::Unfit(
            "the whole document cannot be removed".to_owned(),
        ));
    };
    match node(document, &Pointer(parent.to_owned()))? {
        Value::Object(map) => Ok(map.shift_remove(&unescaped(token)).is_some()),
        Value::Array(items) => {
            let index = token.parse().ok().filter(|index| *index < items.len());
            Ok(index.map(|index: usize| items.remove(index)).is_some())
        }
        _ => Ok(false),
    }
}

/// Renames keys of the object at `place`, each where it stands.
pub(super) fn rename_keys(
    document: &mut Value,
    place: &Pointer,
    names: &[(String, String)],
) -> Result<bool, Refusal> {
    let Value::Object(map) = node(document, place)? else {
        return Err(Refusal::Unfit(
            "only an object has keys to rename".to_owned(),
        ));
    };
    if let Some((old, _)) = names.iter().find(|(old, _)| !map.contains_key(old)) {
        return Err(Refusal::Missing(format!(
            "there is no key `{old}` to rename"
        )));
    }
    let taken = |new: &String| map.contains_key(new) && !names.iter().any(|(old, _)| old == new);
    let twice = |new: &String| names.iter().filter(|(_, other)| other == new).count() > 1;
    if let Some((_, new)) = names.iter().find(|(_, new)| taken(new) || twice(new)) {
        return Err(Refusal::Unfit(format!("there would be two keys `{new}`")));
    }
    let entries = std::mem::take(map).into_iter();
    *map = entries
        .map(|(key, value)| {
            let new = names.iter().find(|(old, _)| *old == key);
            (new.map_or(key, |(_, new)| new.clone()), value)
        })
        .collect();
    Ok(names.iter().any(|(old, new)| old != new))
}

fn node<'v>(document: &'v mut Value, place: &Pointer) -> Result<&'v mut Value, Refusal> {
    let found = document.pointer_mut(place.0.trim_start_matches('#'));
    found.ok_or_else(|| Refusal::Missing(format!("{place} is gone")))
}

fn unescaped(token: &str) -> String {
    token.replace("~1", "/").replace("~0", "~")
}
