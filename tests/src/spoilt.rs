//! Good bodies made bad in one place, to see that a judge sees it.

use serde_json::Value;

/// What is done to a good body, and what the judge has to say about it.
#[derive(Clone, Debug)]
pub struct Spoilt {
    /// Where: a JSON pointer.
    pub at: &'static str,
    /// What the judge says: `place: rule`.
    pub says: &'static str,
    with: Option<Value>,
}

impl Spoilt {
    /// Without the field.
    pub fn missing(at: &'static str, says: &'static str) -> Self {
        Self {
            at,
            says,
            with: None,
        }
    }

    /// With something else there.
    pub fn wrong(at: &'static str, with: Value, says: &'static str) -> Self {
        Self {
            at,
            says,
            with: Some(with),
        }
    }

    /// The body, spoilt.
    pub fn of(&self, body: &Value) -> Value {
        let mut body = body.clone();
        let (parent, key) = self.at.rsplit_once('/').unwrap();
        let fields = body.pointer_mut(parent).and_then(Value::as_object_mut);
        let fields = fields.unwrap_or_else(|| panic!("there is no object at {parent}"));
        let before = match &self.with {
            Some(value) => fields.insert(key.to_owned(), value.clone()),
            None => fields.remove(key),
        };
        assert!(before.is_some(), "there is nothing at {}", self.at);
        body
    }
}
