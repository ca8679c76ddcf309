//! Distinguishes objects from numbers that serde_json passes as maps.
//!
//! With its feature `arbitrary_precision`, which any crate of a program can enable, serde_json passes a number as a map
//! with one key. An object from a server may have the same key, and must stay an object. The key of such a number has a
//! deserializer of its own, which presents itself as a string even where an option is asked for; the key of an object
//! presents itself as `Some`.

use std::borrow::Cow;
use std::fmt;

use serde_core::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};
use serde_json::Number;

use super::cow_str::CowStr;

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
            Some(FirstKey::OfNumber) => {
                let CowStr(digits) = map.next_value()?;
                digits.parse().map(Self::Number).map_err(A::Error::custom)
            }
        }
    }
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

/// Returns the number, or the nearest float if `Number` has 64 bits.
pub(crate) fn number_from_i128(value: i128) -> Number {
    let number = Number::from_i128(value).or_else(|| Number::from_f64(value as f64));
    number.unwrap_or_else(|| Number::from(0))
}

/// As [`number_from_i128`].
pub(crate) fn number_from_u128(value: u128) -> Number {
    let number = Number::from_u128(value).or_else(|| Number::from_f64(value as f64));
    number.unwrap_or_else(|| Number::from(0))
}
