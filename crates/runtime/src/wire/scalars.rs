//! Numbers, text, and values of any kind.

use std::fmt;

use serde_core::de::value::MapAccessDeserializer;
use serde_core::de::{Deserialize, Deserializer, Error, MapAccess, Unexpected, Visitor};
use serde_core::ser::{Error as _, Serialize, SerializeMap, Serializer};
use serde_json::{Number, Value};

use super::Wire;
use super::content::Content;
use super::fit::Fit;
use super::object::Object;
use super::writer::{ObjectWriter, Tag, write_object};
use crate::path;

/// Types that serde does right.
macro_rules! by_serde {
    ($($ty:ty: $is:pat, $blank:expr);*) => {$(
        impl Wire for $ty {
            const OBJECT: bool = false;

            fn blank() -> Self {
                $blank
            }

            fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                self.serialize(serializer)
            }

            fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Self::deserialize(deserializer)
            }

            fn fit(content: &Content<'_>, _depth: u8) -> Fit {
                matches!(content, $is).then_some(1)
            }
        }
    )*};
}
by_serde!(bool: Content::Bool(_), false; Number: Content::Number(_), Number::from(0));

impl Wire for String {
    const OBJECT: bool = false;

    fn blank() -> Self {
        Self::new()
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self)
    }

    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::deserialize(deserializer)
    }

    fn from_content(content: Content<'_>) -> Result<Self, Content<'_>> {
        match content {
            Content::Str(text) => Ok(text.into_owned()),
            other => Err(other),
        }
    }

    fn fit(content: &Content<'_>, _depth: u8) -> Fit {
        content.as_str().map(|_| 1)
    }
}

impl Wire for () {
    const OBJECT: bool = false;
    const NULL: bool = true;

    fn blank() -> Self {}

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_unit()
    }

    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::deserialize(deserializer)
    }

    fn fit(content: &Content<'_>, _depth: u8) -> Fit {
        content.is_null().then_some(1)
    }
}

/// Whole numbers: exact, and as tolerant as JSON, in which `3.0` is one.
macro_rules! integer {
    ($($ty:ty: $write:ident),*) => {$(
        impl Wire for $ty {
            const OBJECT: bool = false;

            fn blank() -> Self {
                0
            }

            fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.$write(*self)
            }

            fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let wide = deserializer.deserialize_any(IntegerVisitor)?;
                Self::try_from(wide).map_err(|_| D::Error::custom(format_args!(
                    concat!("{} is out of range for ", stringify!($ty)), wide
                )))
            }

            fn fit(content: &Content<'_>, _depth: u8) -> Fit {
                let number = content.as_number()?;
                let exact = number.as_i64().map(i128::from).or(number.as_u64().map(i128::from));
                let (wide, score) = match exact {
                    Some(wide) => (wide, 2),
                    None => (whole(number.as_f64()?)?, 1),
                };
                Self::try_from(wide).ok().map(|_| score)
            }
        }
    )*};
}
integer!(i32: serialize_i32, i64: serialize_i64, u64: serialize_u64);

/// `float` as a whole number, if it is one that 64 bits can hold.
fn whole(float: f64) -> Option<i128> {
    (float.fract() == 0.0 && float.abs() <= u64::MAX as f64).then_some(float as i128)
}

struct IntegerVisitor;

impl<'de> Visitor<'de> for IntegerVisitor {
    type Value = i128;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a whole number")
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<i128, E> {
        Ok(value.into())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<i128, E> {
        Ok(value.into())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<i128, E> {
        whole(value).ok_or_else(|| E::invalid_value(Unexpected::Float(value), &self))
    }

    /// How serde_json hands over numbers when someone has asked it for arbitrary precision.
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<i128, A::Error> {
        let number = number(map, &self)?;
        match (number.as_i64(), number.as_u64(), number.as_f64()) {
            (Some(value), ..) => self.visit_i64(value),
            (_, Some(value), _) => self.visit_u64(value),
            (.., Some(value)) => self.visit_f64(value),
            _ => Err(A::Error::custom("a number out of range")),
        }
    }
}

fn number<'de, A: MapAccess<'de>>(
    map: A,
    expected: &dyn serde_core::de::Expected,
) -> Result<Number, A::Error> {
    Number::deserialize(MapAccessDeserializer::new(map))
        .map_err(|_| A::Error::invalid_type(Unexpected::Map, expected))
}

impl Wire for f64 {
    const OBJECT: bool = false;

    fn blank() -> Self {
        0.0
    }

    /// Without `.0`, as every other language writes it: a server may hash or validate what it gets as an integer.
    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // Counts of what there is none of are many, and need no conversion. It leaves out `-0.0`.
        if self.to_bits() == 0 {
            return serializer.serialize_u8(0);
        }
        // There and back is cheaper than to look for a fraction.
        let whole = *self as i64;
        if whole as f64 == *self && whole != i64::MAX && whole != 0 {
            return serializer.serialize_i64(whole);
        }
        if self.is_finite() {
            serializer.serialize_f64(*self)
        } else {
            let why = format!("JSON has no number {self}");
            Err(S::Error::custom(path::placed(&why)))
        }
    }

    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(FloatVisitor)
    }

    /// A whole number that no float is equal to does not fit: a union has other ways to keep it.
    fn fit(content: &Content<'_>, _depth: u8) -> Fit {
        let number = content.as_number()?;
        let exact = number.as_i128().is_none_or(|whole| {
            let nearest = whole as f64;
            nearest as i128 == whole
        });
        exact.then_some(1)
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

    fn visit_f64<E: Error>(self, value: f64) -> Result<f64, E> {
        Ok(value)
    }

    /// As for whole numbers.
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<f64, A::Error> {
        let number = number(map, &self)?;
        number
            .as_f64()
            .ok_or_else(|| A::Error::custom("a number out of range"))
    }
}

impl Wire for Value {
    const OBJECT: bool = false;
    const NULL: bool = true;

    fn blank() -> Self {
        Self::Null
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.serialize(serializer)
    }

    fn write_as<S: Serializer>(
        &self,
        serializer: S,
        tag: Option<&Tag<'_>>,
    ) -> Result<S::Ok, S::Error> {
        if self.is_object() {
            write_object(self, serializer, tag)
        } else {
            self.serialize(serializer)
        }
    }

    fn write_fields<M: SerializeMap>(&self, writer: &mut ObjectWriter<'_, M>) {
        for (key, value) in self.as_object().into_iter().flatten() {
            writer.field(key, value);
        }
    }

    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::deserialize(deserializer)
    }

    fn read_object<'de, A: MapAccess<'de>>(object: Object<'de, A>) -> Result<Self, A::Error> {
        object.into_content().map(Content::into_value)
    }

    fn from_content(content: Content<'_>) -> Result<Self, Content<'_>> {
        Ok(content.into_value())
    }

    fn fit(_content: &Content<'_>, _depth: u8) -> Fit {
        Some(0)
    }
}
