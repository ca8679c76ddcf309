//! Invalid request bodies: a valid one with one change, to check that a validator detects it.

use serde_json::Value;

/// One change that makes a body invalid, and the violation that a validator must report.
#[derive(Clone, Debug)]
pub struct InvalidBody {
    /// JSON pointer to the changed property.
    pub pointer: &'static str,
    /// The expected violation: `place: rule`.
    pub violation: &'static str,
    replacement: Option<Value>,
}

impl InvalidBody {
    /// Removes the property.
    pub fn without(pointer: &'static str, violation: &'static str) -> Self {
        Self {
            pointer,
            violation,
            replacement: None,
        }
    }

    /// Replaces the property's value.
    pub fn with(pointer: &'static str, value: Value, violation: &'static str) -> Self {
        Self {
            pointer,
            violation,
            replacement: Some(value),
        }
    }

    /// Returns a copy of the valid body with the change.
    ///
    /// # Panics
    /// If the valid body does not have the property.
    pub fn apply(&self, valid: &Value) -> Value {
        let mut body = valid.clone();
        let (parent, key) = self.pointer.rsplit_once('/').unwrap();
        let fields = body.pointer_mut(parent).and_then(Value::as_object_mut);
        let fields = fields.unwrap_or_else(|| panic!("no object at {parent}"));
        let previous = match &self.replacement {
            Some(value) => fields.insert(key.to_owned(), value.clone()),
            None => fields.remove(key),
        };
        assert!(previous.is_some(), "no property at {}", self.pointer);
        body
    }
}
