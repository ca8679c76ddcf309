//! Scores how well a value matches a type: the rules of the runtime for unions without a tag, applied to planned types.

use serde_json::{Map, Value};

use super::model_index::ModelIndex;
use super::samples::{SAMPLE_BASE64, SAMPLE_TIMESTAMP, is_required, to_json};
use crate::plan::models::model_plan::{FieldEncoding, FieldPlan, ModelKind, VariantPlan};
use crate::plan::rust_type::RustType;

/// The nesting that the runtime inspects.
const MAX_DEPTH: u8 = 5;

/// Returns the score of a value; `None` if it does not match.
pub(super) fn match_score(index: &ModelIndex<'_>, ty: &RustType, value: &Value) -> Option<u32> {
    type_score(index, ty, value, MAX_DEPTH)
}

fn type_score(index: &ModelIndex<'_>, ty: &RustType, value: &Value, depth: u8) -> Option<u32> {
    if !index.steps.spend(1) {
        return None;
    }
    if value.is_null() && matches!(ty, RustType::Option(_) | RustType::Patch(_)) {
        return Some(1);
    }
    let resolved = index.resolve(ty);
    match resolved.kind {
        Some(ModelKind::Struct { fields, .. }) => {
            struct_score(index, fields, value.as_object()?, depth)
        }
        Some(ModelKind::Enum { values, .. }) => {
            let text = value.as_str()?;
            let is_known = values.iter().any(|known| known.wire_value == text);
            Some(if is_known { 2 } else { 0 })
        }
        Some(ModelKind::Union { tag, variants, .. }) => {
            union_score(index, tag.as_deref(), variants, value, depth)
        }
        Some(ModelKind::Alias(_)) => None,
        None => plain_score(index, resolved.ty, value, depth),
    }
}

/// Returns the score of a nested value. Values below the maximum depth always match.
fn nested_score(index: &ModelIndex<'_>, ty: &RustType, value: &Value, depth: u8) -> Option<u32> {
    match depth.checked_sub(1) {
        Some(depth) => type_score(index, ty, value, depth),
        None => Some(0),
    }
}

fn struct_score(
    index: &ModelIndex<'_>,
    fields: &[FieldPlan],
    properties: &Map<String, Value>,
    depth: u8,
) -> Option<u32> {
    let mut score = 1;
    let mut known = 0;
    let mut extra = None;
    for field in fields {
        let Some(name) = field.encoding.wire_name() else {
            extra = Some(&field.ty);
            continue;
        };
        match (properties.get(name), &field.encoding) {
            (Some(actual), FieldEncoding::Fixed { value, .. }) => {
                known += 1;
                score += (*actual == to_json(value)).then_some(5)?;
            }
            (Some(actual), _) => {
                known += 1;
                score += 2 + nested_score(index, &field.ty, actual, depth)?;
            }
            (None, _) if is_required(field) => return None,
            (None, _) => {}
        }
    }
    match extra {
        None if depth == MAX_DEPTH && known * 2 < properties.len() => None,
        None => Some(score),
        Some(ty) => {
            let extra = extra_properties_score(index, fields, ty, properties, depth)?;
            Some(score + extra)
        }
    }
}

/// Returns the score of the properties without a field of their own.
fn extra_properties_score(
    index: &ModelIndex<'_>,
    fields: &[FieldPlan],
    extra: &RustType,
    properties: &Map<String, Value>,
    depth: u8,
) -> Option<u32> {
    let RustType::Map(ty) = extra else {
        return Some(0);
    };
    let has_field = |key: &str| {
        fields
            .iter()
            .any(|field| field.encoding.wire_name() == Some(key))
    };
    let extra = properties.iter().filter(|(key, _)| !has_field(key));
    extra
        .map(|(_, value)| Some(1 + nested_score(index, ty, value, depth)?))
        .sum()
}

fn union_score(
    index: &ModelIndex<'_>,
    tag: Option<&str>,
    variants: &[VariantPlan],
    value: &Value,
    depth: u8,
) -> Option<u32> {
    let Some(tag) = tag else {
        let scores = variants
            .iter()
            .filter_map(|variant| type_score(index, &variant.ty, value, depth));
        return Some(scores.max().unwrap_or(0));
    };
    let tag_value = value
        .as_object()?
        .get(tag)
        .and_then(Value::as_str)
        .unwrap_or_default();
    let is_selected = |variant: &&VariantPlan| variant.tags.iter().any(|tag| tag == tag_value);
    match variants.iter().find(is_selected) {
        Some(variant) => type_score(index, &variant.ty, value, depth).map(|score| score + 4),
        None => Some(0),
    }
}

fn plain_score(index: &ModelIndex<'_>, ty: &RustType, value: &Value, depth: u8) -> Option<u32> {
    match ty {
        RustType::Vec(item) => {
            let items = value.as_array()?.iter();
            let scores = items.map(|value| nested_score(index, item, value, depth));
            scores.sum::<Option<u32>>().map(|sum| sum + 1)
        }
        RustType::Map(inner) => {
            let values = value.as_object()?.values();
            let scores = values.map(|value| Some(1 + nested_score(index, inner, value, depth)?));
            scores.sum::<Option<u32>>().map(|sum| sum + 1)
        }
        RustType::Unit => value.is_null().then_some(1),
        RustType::Runtime("Value") => Some(0),
        RustType::Runtime("Number") | RustType::Builtin("f64") => value.is_number().then_some(1),
        RustType::Builtin("bool") => value.is_boolean().then_some(1),
        RustType::Builtin("i32" | "i64" | "u64") => value.is_i64().then_some(2),
        RustType::Runtime("Timestamp") => value
            .as_str()
            .map(|text| if text == SAMPLE_TIMESTAMP { 2 } else { 0 }),
        RustType::Runtime("Bytes") => value.as_str().map(|text| u32::from(text == SAMPLE_BASE64)),
        _ => value.as_str().map(|_| 1),
    }
}
