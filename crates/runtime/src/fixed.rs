//! Properties with one possible value.

use serde_core::de::{DeserializeSeed, Deserializer};
use serde_core::ser::{Serialize, Serializer};
use serde_json::Value;

use crate::wire::content::{Any, Content, Handler};

/// A property that has one possible value, such as the `type` of a span: nobody fills it in.
///
/// What came from a server goes back as it came: a property that was absent stays absent, and a value that is not the
/// documented one is kept.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Fixed {
    /// The value that the API documents.
    #[default]
    Expected,
    /// No property.
    Absent,
    /// A value that the API does not document.
    Other(Box<Value>),
}

/// The one possible value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Literal {
    /// `null`.
    Null,
    /// `true`, `false`.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Text.
    Str(&'static str),
}

impl Literal {
    /// Whether `content` is this value.
    pub(crate) fn is(self, content: &Content<'_>) -> bool {
        match (self, content) {
            (Self::Null, Content::Null) => true,
            (Self::Bool(expected), Content::Bool(value)) => *value == expected,
            (Self::Int(expected), Content::Number(number)) => {
                number.as_i64() == Some(expected) || number.as_f64() == Some(expected as f64)
            }
            (Self::Str(expected), Content::Str(text)) => text == expected,
            _ => false,
        }
    }
}

impl Serialize for Literal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match *self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(value) => serializer.serialize_bool(value),
            Self::Int(value) => serializer.serialize_i64(value),
            Self::Str(value) => serializer.serialize_str(value),
        }
    }
}

/// Reads a [`Fixed`] that ought to be this.
pub(crate) struct FixedSeed(pub Literal);

impl FixedSeed {
    pub(crate) fn compare(&self, text: &str) -> Fixed {
        match self.0 {
            Literal::Str(expected) if expected == text => Fixed::Expected,
            _ => Fixed::Other(Box::new(Value::from(text))),
        }
    }
}

impl<'de> Handler<'de> for FixedSeed {
    type Out = Fixed;

    fn other(self, content: Content<'de>) -> Fixed {
        if self.0.is(&content) {
            Fixed::Expected
        } else {
            Fixed::Other(Box::new(content.into_value()))
        }
    }

    fn str(self, text: &str) -> Fixed {
        self.compare(text)
    }
}

impl<'de> DeserializeSeed<'de> for FixedSeed {
    type Value = Fixed;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Fixed, D::Error> {
        Any(self).deserialize(deserializer)
    }
}
