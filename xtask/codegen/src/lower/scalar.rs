//! Scalars: `type` and `format`, and single values.

use serde_json::{Number, Value};

use crate::ir::{Integer, Literal, Primitive};

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

/// An integer, also one that is written as `1.0`.
pub(super) fn integral(number: &Number) -> Option<i128> {
    number.as_i128().or_else(|| {
        let float = number.as_f64().filter(|float| float.fract() == 0.0)?;
        // Beyond 2^53, a float does not name one integer.
        (float.abs() < 9_007_199_254_740_992.0).then_some(float as i128)
    })
}

/// The literal of a JSON value, unless it is an array, an object or an integer that is not an `i64`.
pub(super) fn literal(value: &Value) -> Option<Literal> {
    match value {
        Value::Null => Some(Literal::Null),
        Value::Bool(value) => Some(Literal::Bool(*value)),
        Value::Number(value) if value.as_f64().is_some_and(|float| float.fract() != 0.0) => {
            Some(Literal::Number(value.clone()))
        }
        Value::Number(value) => {
            let integer = integral(value).filter(|integer| i64::try_from(*integer).is_ok());
            integer.map(Literal::Integer)
        }
        Value::String(value) => Some(Literal::String(value.clone())),
        Value::Array(_) | Value::Object(_) => None,
    }
}

/// Whether a string of this format is read as text, so that it cannot be distinguished from other strings.
pub(super) fn is_text(format: Option<&str>) -> bool {
    !matches!(
        format,
        Some("date-time" | "byte" | "base64" | "binary" | "password")
    )
}
