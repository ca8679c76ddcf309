//! A serialized value, as parameters and forms can represent it: text, lists, objects, files.

use std::fmt;

use serde_core::ser::{self, Error as _, Serialize};

use super::param_value_serializer::ParamValueSerializer;
use crate::File;
use crate::private::{SerdeAdapter, Wire};
use crate::wire::object_writer::without_read_only;

/// A serialized value.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum ParamValue {
    /// Null or absent.
    Null,
    Text(String),
    /// A number or a boolean, in JSON syntax.
    Scalar(String),
    List(Vec<ParamValue>),
    /// An object; the order of its fields is kept.
    Object(Vec<(String, ParamValue)>),
    File(File),
}

impl ParamValue {
    /// Serializes a value.
    pub(super) fn serialize<T: Wire>(value: &T) -> Result<Self, ParamValueError> {
        without_read_only(|| SerdeAdapter(value).serialize(ParamValueSerializer))
    }

    /// Replaces files by their text, for places that cannot contain a file.
    ///
    /// # Errors
    /// If a file cannot be read, or is not UTF-8.
    pub(super) fn with_files_as_text(self) -> Result<Self, ParamValueError> {
        Ok(match self {
            Self::File(file) => {
                let bytes = file.to_bytes().map_err(|error| {
                    ParamValueError::custom(format!("cannot read the file: {error}"))
                })?;
                Self::Text(String::from_utf8(bytes).map_err(|_| {
                    ParamValueError::custom("the file is not UTF-8 text, which is required here")
                })?)
            }
            Self::List(items) => {
                let items = items.into_iter().map(Self::with_files_as_text);
                Self::List(items.collect::<Result<_, _>>()?)
            }
            Self::Object(fields) => {
                let fields = fields
                    .into_iter()
                    .map(|(key, value)| Ok((key, value.with_files_as_text()?)));
                Self::Object(fields.collect::<Result<_, _>>()?)
            }
            value => value,
        })
    }

    /// Returns the value as text; lists and objects as JSON.
    pub(super) fn into_text(self) -> String {
        match self {
            Self::Text(text) | Self::Scalar(text) => text,
            Self::Null => String::new(),
            value => value.to_json(),
        }
    }

    /// Returns the value as JSON text.
    pub(super) fn to_json(&self) -> String {
        let mut json = String::new();
        self.write_json(&mut json);
        json
    }

    /// Writes the value as JSON. Scalars keep their spelling and fields their order.
    fn write_json(&self, out: &mut String) {
        let quoted = |text: &str| serde_json::Value::from(text).to_string();
        match self {
            Self::Null => out.push_str("null"),
            Self::Text(text) => out.push_str(&quoted(text)),
            Self::Scalar(text) => out.push_str(text),
            Self::File(file) => {
                let text = String::from_utf8_lossy(file.bytes().unwrap_or_default());
                out.push_str(&quoted(&text));
            }
            Self::List(items) => {
                out.push('[');
                for (index, item) in items.iter().enumerate() {
                    out.push_str(if index > 0 { "," } else { "" });
                    item.write_json(out);
                }
                out.push(']');
            }
            Self::Object(pairs) => {
                out.push('{');
                for (index, (key, value)) in pairs.iter().enumerate() {
                    out.push_str(if index > 0 { "," } else { "" });
                    out.push_str(&quoted(key));
                    out.push(':');
                    value.write_json(out);
                }
                out.push('}');
            }
        }
    }
}

/// The reason why a value cannot be serialized.
#[derive(Debug)]
pub(super) struct ParamValueError(String);

impl fmt::Display for ParamValueError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ParamValueError {}

impl ser::Error for ParamValueError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self(message.to_string())
    }
}
