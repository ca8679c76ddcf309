//! A value taken apart, as far as parameters and forms can carry it: text, lists, pairs, files.

use serde_core::ser::{self, Error as _, Serialize};
use std::fmt;

/// A value taken apart.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Node {
    /// Null, or nothing.
    Null,
    /// A scalar as text.
    Text(String),
    /// A list.
    List(Vec<Node>),
    /// An object, in order.
    Object(Vec<(String, Node)>),
    /// A file.
    File {
        name: Option<String>,
        content_type: Option<String>,
        bytes: Vec<u8>,
    },
}

impl Node {
    /// Takes a value apart.
    pub(super) fn of<T: crate::private::Wire>(value: &T) -> Result<Self, NodeError> {
        crate::private::ByWire(value).serialize(NodeSerializer)
    }

    /// The value as one text, lists and objects as JSON.
    pub(super) fn into_text(self) -> String {
        match self {
            Self::Text(text) => text,
            Self::Null => String::new(),
            Self::File { bytes, .. } => String::from_utf8_lossy(&bytes).into_owned(),
            structured => structured.json().to_string(),
        }
    }

    fn json(self) -> serde_json::Value {
        match self {
            Self::Null => serde_json::Value::Null,
            Self::Text(text) => text.into(),
            Self::File { bytes, .. } => String::from_utf8_lossy(&bytes).into(),
            Self::List(items) => items.into_iter().map(Self::json).collect(),
            Self::Object(pairs) => pairs
                .into_iter()
                .map(|(key, value)| (key, value.json()))
                .collect(),
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

struct NodeSerializer;

type Made = Result<Node, NodeError>;

fn text(value: impl ToString) -> Made {
    Ok(Node::Text(value.to_string()))
}

impl ser::Serializer for NodeSerializer {
    type Ok = Node;
    type Error = NodeError;
    type SerializeSeq = Items;
    type SerializeTuple = Items;
    type SerializeTupleStruct = Items;
    type SerializeTupleVariant = ser::Impossible<Node, NodeError>;
    type SerializeMap = Pairs;
    type SerializeStruct = Pairs;
    type SerializeStructVariant = ser::Impossible<Node, NodeError>;

    /// Files show themselves whole to whoever does not want text.
    fn is_human_readable(&self) -> bool {
        false
    }

    fn serialize_bool(self, value: bool) -> Made {
        text(value)
    }
    fn serialize_i8(self, value: i8) -> Made {
        text(value)
    }
    fn serialize_i16(self, value: i16) -> Made {
        text(value)
    }
    fn serialize_i32(self, value: i32) -> Made {
        text(value)
    }
    fn serialize_i64(self, value: i64) -> Made {
        text(value)
    }
    fn serialize_u8(self, value: u8) -> Made {
        text(value)
    }
    fn serialize_u16(self, value: u16) -> Made {
        text(value)
    }
    fn serialize_u32(self, value: u32) -> Made {
        text(value)
    }
    fn serialize_u64(self, value: u64) -> Made {
        text(value)
    }
    fn serialize_f32(self, value: f32) -> Made {
        text(value)
    }
    fn serialize_f64(self, value: f64) -> Made {
        text(value)
    }
    fn serialize_char(self, value: char) -> Made {
        text(value)
    }
    fn serialize_str(self, value: &str) -> Made {
        text(value)
    }
    fn serialize_bytes(self, value: &[u8]) -> Made {
        Ok(Node::File {
            name: None,
            content_type: None,
            bytes: value.to_vec(),
        })
    }
    fn serialize_none(self) -> Made {
        Ok(Node::Null)
    }
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Made {
        value.serialize(self)
    }
    fn serialize_unit(self) -> Made {
        Ok(Node::Null)
    }
    fn serialize_unit_struct(self, _name: &'static str) -> Made {
        Ok(Node::Null)
    }
    fn serialize_unit_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
    ) -> Made {
        text(variant)
    }
    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        value: &T,
    ) -> Made {
        value.serialize(self)
    }
    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        _index: u32,
        _variant: &'static str,
        value: &T,
    ) -> Made {
        value.serialize(self)
    }
    fn serialize_seq(self, _len: Option<usize>) -> Result<Items, NodeError> {
        Ok(Items(Vec::new()))
    }
    fn serialize_tuple(self, _len: usize) -> Result<Items, NodeError> {
        Ok(Items(Vec::new()))
    }
    fn serialize_tuple_struct(self, _name: &'static str, _len: usize) -> Result<Items, NodeError> {
        Ok(Items(Vec::new()))
    }
    fn serialize_tuple_variant(
        self,
        name: &'static str,
        _index: u32,
        _variant: &'static str,
        _len: usize,
    ) -> Result<Self::SerializeTupleVariant, NodeError> {
        Err(NodeError::custom(format!("{name} cannot travel here")))
    }
    fn serialize_map(self, _len: Option<usize>) -> Result<Pairs, NodeError> {
        Ok(Pairs {
            is_file: false,
            key: None,
            pairs: Vec::new(),
        })
    }
    fn serialize_struct(self, name: &'static str, _len: usize) -> Result<Pairs, NodeError> {
        Ok(Pairs {
            is_file: name == crate::File::NAME,
            key: None,
            pairs: Vec::new(),
        })
    }
    fn serialize_struct_variant(
        self,
        name: &'static str,
        _index: u32,
        _variant: &'static str,
        _len: usize,
    ) -> Result<Self::SerializeStructVariant, NodeError> {
        Err(NodeError::custom(format!("{name} cannot travel here")))
    }
}

