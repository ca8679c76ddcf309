//! A value taken apart, as far as parameters and forms can carry it: text, lists, pairs, files.

mod serializer;

use std::fmt;

use serde_core::ser::{self, Error as _, Serialize};

use crate::File;
use serializer::NodeSerializer;

/// A value taken apart.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Node {
    /// Null, or nothing.
    Null,
    /// Text.
    Text(String),
    /// A number or a bool, as JSON writes it.
    Plain(String),
    /// A list.
    List(Vec<Node>),
    /// An object, in order.
    Object(Vec<(String, Node)>),
    /// A file.
    File(File),
}

impl Node {
    /// Takes a value apart.
    pub(super) fn of<T: crate::private::Wire>(value: &T) -> Result<Self, NodeError> {
        crate::private::SerdeAdapter(value).serialize(NodeSerializer)
    }

    /// The value where files have no place: they are their text.
    pub(super) fn without_files(self) -> Result<Self, NodeError> {
        Ok(match self {
            Self::File(file) => {
                let bytes = file
                    .to_bytes()
                    .map_err(|why| NodeError::custom(format!("the file cannot be read: {why}")))?;
                Self::Text(
                    String::from_utf8(bytes).map_err(|_| {
                        NodeError::custom("a file that is not text cannot travel here")
                    })?,
                )
            }
            Self::List(items) => {
                let items = items.into_iter().map(Self::without_files);
                Self::List(items.collect::<Result<_, _>>()?)
            }
            Self::Object(fields) => {
                let fields = fields
                    .into_iter()
                    .map(|(key, value)| Ok((key, value.without_files()?)));
                Self::Object(fields.collect::<Result<_, _>>()?)
            }
            other => other,
        })
    }

    /// The value as one text, lists and objects as JSON.
    pub(super) fn into_text(self) -> String {
        match self {
            Self::Text(text) | Self::Plain(text) => text,
            Self::Null => String::new(),
            structured => {
                let mut json = String::new();
                structured.write_json(&mut json);
                json
            }
        }
    }

    /// JSON in which numbers are numbers and everything keeps its order.
    fn write_json(&self, out: &mut String) {
        let quoted = |text: &str| serde_json::Value::from(text).to_string();
        match self {
            Self::Null => out.push_str("null"),
            Self::Text(text) => out.push_str(&quoted(text)),
            Self::Plain(text) => out.push_str(text),
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

/// Why a value cannot be taken apart.
#[derive(Debug)]
pub(super) struct NodeError(String);

impl fmt::Display for NodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for NodeError {}

impl ser::Error for NodeError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self(message.to_string())
    }
}
