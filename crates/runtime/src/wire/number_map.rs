//! Distinguishes objects from numbers that are passed as maps.
//!
//! With its feature `arbitrary_precision`, which any crate of a program can enable, serde_json passes a number as a map
//! with one key. An object from a server may have the same key, and must stay an object. The key of such a number has a
//! deserializer of its own, which presents itself as a string even where an option is asked for; the key of an object
//! presents itself as `Some`.

use std::borrow::Cow;
use std::fmt;

use serde_core::de::value::BorrowedStrDeserializer;
use serde_core::de::{Deserialize, DeserializeSeed, Deserializer, MapAccess, Visitor};
use serde_core::forward_to_deserialize_any;
use serde_json::Error;

use super::cow_str::CowStr;
use crate::number::Number;

/// The key of a number that is passed as a map.
const NUMBER_KEY: &str = "$serde_json::private::Number";

/// A map, whose first key was read.
pub(crate) enum NumberOrObject<'de> {
    Number(Number),
    /// An object and its first key, if it has one.
    Object(Option<Cow<'de, str>>),
}

impl<'de> NumberOrObject<'de> {
    /// Reads the first key of a map, and the value too if the map is a number.
    pub(crate) fn read<A: MapAccess<'de>>(map: &mut A) -> Result<Self, A::Error> {
        match map.next_key()? {
            None => Ok(Self::Object(None)),
            Some(FirstKey::OfObject(key)) => Ok(Self::Object(Some(key))),
            Some(FirstKey::OfNumber) => parse_number(&read_digits(map)?).map(Self::Number),
        }
    }
}

/// Reads a number that is passed as a map. `None` for an object.
pub(crate) fn read_number<'de, A: MapAccess<'de>>(map: A) -> Result<Option<Number>, A::Error> {
    let digits = read_number_text(map)?;
    digits.map(|digits| parse_number(&digits)).transpose()
}

/// Reads the text of a number that is passed as a map. `None` for an object.
///
/// Where a number is required, an object with the key of a number needs no distinction, and serde's own buffers
/// (`flatten`, `untagged`) lose it.
pub(crate) fn read_number_text<'de, A: MapAccess<'de>>(
    mut map: A,
) -> Result<Option<Cow<'de, str>>, A::Error> {
    match map.next_key()? {
        Some(FirstKey::OfNumber) => read_digits(&mut map).map(Some),
        Some(FirstKey::OfObject(key)) if key == NUMBER_KEY && has_arbitrary_precision() => {
            read_digits(&mut map).map(Some)
        }
        _ => Ok(None),
    }
}

fn read_digits<'de, A: MapAccess<'de>>(map: &mut A) -> Result<Cow<'de, str>, A::Error> {
    map.next_value().map(|CowStr(digits)| digits)
}

fn parse_number<E: serde_core::de::Error>(digits: &str) -> Result<Number, E> {
    digits.parse().map_err(|_| E::custom("number out of range"))
}

/// Returns whether serde_json passes numbers as maps.
fn has_arbitrary_precision() -> bool {
    let number: Result<serde_json::Number, Error> = "1.50".parse();
    number.is_ok_and(|number| number.to_string() == "1.50")
}

enum FirstKey<'de> {
    OfNumber,
    OfObject(Cow<'de, str>),
}

impl<'de> Deserialize<'de> for FirstKey<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_option(FirstKeyVisitor)
    }
}

struct FirstKeyVisitor;

impl<'de> Visitor<'de> for FirstKeyVisitor {
    type Value = FirstKey<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a property name")
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<FirstKey<'de>, D::Error> {
        CowStr::deserialize(deserializer).map(|key| FirstKey::OfObject(key.0))
    }

    fn visit_str<E>(self, key: &str) -> Result<FirstKey<'de>, E> {
        Ok(FirstKey::OfObject(key.to_owned().into()))
    }

    fn visit_borrowed_str<E>(self, key: &'de str) -> Result<FirstKey<'de>, E> {
        Ok(match key {
            NUMBER_KEY => FirstKey::OfNumber,
            key => FirstKey::OfObject(key.into()),
        })
    }
}

/// Passes a number as serde_json does with `arbitrary_precision`.
pub(crate) struct NumberMap<'de>(Option<&'de str>);

impl<'de> NumberMap<'de> {
    pub(crate) const fn new(digits: &'de str) -> Self {
        Self(Some(digits))
    }
}

impl<'de> MapAccess<'de> for NumberMap<'de> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Error> {
        self.0.map(|_| seed.deserialize(NumberKey)).transpose()
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        let digits = self.0.take().unwrap_or_default();
        seed.deserialize(BorrowedStrDeserializer::new(digits))
    }
}

struct NumberKey;

impl<'de> Deserializer<'de> for NumberKey {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_borrowed_str(NUMBER_KEY)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}
