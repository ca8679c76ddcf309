//! Reading unions.
//!
//! A tagged union has a discriminator: a property whose value selects the variant. An untagged union selects the
//! variant that [matches best](super::match_score).

use std::borrow::Cow;

use serde_core::de::{DeserializeSeed, Deserializer, MapAccess};
use serde_json::Value;

use super::Wire;
use super::buffered::{AnyVisitor, BufferedValue, ValueHandler};
use super::match_score::{ScoreFn, best_variant_index};
use super::object_reader::ObjectReader;

/// Reads a tagged union. Passes a value that is not an object to `unknown`.
pub fn read_tagged_union<'de, T: Wire, D: Deserializer<'de>>(
    deserializer: D,
    unknown: fn(Value) -> T,
) -> Result<T, D::Error> {
    AnyVisitor(TaggedUnion(unknown)).deserialize(deserializer)
}

struct TaggedUnion<T>(fn(Value) -> T);

impl<'de, T: Wire> ValueHandler<'de> for TaggedUnion<T> {
    type Output = T;

    fn handle_value(self, value: BufferedValue<'de>) -> T {
        (self.0)(value.into_json())
    }

    fn handle_map<A: MapAccess<'de>>(
        self,
        first_key: Option<Cow<'de, str>>,
        map: A,
    ) -> Result<T, A::Error> {
        T::read_object(ObjectReader::with_first_key(first_key, map))
    }
}

/// Reads an object whose tag is missing or unknown, and passes it to `unknown`.
pub fn read_unknown_variant<'de, T, A: MapAccess<'de>>(
    object: ObjectReader<'de, A>,
    unknown: fn(Value) -> T,
) -> Result<T, A::Error> {
    object
        .into_buffered()
        .map(|value| unknown(value.into_json()))
}

/// Reads an object whose tag is missing or unknown as the default variant. Passes it to `unknown` if it is not valid as that.
pub fn read_default_variant<'de, V: Wire, T, A: MapAccess<'de>>(
    object: ObjectReader<'de, A>,
    default: fn(V) -> T,
    unknown: fn(Value) -> T,
) -> Result<T, A::Error> {
    Ok(match V::from_buffered(object.into_buffered()?) {
        Ok(value) => default(value),
        Err(value) => unknown(value.into_json()),
    })
}

/// Reads an untagged union. Passes a value that no variant matches to `unknown`.
pub fn read_untagged_union<'de, T: Wire, D: Deserializer<'de>>(
    deserializer: D,
    unknown: fn(Value) -> T,
) -> Result<T, D::Error> {
    AnyVisitor(UntaggedUnion(unknown)).deserialize(deserializer)
}

struct UntaggedUnion<T>(fn(Value) -> T);

impl<'de, T: Wire> ValueHandler<'de> for UntaggedUnion<T> {
    type Output = T;

    fn handle_value(self, value: BufferedValue<'de>) -> T {
        T::from_buffered(value).unwrap_or_else(|value| (self.0)(value.into_json()))
    }

    fn handle_str(self, text: &str) -> T {
        let value = T::from_buffered(BufferedValue::Str(text.into()));
        value.unwrap_or_else(|value| (self.0)(value.into_json()))
    }
}

/// Reads an object as an untagged union.
pub fn read_untagged_union_object<'de, T: Wire, A: MapAccess<'de>>(
    object: ObjectReader<'de, A>,
    unknown: fn(Value) -> T,
) -> Result<T, A::Error> {
    object
        .into_buffered()
        .map(|value| UntaggedUnion(unknown).handle_value(value))
}

/// Returns the index of the variant that matches `value` best, or the number of variants if none matches.
pub fn best_variant(variants: &[ScoreFn], value: &BufferedValue<'_>) -> usize {
    best_variant_index(variants, value).unwrap_or(variants.len())
}
