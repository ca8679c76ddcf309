//! Extracts the error message of a vendor from the body of a response.
//!
//! The body is read once, and no tree of its values is built: one of 64 MiB can need several gigabytes.

use std::fmt;

use serde_core::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::json::decode_seed;
use crate::wire::cow_str::CowStr;
use crate::wire::number_map::NumberOrObject;

/// The keys that contain a message or an object with one, in order of preference.
const KEYS: [&str; 7] = [
    "message",
    "detail",
    "error",
    "error_description",
    "errors",
    "title",
    "msg",
];

/// The number of bytes after which no further messages of a list are added, and no further steps of a location.
const MAX_JOINED: usize = 4096;

/// Returns the message in an error body: FastAPI's `detail`, `{error}`, `{error: {message}}`, `{message}`, or plain
/// text. HTML is ignored.
pub(crate) fn extract(body: &[u8]) -> Option<String> {
    decode_seed(MessageSeed, body).unwrap_or_else(|_| {
        let text = String::from_utf8_lossy(body);
        let text = text.trim_start_matches('\u{feff}').trim();
        (!text.is_empty() && !text.starts_with('<')).then(|| text.to_owned())
    })
}

/// Reads the first non-blank message in a JSON value; the messages of an array are joined.
#[derive(Clone, Copy)]
pub(crate) struct MessageSeed;

impl<'de> DeserializeSeed<'de> for MessageSeed {
    type Value = Option<String>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for MessageSeed {
    type Value = Option<String>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("any value")
    }

    fn visit_str<E>(self, text: &str) -> Result<Option<String>, E> {
        Ok((!text.trim().is_empty()).then(|| text.to_owned()))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Option<String>, E> {
        Ok(None)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Option<String>, E> {
        Ok(None)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Option<String>, E> {
        Ok(None)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Option<String>, E> {
        Ok(None)
    }

    fn visit_unit<E>(self) -> Result<Option<String>, E> {
        Ok(None)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Option<String>, A::Error> {
        let mut joined = String::new();
        while joined.len() < MAX_JOINED {
            match seq.next_element_seed(Self)? {
                Some(Some(message)) => push_joined(&mut joined, "; ", &message),
                Some(None) => {}
                None => break,
            }
        }
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok((!joined.is_empty()).then_some(joined))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Option<String>, A::Error> {
        let mut found = [const { None }; KEYS.len()];
        let mut location = None;
        while let Some(CowStr(key)) = map.next_key()? {
            let slot = KEYS
                .iter()
                .zip(&mut found)
                .find(|(known, _)| **known == key);
            if let Some((_, slot)) = slot {
                *slot = map.next_value_seed(Self)?;
            } else if key == "loc" {
                location = map.next_value_seed(LocationSeed)?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        // A validation error of FastAPI: `{loc: ["body", "traces", 0], msg: "…"}`.
        if let (Some(location), [.., Some(message)]) = (&location, &found) {
            return Ok(Some(format!("{location}: {message}")));
        }
        Ok(found.into_iter().flatten().next())
    }
}

/// Reads the steps of a list, joined with dots. `None` for any other value.
struct LocationSeed;

impl<'de> DeserializeSeed<'de> for LocationSeed {
    type Value = Option<String>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(StepVisitor { is_nested: false })
    }
}

/// Visits a location, or a step of it: a string or a number.
struct StepVisitor {
    is_nested: bool,
}

impl StepVisitor {
    fn step<E>(self, step: impl ToString) -> Result<Option<String>, E> {
        Ok(self.is_nested.then(|| step.to_string()))
    }
}

impl<'de> DeserializeSeed<'de> for StepVisitor {
    type Value = Option<String>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for StepVisitor {
    type Value = Option<String>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("any value")
    }

    fn visit_str<E>(self, text: &str) -> Result<Option<String>, E> {
        self.step(text)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Option<String>, E> {
        self.step(value)
    }

    fn visit_i64<E>(self, value: i64) -> Result<Option<String>, E> {
        self.step(value)
    }

    fn visit_u64<E>(self, value: u64) -> Result<Option<String>, E> {
        self.step(value)
    }

    fn visit_f64<E>(self, value: f64) -> Result<Option<String>, E> {
        self.step(value)
    }

    fn visit_unit<E>(self) -> Result<Option<String>, E> {
        self.step("null")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Option<String>, A::Error> {
        let mut joined = String::new();
        while !self.is_nested && joined.len() < MAX_JOINED {
            match seq.next_element_seed(Self { is_nested: true })? {
                Some(Some(step)) => push_joined(&mut joined, ".", &step),
                Some(None) => {}
                None => break,
            }
        }
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok((!self.is_nested).then_some(joined))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Option<String>, A::Error> {
        let first_key = match NumberOrObject::read(&mut map)? {
            NumberOrObject::Number(number) => return self.step(number),
            NumberOrObject::Object(first_key) => first_key,
        };
        if first_key.is_some() {
            map.next_value::<IgnoredAny>()?;
        }
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(None)
    }
}

fn push_joined(joined: &mut String, separator: &str, text: &str) {
    if !joined.is_empty() {
        joined.push_str(separator);
    }
    joined.push_str(text);
}
