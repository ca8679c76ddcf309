//! What the search for a common value and the match score share: sample texts, and facts about fields.

use serde_json::{Number, Value};

use crate::ir::Literal;
use crate::plan::models::model_plan::{FieldEncoding, FieldPlan};
use crate::plan::rust_type::RustType;

/// A text that is a timestamp.
pub(super) const SAMPLE_TIMESTAMP: &str = "2026-01-02T03:04:05Z";

/// A text that is Base64.
pub(super) const SAMPLE_BASE64: &str = "QUJD";

/// Returns a constant as JSON.
pub(super) fn to_json(literal: &Literal) -> Value {
    match literal {
        Literal::Null => Value::Null,
        Literal::Bool(value) => (*value).into(),
        Literal::Integer(value) => Number::from_i128(*value).map_or(Value::Null, Value::Number),
        Literal::Number(value) => Value::Number(value.clone()),
        Literal::String(text) => text.as_str().into(),
    }
}

/// Returns a string or an integer as a constant.
pub(super) fn to_literal(value: &Value) -> Option<Literal> {
    match value {
        Value::String(text) => Some(Literal::String(text.clone())),
        Value::Number(number) => number.as_i128().map(Literal::Integer),
        _ => None,
    }
}

/// Returns whether the property of a field must be present.
pub(super) fn is_required(field: &FieldPlan) -> bool {
    match &field.encoding {
        FieldEncoding::Named { nullable, .. } => {
            *nullable || !matches!(field.ty, RustType::Option(_) | RustType::Patch(_))
        }
        FieldEncoding::Fixed { optional, .. } => !optional,
        FieldEncoding::Extra => false,
    }
}
