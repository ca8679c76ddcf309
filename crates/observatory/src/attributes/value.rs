//! Values of attributes.

use crate::json;
use crate::model::{Message, Messages};
use serde_json::{Map, Number, Value};
use std::borrow::Cow;

/// The value of an attribute.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum AttributeValue<'v> {
    Text(Cow<'v, str>),
    Integer(i64),
    /// OpenTelemetry has signed integers only.
    #[cfg_attr(not(feature = "tracing"), expect(dead_code))]
    Unsigned(u64),
    Float(f64),
    Boolean(bool),
    /// A list or an object.
    Json(Value),
}

impl From<Value> for AttributeValue<'static> {
    fn from(value: Value) -> Self {
        match value {
            Value::String(text) => Self::Text(Cow::Owned(text)),
            Value::Bool(value) => Self::Boolean(value),
            value => Self::Json(value),
        }
    }
}

impl AttributeValue<'_> {
    /// Returns the value without what it borrows.
    #[cfg(feature = "tracing")]
    pub(crate) fn into_owned(self) -> AttributeValue<'static> {
        match self {
            Self::Text(text) => AttributeValue::Text(Cow::Owned(text.into_owned())),
            Self::Integer(value) => AttributeValue::Integer(value),
            Self::Unsigned(value) => AttributeValue::Unsigned(value),
            Self::Float(value) => AttributeValue::Float(value),
            Self::Boolean(value) => AttributeValue::Boolean(value),
            Self::Json(value) => AttributeValue::Json(value),
        }
    }

    /// Returns the value as text.
    pub(super) fn into_text(self) -> String {
        match self {
            Self::Text(text) => text.into_owned(),
            Self::Integer(value) => value.to_string(),
            Self::Unsigned(value) => value.to_string(),
            Self::Float(value) => value.to_string(),
            Self::Boolean(value) => value.to_string(),
            Self::Json(value) => value.to_string(),
        }
    }

    /// Returns a count, also where it is text.
    pub(super) fn as_count(&self) -> Option<u64> {
        match self {
            Self::Text(text) => text.trim().parse().ok(),
            Self::Integer(value) => u64::try_from(*value).ok(),
            Self::Unsigned(value) => Some(*value),
            // The digits after the point of a count are zero.
            Self::Float(value) => (*value >= 0.0 && value.fract() == 0.0).then_some(*value as u64),
            Self::Boolean(_) => None,
            Self::Json(value) => value.as_u64(),
        }
    }

    /// Returns a number, also where it is text.
    pub(super) fn as_number(&self) -> Option<f64> {
        match self {
            Self::Text(text) => text.trim().parse().ok(),
            Self::Integer(value) => Some(*value as f64),
            Self::Unsigned(value) => Some(*value as f64),
            Self::Float(value) => Some(*value),
            Self::Boolean(_) => None,
            Self::Json(value) => value.as_f64(),
        }
    }

    /// Returns the value unchanged.
    pub(crate) fn into_value(self) -> Value {
        match self {
            Self::Text(text) => Value::String(text.into_owned()),
            Self::Integer(value) => value.into(),
            Self::Unsigned(value) => value.into(),
            // JSON has neither infinity nor NaN.
            Self::Float(value) => Number::from_f64(value)
                .map_or_else(|| Value::String(value.to_string()), Value::Number),
            Self::Boolean(value) => value.into(),
            Self::Json(value) => value,
        }
    }

    /// Returns the list or object that the value is, or that its text spells as JSON: `tracing` has neither. Other values
    /// are unchanged, so that the text `7` stays text.
    pub(super) fn into_json(self) -> Value {
        if let Self::Text(text) = &self {
            if let Some(value) = json::parse_structure(text) {
                return value.into_value();
            }
        }
        self.into_value()
    }

    /// Returns messages, also where they are text with JSON, which is read when they are used.
    pub(super) fn to_messages(
        &self,
        parse: fn(&str) -> Vec<Message>,
        read: fn(&Value) -> Vec<Message>,
    ) -> Messages {
        match self {
            Self::Text(text) => Messages::unread(text, parse),
            Self::Json(value) => read(value).into(),
            _ => Messages::default(),
        }
    }

    /// Returns the properties of an object; of another value none.
    pub(super) fn into_object(self) -> Map<String, Value> {
        match self.into_json() {
            Value::Object(map) => map,
            _ => Map::new(),
        }
    }

    /// Returns the texts of a list; of another value the value itself.
    pub(super) fn into_texts(self) -> Vec<String> {
        match self.into_json() {
            Value::Array(items) => items
                .into_iter()
                .map(|item| match item {
                    Value::String(text) => text,
                    item => item.to_string(),
                })
                .collect(),
            Value::String(text) => vec![text],
            value => vec![value.to_string()],
        }
    }
}
