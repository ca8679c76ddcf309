//! Values that are buffered because their type is not known yet.
//!
//! [`BufferedValue`] is like `serde_json::Value`, but is meant to be deserialized again: it borrows text where possible
//! and keeps the entries of objects in a list, in their original order. This keeps lookahead cheap.

use std::borrow::Cow;
use std::fmt;

use serde_core::de::value::{MapDeserializer, SeqDeserializer};
use serde_core::de::{
    Deserialize, DeserializeSeed, Deserializer, Error as _, IntoDeserializer, MapAccess, SeqAccess,
    Visitor,
};
use serde_core::forward_to_deserialize_any;
use serde_json::{Error, Value};

use super::cow_str::CowStr;
use super::duplicate_keys::check_keys;
use super::number_map::{NumberMap, NumberOrObject};
use crate::error_path;
use crate::lost_digits;
use crate::memory_budget;
use crate::number::Number;

/// A JSON value of any type.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "the variants are the types of JSON")]
pub enum BufferedValue<'de> {
    Null,
    Bool(bool),
    Number(Number),
    Str(Cow<'de, str>),
    List(Vec<BufferedValue<'de>>),
    Map(Vec<(Cow<'de, str>, BufferedValue<'de>)>),
}

impl<'de> BufferedValue<'de> {
    pub(crate) fn as_str(&self) -> Option<&str> {
        match self {
            Self::Str(text) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn as_number(&self) -> Option<&Number> {
        match self {
            Self::Number(number) => Some(number),
            _ => None,
        }
    }

    pub(crate) fn as_list(&self) -> Option<&[BufferedValue<'de>]> {
        match self {
            Self::List(items) => Some(items),
            _ => None,
        }
    }

    pub(crate) fn as_map(&self) -> Option<&[(Cow<'de, str>, BufferedValue<'de>)]> {
        match self {
            Self::Map(entries) => Some(entries),
            _ => None,
        }
    }

    pub(crate) fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// Converts to a `serde_json::Value`.
    pub(crate) fn into_json(self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Bool(value) => value.into(),
            Self::Number(number) => number.into_json().map_or(Value::Null, Value::Number),
            Self::Str(text) => text.into_owned().into(),
            Self::List(items) => items.into_iter().map(Self::into_json).collect(),
            Self::Map(entries) => entries
                .into_iter()
                .map(|(key, value)| (key.into_owned(), value.into_json()))
                .collect(),
        }
    }
}

/// Returns the value of `key`.
pub(crate) fn find_entry<'a, 'de>(
    entries: &'a [(Cow<'de, str>, BufferedValue<'de>)],
    key: &str,
) -> Option<&'a BufferedValue<'de>> {
    let mut entries = entries.iter();
    entries
        .find(|(name, _)| name == key)
        .map(|(_, value)| value)
}

impl<'de> Deserialize<'de> for BufferedValue<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // The value of an entry has a key.
        memory_budget::charge(size_of::<(Cow<'_, str>, Self)>())?;
        deserializer.deserialize_any(AnyVisitor(BufferHandler))
    }
}

/// Handles a value by its JSON type. The default methods buffer the value.
pub(crate) trait ValueHandler<'de>: Sized {
    type Output;

    /// Handles a value that no other method handles.
    fn handle_value(self, value: BufferedValue<'de>) -> Self::Output;

    fn handle_str(self, text: &str) -> Self::Output {
        self.handle_value(BufferedValue::Str(text.to_owned().into()))
    }

    fn handle_borrowed_str(self, text: &'de str) -> Self::Output {
        self.handle_str(text)
    }

    /// Handles an object whose first key was read.
    fn handle_map<A: MapAccess<'de>>(
        self,
        first_key: Option<Cow<'de, str>>,
        map: A,
    ) -> Result<Self::Output, A::Error> {
        buffer_map(first_key, map).map(|value| self.handle_value(value))
    }
}

/// Buffers any value.
struct BufferHandler;

impl<'de> ValueHandler<'de> for BufferHandler {
    type Output = BufferedValue<'de>;

    fn handle_value(self, value: BufferedValue<'de>) -> BufferedValue<'de> {
        value
    }

    fn handle_borrowed_str(self, text: &'de str) -> BufferedValue<'de> {
        BufferedValue::Str(text.into())
    }
}

fn buffer_map<'de, A: MapAccess<'de>>(
    first_key: Option<Cow<'de, str>>,
    mut map: A,
) -> Result<BufferedValue<'de>, A::Error> {
    let mut entries = Vec::new();
    if let Some(key) = first_key {
        // Where no type matches, the object becomes a value.
        memory_budget::charge_entry::<String, Value, _>(0)?;
        read_entry(key, &mut map, &mut entries)?;
    }
    while let Some(CowStr(key)) = map.next_key()? {
        read_entry(key, &mut map, &mut entries)?;
    }
    check_keys(&entries)?;
    Ok(BufferedValue::Map(entries))
}

/// Reads the value of `key`, and adds the entry.
pub(super) fn read_entry<'de, A: MapAccess<'de>>(
    key: Cow<'de, str>,
    map: &mut A,
    entries: &mut Vec<(Cow<'de, str>, BufferedValue<'de>)>,
) -> Result<(), A::Error> {
    match map.next_value() {
        Ok(value) => {
            entries.push((key, value));
            Ok(())
        }
        Err(error) => Err(error_path::error_at_key(&key, &error)),
    }
}

/// Visits a value of any type and passes it to a [`ValueHandler`].
pub(crate) struct AnyVisitor<H>(pub H);

impl<'de, H: ValueHandler<'de>> DeserializeSeed<'de> for AnyVisitor<H> {
    type Value = H::Output;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<H::Output, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, H: ValueHandler<'de>> Visitor<'de> for AnyVisitor<H> {
    type Value = H::Output;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("any value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<H::Output, E> {
        Ok(self.0.handle_value(BufferedValue::Bool(value)))
    }

    fn visit_i64<E>(self, value: i64) -> Result<H::Output, E> {
        Ok(self.0.handle_value(BufferedValue::Number(value.into())))
    }

    fn visit_u64<E>(self, value: u64) -> Result<H::Output, E> {
        Ok(self.0.handle_value(BufferedValue::Number(value.into())))
    }

    fn visit_i128<E>(self, value: i128) -> Result<H::Output, E> {
        Ok(self.0.handle_value(BufferedValue::Number(value.into())))
    }

    fn visit_u128<E>(self, value: u128) -> Result<H::Output, E> {
        Ok(self.0.handle_value(BufferedValue::Number(value.into())))
    }

    fn visit_f64<E>(self, value: f64) -> Result<H::Output, E> {
        lost_digits::check(value);
        let number = serde_json::Number::from_f64(value).map(Number::from);
        let value = number.map_or(BufferedValue::Null, BufferedValue::Number);
        Ok(self.0.handle_value(value))
    }

    fn visit_str<E>(self, text: &str) -> Result<H::Output, E> {
        Ok(self.0.handle_str(text))
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<H::Output, E> {
        Ok(self.0.handle_borrowed_str(text))
    }

    fn visit_unit<E>(self) -> Result<H::Output, E> {
        Ok(self.0.handle_value(BufferedValue::Null))
    }

    fn visit_none<E>(self) -> Result<H::Output, E> {
        Ok(self.0.handle_value(BufferedValue::Null))
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<H::Output, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(
        self,
        deserializer: D,
    ) -> Result<H::Output, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<H::Output, A::Error> {
        let mut items = Vec::new();
        loop {
            match seq.next_element() {
                Ok(Some(item)) => items.push(item),
                Ok(None) => return Ok(self.0.handle_value(BufferedValue::List(items))),
                Err(error) => return Err(error_path::error_at_index(items.len(), &error)),
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<H::Output, A::Error> {
        match NumberOrObject::read(&mut map)? {
            NumberOrObject::Number(number) => {
                Ok(self.0.handle_value(BufferedValue::Number(number)))
            }
            NumberOrObject::Object(first_key) => self.0.handle_map(first_key, map),
        }
    }
}

impl<'a> Deserializer<'a> for &'a BufferedValue<'_> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Error> {
        match self {
            BufferedValue::Null => visitor.visit_unit(),
            BufferedValue::Bool(value) => visitor.visit_bool(*value),
            BufferedValue::Number(number) => number.visit(visitor, |digits, visitor| {
                visitor.visit_map(NumberMap::new(digits))
            }),
            BufferedValue::Str(text) => visitor.visit_borrowed_str(text),
            BufferedValue::List(items) => {
                let mut items = SeqDeserializer::new(items.iter());
                let value = visitor.visit_seq(&mut items)?;
                items.end().map(|()| value)
            }
            BufferedValue::Map(entries) => {
                let entries = entries.iter().map(|(key, value)| (BufferedKey(key), value));
                let mut entries = MapDeserializer::new(entries);
                let value = visitor.visit_map(&mut entries)?;
                entries.end().map(|()| value)
            }
        }
    }

    fn deserialize_option<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.is_null() {
            visitor.visit_none()
        } else {
            visitor.visit_some(self)
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'a>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    /// A number is never an object, although `deserialize_any` passes some as maps.
    fn deserialize_map<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Error> {
        match self {
            BufferedValue::Number(number) => {
                Err(Error::invalid_type(number.unexpected(), &visitor))
            }
            _ => self.deserialize_any(visitor),
        }
    }

    forward_to_deserialize_any! {
        <V: Visitor<'a>>
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct struct enum identifier ignored_any
    }
}

impl<'a> IntoDeserializer<'a, Error> for &'a BufferedValue<'_> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

/// The key of a buffered object. As in serde_json, it is `Some` where an option is asked for.
struct BufferedKey<'a>(&'a str);

impl<'a> Deserializer<'a> for BufferedKey<'a> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_borrowed_str(self.0)
    }

    fn deserialize_option<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'a>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    forward_to_deserialize_any! {
        <V: Visitor<'a>>
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map struct enum identifier ignored_any
    }
}

impl<'a> IntoDeserializer<'a, Error> for BufferedKey<'a> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}
