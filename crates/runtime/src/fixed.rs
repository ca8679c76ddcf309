//! Properties with a constant value.

use serde_core::de::{DeserializeSeed, Deserializer};
use serde_core::ser::{Serialize, Serializer};
use serde_json::Value;

use crate::lost_digits;
use crate::wire::buffered::{AnyVisitor, BufferedValue, ValueHandler};

/// A property with one possible value, such as the `type` of a span. Callers do not need to set it.
///
/// A value from a server is sent back unchanged: an absent property stays absent, and an undocumented value is kept.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Fixed {
    /// The documented value.
    #[default]
    Expected,
    /// The property is absent.
    Absent,
    /// An undocumented value.
    Other(Box<Value>),
}

/// A value that the document fixes: of a [`Fixed`] property, or of the discriminator of a union.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Literal {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A number that is not an integer.
    Float(f64),
    /// A string.
    Str(&'static str),
}

impl Literal {
    /// Returns whether `value` equals this literal.
    pub(crate) fn matches(self, value: &BufferedValue<'_>) -> bool {
        match (self, value) {
            (Self::Null, BufferedValue::Null) => true,
            (Self::Bool(expected), BufferedValue::Bool(value)) => *value == expected,
            (Self::Int(expected), BufferedValue::Number(number)) => {
                if number.is_float() {
                    lost_digits::check_integer();
                }
                number.as_exact_integer() == Some(expected.into())
            }
            (Self::Float(expected), BufferedValue::Number(number)) => {
                number.as_f64() == Some(expected)
            }
            (Self::Str(expected), BufferedValue::Str(text)) => text == expected,
            _ => false,
        }
    }
}

impl From<Literal> for BufferedValue<'_> {
    fn from(literal: Literal) -> Self {
        match literal {
            Literal::Null => Self::Null,
            Literal::Bool(value) => Self::Bool(value),
            Literal::Int(value) => Self::Number(value.into()),
            // Always finite: a literal of a document is JSON.
            Literal::Float(value) => match serde_json::Number::from_f64(value) {
                Some(number) => Self::Number(number.into()),
                None => Self::Null,
            },
            Literal::Str(text) => Self::Str(text.into()),
        }
    }
}

impl Serialize for Literal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match *self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(value) => serializer.serialize_bool(value),
            Self::Int(value) => serializer.serialize_i64(value),
            Self::Float(value) => serializer.serialize_f64(value),
            Self::Str(value) => serializer.serialize_str(value),
        }
    }
}

/// Reads a [`Fixed`] property with this documented value.
pub(crate) struct FixedSeed(pub Literal);

impl<'de> ValueHandler<'de> for FixedSeed {
    type Output = Fixed;

    fn handle_value(self, value: BufferedValue<'de>) -> Fixed {
        if self.0.matches(&value) {
            Fixed::Expected
        } else {
            Fixed::Other(Box::new(value.into_json()))
        }
    }

    fn handle_str(self, text: &str) -> Fixed {
        match self.0 {
            Literal::Str(expected) if expected == text => Fixed::Expected,
            _ => Fixed::Other(Box::new(Value::from(text))),
        }
    }
}

impl<'de> DeserializeSeed<'de> for FixedSeed {
    type Value = Fixed;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Fixed, D::Error> {
        AnyVisitor(self).deserialize(deserializer)
    }
}
