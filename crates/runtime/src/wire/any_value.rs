//! [`Wire`] for arbitrary JSON values.
//!
//! serde_json's own implementation of `Deserialize` for `Value` gives a meaning to keys that a server can send
//! (`$serde_json::private::RawValue`, whose text it parses with a new limit of nesting). Here, every key is a key.

use std::fmt;

use serde_core::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_core::ser::{Serialize, SerializeMap, Serializer};
use serde_json::map::Entry;
use serde_json::{Map, Value};

use super::Wire;
use super::buffered::BufferedValue;
use super::duplicate_keys::duplicate_key;
use super::match_score::{MatchScore, Matcher};
use super::number_map::NumberOrObject;
use super::object_reader::ObjectReader;
use super::object_writer::{ObjectWriter, VariantTag, write_object};
use crate::error_path;
use crate::memory_budget;
use crate::number::Number;

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
        memory_budget::charge(size_of::<Value>())?;
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
        Ok(json_number(value.into()))
    }

    fn visit_u128<E>(self, value: u128) -> Result<Value, E> {
        Ok(json_number(value.into()))
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
        loop {
            match seq.next_element_seed(Self) {
                Ok(Some(item)) => items.push(item),
                Ok(None) => return Ok(Value::Array(items)),
                Err(error) => return Err(error_path::error_at_index(items.len(), &error)),
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let first_key = match NumberOrObject::read(&mut map)? {
            NumberOrObject::Number(number) => return Ok(json_number(number)),
            NumberOrObject::Object(first_key) => first_key,
        };
        let mut fields = Map::new();
        if let Some(key) = first_key {
            read_field(key.into_owned(), &mut map, &mut fields)?;
        }
        while let Some(key) = map.next_key()? {
            read_field(key, &mut map, &mut fields)?;
        }
        Ok(Value::Object(fields))
    }
}

/// Reads the value of `key` into `fields`.
fn read_field<'de, A: MapAccess<'de>>(
    key: String,
    map: &mut A,
    fields: &mut Map<String, Value>,
) -> Result<(), A::Error> {
    let value = memory_budget::charge_entry::<String, Value, _>(fields.len())
        .and_then(|()| map.next_value_seed(ValueSeed))
        .map_err(|error| error_path::error_at_key(&key, &error))?;
    match fields.entry(key) {
        Entry::Vacant(field) => {
            field.insert(value);
            Ok(())
        }
        Entry::Occupied(field) => Err(duplicate_key(field.key())),
    }
}

/// Returns a number as a value. One that is too large for it is null, as in serde_json.
fn json_number(number: Number) -> Value {
    number.into_json().map_or(Value::Null, Value::Number)
}
