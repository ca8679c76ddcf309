//! The serde serializer of [`ParamValue`].

use serde_core::ser::{self, Error as _, Serialize};

use super::param_value::{ParamValue, ParamValueError};
use crate::File;

pub(super) struct ParamValueSerializer;

type Serialized = Result<ParamValue, ParamValueError>;

fn text(value: impl ToString) -> Serialized {
    Ok(ParamValue::Text(value.to_string()))
}

fn scalar(value: impl ToString) -> Serialized {
    Ok(ParamValue::Scalar(value.to_string()))
}

impl ser::Serializer for ParamValueSerializer {
    type Ok = ParamValue;
    type Error = ParamValueError;
    type SerializeSeq = Elements;
    type SerializeTuple = Elements;
    type SerializeTupleStruct = Elements;
    type SerializeTupleVariant = ser::Impossible<ParamValue, ParamValueError>;
    type SerializeMap = Fields;
    type SerializeStruct = Fields;
    type SerializeStructVariant = ser::Impossible<ParamValue, ParamValueError>;

    /// `File` serializes itself as a file only for a format that is not human-readable.
    fn is_human_readable(&self) -> bool {
        false
    }

    fn serialize_bool(self, value: bool) -> Serialized {
        scalar(value)
    }
    fn serialize_i8(self, value: i8) -> Serialized {
        scalar(value)
    }
    fn serialize_i16(self, value: i16) -> Serialized {
        scalar(value)
    }
    fn serialize_i32(self, value: i32) -> Serialized {
        scalar(value)
    }
    fn serialize_i64(self, value: i64) -> Serialized {
        scalar(value)
    }
    fn serialize_u8(self, value: u8) -> Serialized {
        scalar(value)
    }
    fn serialize_u16(self, value: u16) -> Serialized {
        scalar(value)
    }
    fn serialize_u32(self, value: u32) -> Serialized {
        scalar(value)
    }
    fn serialize_u64(self, value: u64) -> Serialized {
        scalar(value)
    }
    fn serialize_i128(self, value: i128) -> Serialized {
        scalar(value)
    }
    fn serialize_u128(self, value: u128) -> Serialized {
        scalar(value)
    }
    fn serialize_f32(self, value: f32) -> Serialized {
        scalar(value)
    }
    fn serialize_f64(self, value: f64) -> Serialized {
        // As in JSON: `1e300`, not 301 digits.
        scalar(serde_json::Value::from(value))
    }
    fn serialize_char(self, value: char) -> Serialized {
        text(value)
    }
    fn serialize_str(self, value: &str) -> Serialized {
        text(value)
    }
    fn serialize_bytes(self, value: &[u8]) -> Serialized {
        Ok(ParamValue::File(File::new(value)))
    }
    fn serialize_none(self) -> Serialized {
        Ok(ParamValue::Null)
    }
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Serialized {
        value.serialize(self)
    }
    fn serialize_unit(self) -> Serialized {
        Ok(ParamValue::Null)
    }
    fn serialize_unit_struct(self, _name: &'static str) -> Serialized {
        Ok(ParamValue::Null)
    }
    fn serialize_unit_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
    ) -> Serialized {
        text(variant)
    }
    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        value: &T,
    ) -> Serialized {
        match File::take_current().filter(|_| name == File::SERDE_NAME) {
            Some(file) => Ok(ParamValue::File(file)),
            None => value.serialize(self),
        }
    }
    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        _index: u32,
        _variant: &'static str,
        value: &T,
    ) -> Serialized {
        value.serialize(self)
    }
    fn serialize_seq(self, _len: Option<usize>) -> Result<Elements, ParamValueError> {
        Ok(Elements(Vec::new()))
    }
    fn serialize_tuple(self, _len: usize) -> Result<Elements, ParamValueError> {
        Ok(Elements(Vec::new()))
    }
    fn serialize_tuple_struct(
        self,
        _name: &'static str,
        _len: usize,
    ) -> Result<Elements, ParamValueError> {
        Ok(Elements(Vec::new()))
    }
    fn serialize_tuple_variant(
        self,
        name: &'static str,
        _index: u32,
        _variant: &'static str,
        _len: usize,
    ) -> Result<Self::SerializeTupleVariant, ParamValueError> {
        Err(ParamValueError::custom(format!(
            "unsupported enum variant of `{name}`"
        )))
    }
    fn serialize_map(self, _len: Option<usize>) -> Result<Fields, ParamValueError> {
        Ok(Fields {
            kind: FieldsKind::Object,
            key: None,
            fields: Vec::new(),
        })
    }
    fn serialize_struct(self, name: &'static str, _len: usize) -> Result<Fields, ParamValueError> {
        Ok(Fields {
            kind: match name {
                NUMBER => FieldsKind::Number,
                _ => FieldsKind::Object,
            },
            key: None,
            fields: Vec::new(),
        })
    }
    fn serialize_struct_variant(
        self,
        name: &'static str,
        _index: u32,
        _variant: &'static str,
        _len: usize,
    ) -> Result<Self::SerializeStructVariant, ParamValueError> {
        Err(ParamValueError::custom(format!(
            "unsupported enum variant of `{name}`"
        )))
    }
}

