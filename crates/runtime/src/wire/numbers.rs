//! [`Wire`] for numbers of any size.

use std::fmt;

use serde_core::de::{Deserialize, Deserializer, Error as _, MapAccess, Unexpected, Visitor};
use serde_core::ser::{Serialize, Serializer};

use super::Wire;
use super::buffered::BufferedValue;
use super::match_score::{MatchScore, Matcher};
use super::number_map::read_number;
use crate::lost_digits;
use crate::number::Number;

impl Wire for Number {
    const IS_OBJECT: bool = false;

    fn placeholder() -> Self {
        Self::from(0)
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.serialize(serializer)
    }

    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NumberVisitor)
    }

    fn match_score(value: &BufferedValue<'_>, _matcher: &mut Matcher) -> MatchScore {
        value.as_number().map(|_| 1)
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::read(deserializer)
    }
}

struct NumberVisitor;

impl<'de> Visitor<'de> for NumberVisitor {
    type Value = Number;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a number")
    }

    fn visit_i64<E>(self, value: i64) -> Result<Number, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Number, E> {
        Ok(value.into())
    }

    fn visit_i128<E>(self, value: i128) -> Result<Number, E> {
        Ok(value.into())
    }

    fn visit_u128<E>(self, value: u128) -> Result<Number, E> {
        Ok(value.into())
    }

    fn visit_f64<E: serde_core::de::Error>(self, value: f64) -> Result<Number, E> {
        lost_digits::check(value);
        let number = serde_json::Number::from_f64(value);
        let number = number.ok_or_else(|| E::invalid_value(Unexpected::Float(value), &self))?;
        Ok(number.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Number, A::Error> {
        read_number(map)?.ok_or_else(|| A::Error::invalid_type(Unexpected::Map, &self))
    }
}
