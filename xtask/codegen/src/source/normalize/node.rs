//! Nodes of the source document.

use serde_json::Value;

use crate::ir::Pointer;

/// A value of the source document, with its pointer.
#[derive(Clone)]
pub(super) struct Node<'d> {
    pub(super) value: &'d Value,
    pub(super) at: Pointer,
}

impl<'d> Node<'d> {
    pub(super) fn new(value: &'d Value, at: Pointer) -> Self {
        Self { value, at }
    }

    /// Returns the member `key`. A null counts as absent, since YAML parses `key:` as null.
    pub(super) fn get(&self, key: &str) -> Option<Self> {
        self.get_or_null(key).filter(|node| !node.value.is_null())
    }

    /// Returns the member `key`, even if it is null.
    pub(super) fn get_or_null(&self, key: &str) -> Option<Self> {
        let value = member(self.value, key)?;
        Some(Self::new(value, self.at.join(key)))
    }

    /// Returns the member `key` as [`get`](Self::get) does, without building its pointer.
    pub(super) fn get_value(&self, key: &str) -> Option<&'d Value> {
        member(self.value, key).filter(|value| !value.is_null())
    }

    /// Returns the members of an object, sorted by key; nothing for other types.
    ///
    /// The order of keys has no meaning in JSON, so it must not change the generated code.
    pub(super) fn sorted_entries(&self) -> impl Iterator<Item = (&'d str, Self)> + use<'d> {
        let at = self.at.clone();
        let mut entries: Vec<_> = self.value.as_object().into_iter().flatten().collect();
        entries.sort_by_key(|(key, _)| *key);
        entries
            .into_iter()
            .map(move |(key, value)| (key.as_str(), Self::new(value, at.join(key))))
    }

    /// Returns the items of an array; nothing for other types.
    pub(super) fn items(&self) -> impl Iterator<Item = Self> + use<'d> {
        let at = self.at.clone();
        let items = self.value.as_array().into_iter().flatten().enumerate();
        items.map(move |(i, value)| Self::new(value, at.join(&i.to_string())))
    }

    /// Returns the member `$ref`.
    pub(super) fn reference_node(&self) -> Option<Self> {
        self.get_or_null("$ref")
    }
}

/// The largest object in which a linear search is faster than a lookup by hash.
const LINEAR_SEARCH_LIMIT: usize = 8;

/// Returns the member `key` of an object.
fn member<'d>(value: &'d Value, key: &str) -> Option<&'d Value> {
    let object = value.as_object()?;
    if object.len() > LINEAR_SEARCH_LIMIT {
        return object.get(key);
    }
    let mut members = object.iter();
    members.find_map(|(name, value)| (name == key).then_some(value))
}

/// Returns the JSON type of a value with its article, for messages.
pub(super) fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

/// Returns a string, number or boolean as text.
pub(super) fn scalar_to_string(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(value) => Some(value.to_string()),
        _ => None,
    }
}
