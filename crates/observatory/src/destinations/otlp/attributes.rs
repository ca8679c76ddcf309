//! Attributes of spans, as OTLP has them.

use serde_json::Value;
use std::borrow::Cow;
use std::collections::HashSet;

/// The value of an attribute.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum AttributeValue {
    /// Text.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// A number.
    Number(f64),
    /// True or false.
    Boolean(bool),
    /// A list of texts.
    Texts(Vec<String>),
}

/// Names and values, in the order in which they were added.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Attributes(Vec<(Cow<'static, str>, AttributeValue)>);

impl Attributes {
    /// Iterates over names and values.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &AttributeValue)> {
        self.0.iter().map(|(name, value)| (name.as_ref(), value))
    }

    /// Iterates over names and values without copying them.
    pub(super) fn into_iter(self) -> impl Iterator<Item = (Cow<'static, str>, AttributeValue)> {
        self.0.into_iter()
    }

    /// Adds a value.
    pub(super) fn set(&mut self, name: impl Into<Cow<'static, str>>, value: AttributeValue) {
        self.0.push((name.into(), value));
    }

    /// Removes all but the first value of each name.
    pub(super) fn keep_first(&mut self) {
        let mut names = HashSet::new();
        self.0.retain(|(name, _)| names.insert(name.clone()));
    }

    /// Adds a text, where it is known.
    pub(super) fn text(
        &mut self,
        name: impl Into<Cow<'static, str>>,
        text: Option<impl Into<String>>,
    ) {
        if let Some(text) = text {
            self.set(name, AttributeValue::Text(text.into()));
        }
    }

    /// Adds a count, where it is known.
    pub(super) fn count(&mut self, name: impl Into<Cow<'static, str>>, count: Option<u64>) {
        if let Some(count) = count {
            let count = i64::try_from(count).unwrap_or(i64::MAX);
            self.set(name, AttributeValue::Integer(count));
        }
    }

    /// Adds a number, where it is known. NaN and infinities have no JSON form and are left out.
    pub(super) fn number(&mut self, name: impl Into<Cow<'static, str>>, number: Option<f64>) {
        if let Some(number) = number.filter(|number| number.is_finite()) {
            self.set(name, AttributeValue::Number(number));
        }
    }

    /// Adds a list of texts, unless it is empty.
    pub(super) fn texts(&mut self, name: impl Into<Cow<'static, str>>, texts: Vec<String>) {
        if !texts.is_empty() {
            self.set(name, AttributeValue::Texts(texts));
        }
    }

    /// Adds a JSON value in the form that fits it best: lists of other things than texts and objects are JSON text. Null
    /// is left out.
    pub(super) fn json(&mut self, name: impl Into<Cow<'static, str>>, value: &Value) {
        let value = match value {
            Value::Null => return,
            Value::Bool(value) => AttributeValue::Boolean(*value),
            Value::String(text) => AttributeValue::Text(text.clone()),
            Value::Number(number) => match (number.as_i64(), number.as_f64()) {
                (Some(integer), _) => AttributeValue::Integer(integer),
                (None, Some(number)) => AttributeValue::Number(number),
                (None, None) => AttributeValue::Text(number.to_string()),
            },
            Value::Array(items) => match items.iter().map(as_text).collect() {
                Some(texts) => AttributeValue::Texts(texts),
                None => AttributeValue::Text(value.to_string()),
            },
            Value::Object(_) => AttributeValue::Text(value.to_string()),
        };
        self.set(name, value);
    }
}

fn as_text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}