struct Items(Vec<Node>);

impl Items {
    fn push<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), NodeError> {
        self.0.push(value.serialize(NodeSerializer)?);
        Ok(())
    }
}

impl ser::SerializeSeq for Items {
    type Ok = Node;
    type Error = NodeError;
    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), NodeError> {
        self.push(value)
    }
    fn end(self) -> Made {
        Ok(Node::List(self.0))
    }
}

impl ser::SerializeTuple for Items {
    type Ok = Node;
    type Error = NodeError;
    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), NodeError> {
        self.push(value)
    }
    fn end(self) -> Made {
        Ok(Node::List(self.0))
    }
}

impl ser::SerializeTupleStruct for Items {
    type Ok = Node;
    type Error = NodeError;
    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), NodeError> {
        self.push(value)
    }
    fn end(self) -> Made {
        Ok(Node::List(self.0))
    }
}

struct Pairs {
    is_file: bool,
    key: Option<String>,
    pairs: Vec<(String, Node)>,
}

impl Pairs {
    fn finish(self) -> Node {
        if !self.is_file {
            return Node::Object(self.pairs);
        }
        let (mut name, mut content_type, mut bytes) = (None, None, Vec::new());
        for (key, value) in self.pairs {
            match (key.as_str(), value) {
                ("name", Node::Text(text)) => name = Some(text),
                ("content_type", Node::Text(text)) => content_type = Some(text),
                (_, Node::File { bytes: raw, .. }) => bytes = raw,
                _ => {}
            }
        }
        Node::File {
            name,
            content_type,
            bytes,
        }
    }
}

impl ser::SerializeMap for Pairs {
    type Ok = Node;
    type Error = NodeError;
    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), NodeError> {
        self.key = Some(key.serialize(NodeSerializer)?.into_text());
        Ok(())
    }
    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), NodeError> {
        let key = self.key.take().unwrap_or_default();
        self.pairs.push((key, value.serialize(NodeSerializer)?));
        Ok(())
    }
    fn end(self) -> Made {
        Ok(self.finish())
    }
}

impl ser::SerializeStruct for Pairs {
    type Ok = Node;
    type Error = NodeError;
    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        key: &'static str,
        value: &T,
    ) -> Result<(), NodeError> {
        self.pairs
            .push((key.to_owned(), value.serialize(NodeSerializer)?));
        Ok(())
    }
    fn end(self) -> Made {
        Ok(self.finish())
    }
}
