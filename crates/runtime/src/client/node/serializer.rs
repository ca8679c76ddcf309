//! How a value is taken apart.

use serde_core::ser::{self, Error as _, Serialize};

use super::{Node, NodeError};
use crate::File;

pub(super) struct NodeSerializer;

type Made = Result<Node, NodeError>;

fn text(value: impl ToString) -> Made {
    Ok(Node::Text(value.to_string()))
}

fn plain(value: impl ToString) -> Made {
    Ok(Node::Plain(value.to_string()))
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

    /// Files hand themselves over to whoever does not want text.
    fn is_human_readable(&self) -> bool {
        false
    }

    fn serialize_bool(self, value: bool) -> Made {
        plain(value)
    }
    fn serialize_i8(self, value: i8) -> Made {
        plain(value)
    }
    fn serialize_i16(self, value: i16) -> Made {
        plain(value)
    }
    fn serialize_i32(self, value: i32) -> Made {
        plain(value)
    }
    fn serialize_i64(self, value: i64) -> Made {
        plain(value)
    }
    fn serialize_u8(self, value: u8) -> Made {
        plain(value)
    }
    fn serialize_u16(self, value: u16) -> Made {
        plain(value)
    }
    fn serialize_u32(self, value: u32) -> Made {
        plain(value)
    }
    fn serialize_u64(self, value: u64) -> Made {
        plain(value)
    }
    fn serialize_f32(self, value: f32) -> Made {
        plain(value)
    }
    fn serialize_f64(self, value: f64) -> Made {
        // As in JSON: `1e300` rather than three hundred digits.
        plain(serde_json::Value::from(value))
    }
    fn serialize_char(self, value: char) -> Made {
        text(value)
    }
    fn serialize_str(self, value: &str) -> Made {
        text(value)
    }
    fn serialize_bytes(self, value: &[u8]) -> Made {
        Ok(Node::File(File::new(value)))
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
        name: &'static str,
        value: &T,
    ) -> Made {
        match File::take_current().filter(|_| name == File::SERDE_NAME) {
            Some(file) => Ok(Node::File(file)),
            None => value.serialize(self),
        }
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
            whole: Whole::Object,
            key: None,
            pairs: Vec::new(),
        })
    }
    fn serialize_struct(self, name: &'static str, _len: usize) -> Result<Pairs, NodeError> {
        Ok(Pairs {
            whole: match name {
                NUMBER => Whole::Number,
                _ => Whole::Object,
            },
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

pub(super) struct Items(Vec<Node>);

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

/// How serde_json shows a number where somebody turned on `arbitrary_precision`: a struct of one text.
const NUMBER: &str = "$serde_json::private::Number";

/// What pairs make up.
enum Whole {
    Object,
    Number,
}

pub(super) struct Pairs {
    whole: Whole,
    key: Option<String>,
    pairs: Vec<(String, Node)>,
}

impl Pairs {
    fn finish(self) -> Node {
        match self.whole {
            Whole::Object => Node::Object(self.pairs),
            Whole::Number => {
                let text = self
                    .pairs
                    .into_iter()
                    .next()
                    .map(|(_, text)| text.into_text());
                Node::Plain(text.unwrap_or_default())
            }
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
