//! [`Wire`] for integers, floats, strings, booleans and null.

use std::fmt;

use serde_core::de::{Deserialize, Deserializer, Error, MapAccess, Unexpected, Visitor};
use serde_core::ser::{Error as _, Serializer};

use super::Wire;
use super::buffered::BufferedValue;
use super::match_score::{MatchScore, Matcher};
use super::number_map::{read_number, read_number_text};
use crate::error_path;
use crate::lost_digits;
use crate::number::parse_integer;

impl Wire for bool {
    const IS_OBJECT: bool = false;

    fn placeholder() -> Self {
        false
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bool(*self)
    }

    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::deserialize(deserializer)
    }

    fn match_score(value: &BufferedValue<'_>, _matcher: &mut Matcher) -> MatchScore {
        matches!(value, BufferedValue::Bool(_)).then_some(1)
    }
}

impl Wire for String {
    const IS_OBJECT: bool = false;

    fn placeholder() -> Self {
        Self::new()
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self)
    }

    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::deserialize(deserializer)
    }

    fn from_buffered(value: BufferedValue<'_>) -> Result<Self, BufferedValue<'_>> {
        match value {
            BufferedValue::Str(text) => Ok(text.into_owned()),
            other => Err(other),
        }
    }

    fn match_score(value: &BufferedValue<'_>, _matcher: &mut Matcher) -> MatchScore {
        value.as_str().map(|_| 1)
    }
}

impl Wire for () {
    const IS_OBJECT: bool = false;
    const ACCEPTS_NULL: bool = true;

    fn placeholder() -> Self {}

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_unit()
    }

    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::deserialize(deserializer)
    }

    fn match_score(value: &BufferedValue<'_>, _matcher: &mut Matcher) -> MatchScore {
        value.is_null().then_some(1)
    }
}

/// Implements `Wire` for integers. As in JSON Schema, `3.0` is an integer.
macro_rules! impl_wire_for_integers {
    ($($ty:ty: $write:ident),*) => {$(
        impl Wire for $ty {
            const IS_OBJECT: bool = false;

            fn placeholder() -> Self {
                0
            }

            fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.$write(*self)
            }

            fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let integer = deserializer.deserialize_any(IntegerVisitor)?;
                Self::try_from(integer).map_err(|_| D::Error::custom(format_args!(
                    concat!("{} is out of range for ", stringify!($ty)), integer
                )))
            }

            fn match_score(value: &BufferedValue<'_>, _matcher: &mut Matcher) -> MatchScore {
                let number = value.as_number()?;
                let integer = Self::try_from(number.as_exact_integer()?).ok()?;
                let is_negative = number.as_f64().is_some_and(f64::is_sign_negative);
                Some(match number.is_float() {
                    false => 2,
                    // An integer has no negative zero, which a float keeps.
                    true if integer == 0 && is_negative => 0,
                    true => 1,
                })
            }
        }
    )*};
}
impl_wire_for_integers!(i32: serialize_i32, i64: serialize_i64, u64: serialize_u64);

impl Wire for i128 {
    const IS_OBJECT: bool = false;

    fn placeholder() -> Self {
        0
    }

    /// Writes a value of 64 bits as such, which every serializer supports.
    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match (i64::try_from(*self), u64::try_from(*self)) {
            (Ok(value), _) => serializer.serialize_i64(value),
            (_, Ok(value)) => serializer.serialize_u64(value),
            _ => serializer.serialize_i128(*self),
        }
    }

    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(IntegerVisitor)
    }

    fn match_score(value: &BufferedValue<'_>, _matcher: &mut Matcher) -> MatchScore {
        value.as_number()?.as_exact_integer().map(|_| 1)
    }
}

/// Converts a float without a fractional part to an integer, if it is in the range of 64-bit integers.
fn float_to_integer(float: f64) -> Option<i128> {
    (float.fract() == 0.0 && float.abs() <= u64::MAX as f64).then_some(float as i128)
}

struct IntegerVisitor;

impl<'de> Visitor<'de> for IntegerVisitor {
    type Value = i128;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an integer")
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<i128, E> {
        Ok(value.into())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<i128, E> {
        Ok(value.into())
    }

    fn visit_i128<E: Error>(self, value: i128) -> Result<i128, E> {
        Ok(value)
    }

    fn visit_u128<E: Error>(self, value: u128) -> Result<i128, E> {
        i128::try_from(value).map_err(|_| E::custom("number out of range"))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<i128, E> {
        lost_digits::check_integer();
        // Without digits, a lower value may have been another integer.
        let integer = float_to_integer(value).filter(|integer| *integer > i64::MIN.into());
        integer.ok_or_else(|| E::invalid_value(Unexpected::Float(value), &self))
    }

    /// With its feature `arbitrary_precision`, serde_json passes numbers as maps.
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<i128, A::Error> {
        let text = read_number_text(map)?;
        let text = text.ok_or_else(|| A::Error::invalid_type(Unexpected::Map, &self))?;
        parse_integer(&text).ok_or_else(|| match text.parse() {
            Ok(float) if f64::fract(float) != 0.0 => {
                A::Error::invalid_value(Unexpected::Float(float), &self)
            }
            _ => A::Error::custom("number out of range"),
        })
    }
}

impl Wire for f64 {
    const IS_OBJECT: bool = false;

    fn placeholder() -> Self {
        0.0
    }

    /// Writes integral values without `.0`, as other languages do: a server may validate the value as an integer.
    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // Fast path: zero is frequent and needs no conversion. `-0.0` has other bits and is not affected.
        if self.to_bits() == 0 {
            return serializer.serialize_u8(0);
        }
        // Converting twice is cheaper than computing the fractional part.
        let integer = *self as i64;
        if integer as f64 == *self && integer != i64::MAX && integer != 0 {
            return serializer.serialize_i64(integer);
        }
        if self.is_finite() {
            serializer.serialize_f64(*self)
        } else {
            let message = format!("JSON cannot represent the number {self}");
            Err(S::Error::custom(error_path::with_empty_path(&message)))
        }
    }

    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(FloatVisitor)
    }

    /// An integer that no `f64` represents exactly does not match, so that a union can keep it in another variant.
    fn match_score(value: &BufferedValue<'_>, _matcher: &mut Matcher) -> MatchScore {
        let number = value.as_number()?;
        // A float beyond the range becomes the largest integer, as if it were exact.
        let is_exact = |integer: i128| (integer as f64) as i128 == integer && integer != i128::MAX;
        (number.is_float() || number.as_i128().is_some_and(is_exact)).then_some(1)
    }
}

struct FloatVisitor;

impl<'de> Visitor<'de> for FloatVisitor {
    type Value = f64;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a number")
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<f64, E> {
        Ok(value as f64)
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<f64, E> {
        Ok(value as f64)
    }

    fn visit_i128<E: Error>(self, value: i128) -> Result<f64, E> {
        Ok(value as f64)
    }

    fn visit_u128<E: Error>(self, value: u128) -> Result<f64, E> {
        Ok(value as f64)
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<f64, E> {
        Ok(value)
    }

    /// With its feature `arbitrary_precision`, serde_json passes numbers as maps.
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<f64, A::Error> {
        let number = read_number(map)?;
        let number = number.ok_or_else(|| A::Error::invalid_type(Unexpected::Map, &self))?;
        number
            .as_f64()
            .ok_or_else(|| A::Error::custom("number out of range"))
    }
}
