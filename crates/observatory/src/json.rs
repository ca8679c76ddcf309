//! JSON of any type, in which every key is a key.
//!
//! serde_json's own implementation of `Deserialize` for `Value` gives a meaning to keys that a server can send: with its
//! feature `raw_value`, which any crate of a program can enable, the text of `$serde_json::private::RawValue` is parsed
//! with a new limit of nesting.

use crate::providers::JsonNode;
use serde::de::value::BorrowedStrDeserializer;
use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};
use std::borrow::Cow;
use std::fmt;

/// Parses text that spells a list or an object.
#[cfg(any(feature = "__client", feature = "opentelemetry", feature = "tracing"))]
pub(crate) fn parse_structure(text: &str) -> Option<BorrowedJson<'_>> {
    let is_structure = text.trim_start().starts_with(['[', '{']);
    is_structure.then(|| parse(text)).flatten()
}

/// Parses text that spells any value.
pub(crate) fn parse(text: &str) -> Option<BorrowedJson<'_>> {
    serde_json::from_str(text).ok()
}

/// Reads a field of any type, for `deserialize_with`.
pub(crate) fn read_value<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Value, D::Error> {
    BorrowedJson::deserialize(deserializer).map(BorrowedJson::into_value)
}

/// Reads an optional field of any type, for `deserialize_with`.
pub(crate) fn read_optional_value<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Value>, D::Error> {
    let value = read_value(deserializer)?;
    Ok(Some(value).filter(|value| !value.is_null()))
}

/// Reads a list of any items, for `deserialize_with`.
pub(crate) fn read_list<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<Value>, D::Error> {
    match read_value(deserializer)? {
        Value::Array(items) => Ok(items),
        _ => Err(D::Error::custom("expected a list")),
    }
}

/// Reads an object with any properties, for `deserialize_with`.
pub(crate) fn read_map<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Map<String, Value>, D::Error> {
    match read_value(deserializer)? {
        Value::Object(properties) => Ok(properties),
        _ => Err(D::Error::custom("expected an object")),
    }
}

/// JSON that borrows its strings from the text. Objects are lists, since most of them have few properties and are read once.
#[derive(Debug)]
pub(crate) enum BorrowedJson<'t> {
    Text(Cow<'t, str>),
    List(Vec<Self>),
    Object(Vec<(Cow<'t, str>, Self)>),
    /// A number, a boolean or null.
    Scalar(Value),
}

impl BorrowedJson<'_> {
    /// Converts to a value with its own strings.
    pub(crate) fn into_value(self) -> Value {
        match self {
            Self::Text(text) => Value::String(text.into_owned()),
            Self::List(items) => items.into_iter().map(Self::into_value).collect(),
            Self::Object(properties) => {
                let properties = properties.into_iter();
                let properties =
                    properties.map(|(name, value)| (name.into_owned(), value.into_value()));
                Value::Object(properties.collect())
            }
            Self::Scalar(value) => value,
        }
    }
}

impl JsonNode for BorrowedJson<'_> {
    /// Of several properties with one name the last one counts, as in a map.
    fn property(&self, name: &str) -> Option<&Self> {
        let Self::Object(properties) = self else {
            return None;
        };
        let mut from_last = properties.iter().rev();
        let (_, value) = from_last.find(|(other, _)| other == name)?;
        Some(value)
    }

    fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    fn items(&self) -> Option<&[Self]> {
        match self {
            Self::List(items) => Some(items),
            _ => None,
        }
    }

    fn is_object(&self) -> bool {
        matches!(self, Self::Object(_))
    }

    fn to_value(&self) -> Value {
        match self {
            Self::Text(text) => Value::from(text.as_ref()),
            Self::List(items) => items.iter().map(Self::to_value).collect(),
            Self::Object(properties) => {
                let properties = properties.iter();
                let properties =
                    properties.map(|(name, value)| (name.to_string(), value.to_value()));
                Value::Object(properties.collect())
            }
            Self::Scalar(value) => value.clone(),
        }
    }
}

/// The key of a number that is passed as a map.
const NUMBER: &str = "$serde_json::private::Number";

impl<'de> Deserialize<'de> for BorrowedJson<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TreeVisitor)
    }
}

struct TreeVisitor;

impl<'de> Visitor<'de> for TreeVisitor {
    type Value = BorrowedJson<'de>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("JSON")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(BorrowedJson::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(BorrowedJson::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_string<E>(self, text: String) -> Result<Self::Value, E> {
        Ok(BorrowedJson::Text(Cow::Owned(text)))
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(BorrowedJson::Scalar(Value::Null))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Self::Value, E> {
        Ok(BorrowedJson::Scalar(value.into()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Self::Value, E> {
        Ok(BorrowedJson::Scalar(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Self::Value, E> {
        Ok(BorrowedJson::Scalar(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Self::Value, E> {
        Ok(BorrowedJson::Scalar(value.into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Self::Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = access.next_element()? {
            items.push(item);
        }
        Ok(BorrowedJson::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Self::Value, A::Error> {
        let mut properties = Vec::new();
        match access.next_key()? {
            Some(FirstKey::OfNumber) => {
                let PropertyName(digits) = access.next_value()?;
                let number: Number = digits.parse().map_err(A::Error::custom)?;
                return Ok(BorrowedJson::Scalar(number.into()));
            }
            Some(FirstKey::OfObject(name)) => properties.push((name, access.next_value()?)),
            None => {}
        }
        while let Some(PropertyName(name)) = access.next_key()? {
            properties.push((name, access.next_value()?));
        }
        Ok(BorrowedJson::Object(properties))
    }
}

/// The first key of a map, which may be a number: with its feature `arbitrary_precision`, serde_json passes numbers as maps
/// with one key. The key of a number presents itself as a string even where an option is asked for; the key of an object
/// presents itself as `Some`.
enum FirstKey<'t> {
    OfNumber,
    OfObject(Cow<'t, str>),
}

impl<'de> Deserialize<'de> for FirstKey<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_option(FirstKeyVisitor)
    }
}

struct FirstKeyVisitor;

impl<'de> Visitor<'de> for FirstKeyVisitor {
    type Value = FirstKey<'de>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("the name of a property")
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        let PropertyName(name) = PropertyName::deserialize(deserializer)?;
        Ok(FirstKey::OfObject(name))
    }

    fn visit_borrowed_str<E: serde::de::Error>(self, name: &'de str) -> Result<Self::Value, E> {
        match name {
            NUMBER => Ok(FirstKey::OfNumber),
            name => self.visit_some(BorrowedStrDeserializer::new(name)),
        }
    }
}

/// The name of a property. The implementation for `Cow` copies it.
struct PropertyName<'t>(Cow<'t, str>);

impl<'de> Deserialize<'de> for PropertyName<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(NameVisitor)
    }
}

struct NameVisitor;

impl<'de> Visitor<'de> for NameVisitor {
    type Value = PropertyName<'de>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("the name of a property")
    }

    fn visit_borrowed_str<E>(self, name: &'de str) -> Result<Self::Value, E> {
        Ok(PropertyName(Cow::Borrowed(name)))
    }

    fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
        Ok(PropertyName(Cow::Owned(name.to_owned())))
    }

    fn visit_string<E>(self, name: String) -> Result<Self::Value, E> {
        Ok(PropertyName(Cow::Owned(name)))
    }
}
