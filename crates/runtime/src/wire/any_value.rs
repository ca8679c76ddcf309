//! [`Wire`] for arbitrary JSON values and for numbers.
//!
//! serde_json's own implementation of `Deserialize` for `Value` gives a meaning to keys that a server can send
//! (`$serde_json::private::RawValue`, whose text it parses with a new limit of nesting). Here, every key is a key.

use std::fmt;

use serde_core::de::value::MapAccessDeserializer;
use serde_core::de::{
    Deserialize, DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Unexpected, Visitor,
};
use serde_core::ser::{Serialize, SerializeMap, Serializer};
use serde_json::{Map, Number, Value};

use super::Wire;
use super::buffered::BufferedValue;
use super::match_score::{MatchScore, Matcher};
use super::number_map::{NumberOrObject, number_from_i128, number_from_u128};
use super::object_reader::ObjectReader;
use super::object_writer::{ObjectWriter, VariantTag, write_object};

impl Wire for Value {
    const IS_OBJECT: bool = false;
    const ACCEPTS_NULL: bool = true;

    fn placeholder() -> Self {
        Self::Null
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.serialize(serializer)
    }

    fn write_tagged<S: Serializer>(
        &self,
        serializer: S,
        tag: Option<&VariantTag<'_>>,
    ) -> Result<S::Ok, S::Error> {
        if self.is_object() {
            write_object(self, serializer, tag)
        } else {
            self.serialize(serializer)
        }
    }

    fn write_fields<M: SerializeMap>(&self, writer: &mut ObjectWriter<'_, M>) {
        for (key, value) in self.as_object().into_iter().flatten() {
            writer.write_field(key, value);
        }
    }

    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        ValueSeed.deserialize(deserializer)
    }

    fn read_object<'de, A: MapAccess<'de>>(object: ObjectReader<'de, A>) -> Result<Self, A::Error> {
        object.into_buffered().map(BufferedValue::into_json)
    }

    fn from_buffered(value: BufferedValue<'_>) -> Result<Self, BufferedValue<'_>> {
        Ok(value.into_json())
    }

    fn match_score(_value: &BufferedValue<'_>, _matcher: &mut Matcher) -> MatchScore {
        Some(0)
    }
}

struct ValueSeed;

impl<'de> DeserializeSeed<'de> for ValueSeed {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for ValueSeed {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("any value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i128<E>(self, value: i128) -> Result<Value, E> {
        Ok(Value::Number(number_from_i128(value)))
    }

    fn visit_u128<E>(self, value: u128) -> Result<Value, E> {
        Ok(Value::Number(number_from_u128(value)))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(text.into())
    }

    fn visit_string<E>(self, text: String) -> Result<Value, E> {
        Ok(text.into())
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        self.deserialize(deserializer)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(
        self,
        deserializer: D,
    ) -> Result<Value, D::Error> {
        self.deserialize(deserializer)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element_seed(Self)? {
            items.push(item);
        }
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let first_key = match NumberOrObject::read(&mut map)? {
            NumberOrObject::Number(number) => return Ok(Value::Number(number)),
            NumberOrObject::Object(first_key) => first_key,
        };
        let mut fields = Map::new();
        if let Some(key) = first_key {
            fields.insert(key.into_owned(), map.next_value_seed(Self)?);
        }
        while let Some(key) = map.next_key::<String>()? {
            fields.insert(key, map.next_value_seed(Self)?);
        }
        Ok(Value::Object(fields))
    }
}

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
        Ok(number_from_i128(value))
    }

    fn visit_u128<E>(self, value: u128) -> Result<Number, E> {
        Ok(number_from_u128(value))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Number, E> {
        let number = Number::from_f64(value);
        number.ok_or_else(|| E::invalid_value(Unexpected::Float(value), &self))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Number, A::Error> {
        read_number_map(map, &self)
    }
}

/// Reads a number that serde_json passes as a map. Where a number is required, an object like it needs no distinction, and
/// serde's own buffers (`flatten`, `untagged`) lose it.
pub(super) fn read_number_map<'de, A: MapAccess<'de>>(
    map: A,
    expected: &dyn serde_core::de::Expected,
) -> Result<Number, A::Error> {
    Number::deserialize(MapAccessDeserializer::new(map))
        .map_err(|_| A::Error::invalid_type(Unexpected::Map, expected))
}