pub(super) struct Elements(Vec<ParamValue>);

impl Elements {
    fn push<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), ParamValueError> {
        self.0.push(value.serialize(ParamValueSerializer)?);
        Ok(())
    }
}

impl ser::SerializeSeq for Elements {
    type Ok = ParamValue;
    type Error = ParamValueError;
    fn serialize_element<T: Serialize + ?Sized>(
        &mut self,
        value: &T,
    ) -> Result<(), ParamValueError> {
        self.push(value)
    }
    fn end(self) -> Serialized {
        Ok(ParamValue::List(self.0))
    }
}

impl ser::SerializeTuple for Elements {
    type Ok = ParamValue;
    type Error = ParamValueError;
    fn serialize_element<T: Serialize + ?Sized>(
        &mut self,
        value: &T,
    ) -> Result<(), ParamValueError> {
        self.push(value)
    }
    fn end(self) -> Serialized {
        Ok(ParamValue::List(self.0))
    }
}

impl ser::SerializeTupleStruct for Elements {
    type Ok = ParamValue;
    type Error = ParamValueError;
    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), ParamValueError> {
        self.push(value)
    }
    fn end(self) -> Serialized {
        Ok(ParamValue::List(self.0))
    }
}

/// The name under which serde_json serializes a number with its feature `arbitrary_precision`: a struct of one string.
const NUMBER: &str = "$serde_json::private::Number";

/// What a sequence of fields represents.
enum FieldsKind {
    Object,
    Number,
}

pub(super) struct Fields {
    kind: FieldsKind,
    key: Option<String>,
    fields: Vec<(String, ParamValue)>,
}

impl Fields {
    fn into_value(self) -> ParamValue {
        match self.kind {
            FieldsKind::Object => ParamValue::Object(self.fields),
            FieldsKind::Number => {
                let text = self
                    .fields
                    .into_iter()
                    .next()
                    .map(|(_, text)| text.into_text());
                ParamValue::Scalar(text.unwrap_or_default())
            }
        }
    }
}

impl ser::SerializeMap for Fields {
    type Ok = ParamValue;
    type Error = ParamValueError;
    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), ParamValueError> {
        self.key = Some(key.serialize(ParamValueSerializer)?.into_text());
        Ok(())
    }
    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), ParamValueError> {
        let key = self.key.take().unwrap_or_default();
        self.fields
            .push((key, value.serialize(ParamValueSerializer)?));
        Ok(())
    }
    fn end(self) -> Serialized {
        Ok(self.into_value())
    }
}

impl ser::SerializeStruct for Fields {
    type Ok = ParamValue;
    type Error = ParamValueError;
    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        key: &'static str,
        value: &T,
    ) -> Result<(), ParamValueError> {
        self.fields
            .push((key.to_owned(), value.serialize(ParamValueSerializer)?));
        Ok(())
    }
    fn end(self) -> Serialized {
        Ok(self.into_value())
    }
}
