//! Scalars and enumerations.

use serde_json::Value;

use super::{Lower, Place};
use crate::ir::{Docs, Enum, EnumValue, Integer, Literal, Primitive, Shape, TypeId, TypeRef};
use crate::spec::Schema;

/// The primitive of a `type` and its `format`.
pub(super) fn primitive(kind: &str, format: Option<&str>) -> Primitive {
    match (kind, format) {
        ("boolean", _) => Primitive::Bool,
        ("integer", Some("int32" | "int16" | "int8")) => Primitive::Integer(Integer::I32),
        ("integer", Some("uint64")) => Primitive::Integer(Integer::U64),
        ("integer", Some("bigint")) => Primitive::Integer(Integer::Big),
        ("integer", _) => Primitive::Integer(Integer::I64),
        ("number", _) => Primitive::Number,
        ("string", Some("date-time")) => Primitive::Timestamp,
        ("string", Some("byte" | "base64")) => Primitive::Bytes,
        ("string", Some("binary")) => Primitive::File,
        ("string", Some("password")) => Primitive::Secret,
        ("string", format) => Primitive::String {
            format: format.map(str::to_owned),
        },
        ("null", _) => Primitive::Null,
        _ => Primitive::Any,
    }
}

/// The fixed value that a JSON value is, if a type can state it.
pub(super) fn literal(value: &Value) -> Option<Literal> {
    match value {
        Value::Null => Some(Literal::Null),
        Value::Bool(value) => Some(Literal::Bool(*value)),
        Value::Number(value) => value.as_i64().map(Literal::Integer),
        Value::String(value) => Some(Literal::String(value.clone())),
        Value::Array(_) | Value::Object(_) => None,
    }
}

impl Lower<'_> {
    /// A schema that lists its values. The values decide, since the `type` beside them is sometimes a lie.
    pub(super) fn enumeration(
        &mut self,
        schema: &Schema,
        place: &Place,
        slot: Option<TypeId>,
    ) -> TypeRef {
        let values = &schema.values;
        if values.iter().all(Value::is_string) {
            let values = values.iter().filter_map(Value::as_str);
            let values = values
                .map(|value| EnumValue {
                    value: value.to_owned(),
                    docs: Docs::default(),
                })
                .collect();
            let id = self.allot(schema, place, slot);
            self.types.get_mut(id).shape = Shape::Enum(Enum { values });
            return TypeRef::Named(id);
        }
        let format = schema.format.as_deref();
        TypeRef::Primitive(if values.iter().all(Value::is_boolean) {
            Primitive::Bool
        } else if values.iter().all(|value| value.is_i64() || value.is_u64()) {
            primitive("integer", format)
        } else if values.iter().all(Value::is_number) {
            Primitive::Number
        } else {
            Primitive::Any
        })
    }
}
