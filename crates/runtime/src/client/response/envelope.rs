//! Decodes the data of an envelope: an object with one field for the data and one for an error.

use std::fmt;
use std::marker::PhantomData;

use serde_core::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::Value;

use super::decode::{decode_absent, decode_body};
use crate::client::error::{Error, MAX_ERROR_SIZE, vendor_message};
use crate::client::spec::Envelope;
use crate::error_path;
use crate::json::decode_seed;
use crate::private::{DecodeError, SerdeAdapter, Wire, WireSeed};
use crate::wire::cow_str::CowStr;
use crate::wire::duplicate_keys::duplicate_key;

/// Decodes the data of an envelope, unless it contains an error.
pub(super) fn decode_envelope<T: Wire>(body: &[u8], envelope: Envelope) -> Result<T, Error> {
    if let Some(name) = envelope.error {
        match decode_seed(FieldSeed::new(name, ErrorSeed), body) {
            Ok(Some(FieldError::Message(message))) => {
                return Err(Error::api(message.or_else(|| error_text(body, name))));
            }
            Ok(Some(FieldError::Null) | None) => {}
            Err(error) => return fail_or_decode(body, error),
        }
    }
    let data = decode_seed(FieldSeed::new(envelope.data, WireSeed(PhantomData)), body);
    match data {
        Ok(Some(data)) => Ok(data),
        Ok(None) => decode_absent(&format!("missing field `{}`", envelope.data)),
        Err(error) => fail_or_decode(body, error),
    }
}

/// Decodes a body that is not an object as plain data, which gives the better error.
fn fail_or_decode<T: Wire>(body: &[u8], error: DecodeError) -> Result<T, Error> {
    if error.path.is_empty() {
        decode_body(body)
    } else {
        Err(Error::decode_failed(error))
    }
}

/// Returns the JSON text of an error that contains no message.
fn error_text(body: &[u8], name: &'static str) -> Option<String> {
    if body.len() > MAX_ERROR_SIZE {
        return None;
    }
    let value = decode_seed(
        FieldSeed::new(name, PhantomData::<SerdeAdapter<Value>>),
        body,
    );
    value.ok()?.map(|error| error.0.to_string())
}

/// Reads one field of an object, and skips the others. `None` where it is absent.
#[derive(Clone, Copy)]
struct FieldSeed<S> {
    name: &'static str,
    seed: S,
}

impl<S> FieldSeed<S> {
    const fn new(name: &'static str, seed: S) -> Self {
        Self { name, seed }
    }
}

impl<'de, S: DeserializeSeed<'de> + Copy> DeserializeSeed<'de> for FieldSeed<S> {
    type Value = Option<S::Value>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de, S: DeserializeSeed<'de> + Copy> Visitor<'de> for FieldSeed<S> {
    type Value = Option<S::Value>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut found = None;
        while let Some(CowStr(key)) = map.next_key()? {
            if key == self.name {
                let value = map.next_value_seed(self.seed);
                let value = value.map_err(|error| error_path::error_at_key(self.name, &error))?;
                if found.replace(value).is_some() {
                    return Err(duplicate_key(self.name));
                }
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(found)
    }
}

enum FieldError {
    Null,
    Message(Option<String>),
}

/// Reads the error of an envelope.
#[derive(Clone, Copy)]
struct ErrorSeed;

impl<'de> DeserializeSeed<'de> for ErrorSeed {
    type Value = FieldError;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<FieldError, D::Error> {
        deserializer.deserialize_option(self)
    }
}

impl<'de> Visitor<'de> for ErrorSeed {
    type Value = FieldError;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("any value")
    }

    fn visit_none<E>(self) -> Result<FieldError, E> {
        Ok(FieldError::Null)
    }

    fn visit_unit<E>(self) -> Result<FieldError, E> {
        Ok(FieldError::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<FieldError, D::Error> {
        vendor_message::MessageSeed
            .deserialize(deserializer)
            .map(FieldError::Message)
    }
}
