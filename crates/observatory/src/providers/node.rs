//! JSON that messages are read from.

use serde_json::Value;

/// A node of a JSON tree.
pub(crate) trait JsonNode: Sized {
    /// Returns a property of an object.
    fn property(&self, name: &str) -> Option<&Self>;

    /// Returns the text of a string.
    fn as_text(&self) -> Option<&str>;

    /// Returns the items of an array.
    fn items(&self) -> Option<&[Self]>;

    /// Returns whether this is an object.
    fn is_object(&self) -> bool;

    /// Returns a copy.
    fn to_value(&self) -> Value;
}

impl JsonNode for Value {
    fn property(&self, name: &str) -> Option<&Self> {
        self.get(name)
    }

    fn as_text(&self) -> Option<&str> {
        self.as_str()
    }

    fn items(&self) -> Option<&[Self]> {
        self.as_array().map(Vec::as_slice)
    }

    fn is_object(&self) -> bool {
        self.is_object()
    }

    fn to_value(&self) -> Value {
        self.clone()
    }
}
