//! Attributes of spans, as OTLP has them.

use serde_json::Value;
use std::borrow::Cow;
use std::collections::HashSet;

/// The value of an attribute.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum AttributeValue<'a> {
    /// Text.
    Text(Cow<'a, str>),
    /// A whole number.
    Integer(i64),
    /// A number.
    Number(f64),
    /// True or false.
    Boolean(bool),
    /// A list of texts.
    Texts(Vec<Cow<'a, str>>),
}

impl AttributeValue<'_> {
    fn into_owned(self) -> AttributeValue<'static> {
        match self {
            Self::Text(text) => AttributeValue::Text(into_owned(text)),
            Self::Integer(integer) => AttributeValue::Integer(integer),
            Self::Number(number) => AttributeValue::Number(number),
            Self::Boolean(boolean) => AttributeValue::Boolean(boolean),
            Self::Texts(texts) => {
                AttributeValue::Texts(texts.into_iter().map(into_owned).collect())
            }
        }
    }
}

/// Copies a borrowed text.
pub(super) fn into_owned(text: Cow<'_, str>) -> Cow<'static, str> {
    Cow::Owned(text.into_owned())
}

/// Names and values, in the order in which they were added. They borrow from the records.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Attributes<'a>(Vec<(Cow<'a, str>, AttributeValue<'a>)>);

impl<'a> Attributes<'a> {
    /// Returns an empty list, with memory for the attributes that a model call usually has.
    pub(super) fn of_span() -> Self {
        Self(Vec::with_capacity(24))
    }

    /// Iterates over names and values.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &AttributeValue<'a>)> {
        self.0.iter().map(|(name, value)| (name.as_ref(), value))
    }

    /// Returns the same names and values, copied.
    pub(super) fn into_owned(self) -> Attributes<'static> {
        let pairs = self.0.into_iter();
        let pairs = pairs.map(|(name, value)| (into_owned(name), value.into_owned()));
        Attributes(pairs.collect())
    }

    /// Adds a value.
    pub(super) fn set(&mut self, name: impl Into<Cow<'a, str>>, value: AttributeValue<'a>) {
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
        name: impl Into<Cow<'a, str>>,
        text: Option<impl Into<Cow<'a, str>>>,
    ) {
        if let Some(text) = text {
            self.set(name, AttributeValue::Text(text.into()));
        }
    }

    /// Adds a count, where it is known.
    pub(super) fn count(&mut self, name: impl Into<Cow<'a, str>>, count: Option<u64>) {
        if let Some(count) = count {
            let count = i64::try_from(count).unwrap_or(i64::MAX);
            self.set(name, AttributeValue::Integer(count));
        }
    }

    /// Adds a number, where it is known. NaN and infinities have no JSON form and are left out.
    pub(super) fn number(&mut self, name: impl Into<Cow<'a, str>>, number: Option<f64>) {
        if let Some(number) = number.filter(|number| number.is_finite()) {
            self.set(name, AttributeValue::Number(number));
        }
    }

    /// Adds a list of texts, unless it is empty.
    pub(super) fn texts(&mut self, name: impl Into<Cow<'a, str>>, texts: Vec<Cow<'a, str>>) {
        if !texts.is_empty() {
            self.set(name, AttributeValue::Texts(texts));
        }
    }

    /// Adds a JSON value in the form that fits it best: lists of other things than texts and objects are JSON text. Null
    /// is left out.
    pub(super) fn json(&mut self, name: impl Into<Cow<'a, str>>, value: &'a Value) {
        let value = match value {
            Value::Null => return,
            Value::Bool(value) => AttributeValue::Boolean(*value),
            Value::String(text) => AttributeValue::Text(text.into()),
            Value::Number(number) => match (number.as_i64(), number.as_f64()) {
                (Some(integer), _) => AttributeValue::Integer(integer),
                (None, Some(number)) => AttributeValue::Number(number),
                (None, None) => AttributeValue::Text(number.to_string().into()),
            },
            Value::Array(items) => match items.iter().map(as_text).collect() {
                Some(texts) => AttributeValue::Texts(texts),
                None => AttributeValue::Text(value.to_string().into()),
            },
            Value::Object(_) => AttributeValue::Text(value.to_string().into()),
        };
        self.set(name, value);
    }
}

fn as_text(value: &Value) -> Option<Cow<'_, str>> {
    value.as_str().map(Cow::Borrowed)
}
