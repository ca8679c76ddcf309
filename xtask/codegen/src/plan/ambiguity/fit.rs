//! How well a value fits a type: the rules of the runtime's `wire::fit`, on types that are not compiled yet.

use serde_json::{Map, Value};

use super::Types;
use super::both::{ENCODED, MOMENT};
use crate::ir::Literal;
use crate::plan::models::{FieldPlan, ModelKind, VariantPlan, Wire};
use crate::plan::types::RustType;

/// As deep as the runtime looks.
const DEPTH: u8 = 5;

/// The score of a value as a whole.
pub(super) fn whole(types: &Types<'_>, ty: &RustType, value: &Value) -> Option<u32> {
    fit(types, ty, value, DEPTH)
}

fn fit(types: &Types<'_>, ty: &RustType, value: &Value, depth: u8) -> Option<u32> {
    if value.is_null() && matches!(ty, RustType::Option(_) | RustType::Patch(_)) {
        return Some(1);
    }
    let bare = types.bare(ty);
    match bare.kind {
        Some(ModelKind::Struct { fields, .. }) => object(types, fields, value.as_object()?, depth),
        Some(ModelKind::Enum(values, _)) => {
            let text = value.as_str()?;
            Some(if values.iter().any(|known| known.wire == text) {
                2
            } else {
                0
            })
        }
        Some(ModelKind::Union { tag, variants, .. }) => {
            union(types, tag.as_deref(), variants, value, depth)
        }
        Some(ModelKind::Alias(_)) => None,
        None => plain(types, bare.ty, value, depth),
    }
}

fn below(types: &Types<'_>, ty: &RustType, value: &Value, depth: u8) -> Option<u32> {
    match depth.checked_sub(1) {
        Some(depth) => fit(types, ty, value, depth),
        None => Some(0),
    }
}

fn object(
    types: &Types<'_>,
    fields: &[FieldPlan],
    entries: &Map<String, Value>,
    depth: u8,
) -> Option<u32> {
    let mut score = 1;
    let mut known = 0;
    let mut extra = None;
    for field in fields {
        match &field.wire {
            Wire::Extra => extra = Some(&field.ty),
            Wire::Named { name, nullable, .. } => match entries.get(name) {
                Some(value) => {
                    known += 1;
                    score += 2 + below(types, &field.ty, value, depth)?;
                }
                None if is_required(field, *nullable) => return None,
                None => {}
            },
            Wire::Fixed {
                name,
                value,
                optional,
            } => match entries.get(name) {
                Some(given) => {
                    known += 1;
                    score += is(value, given).then_some(5)?;
                }
                None if *optional => {}
                None => return None,
            },
        }
    }
    match extra {
        None if depth == DEPTH && known * 2 < entries.len() => None,
        None => Some(score),
        Some(ty) => others(types, fields, ty, entries, depth).map(|more| score + more),
    }
}

/// What is kept without a field of its own.
fn others(
    types: &Types<'_>,
    fields: &[FieldPlan],
    extra: &RustType,
    entries: &Map<String, Value>,
    depth: u8,
) -> Option<u32> {
    let RustType::Map(ty) = extra else {
        return Some(0);
    };
    let named = |key: &str| fields.iter().any(|field| name(field) == Some(key));
    let rest = entries.iter().filter(|(key, _)| !named(key));
    rest.map(|(_, value)| Some(1 + below(types, ty, value, depth)?))
        .sum()
}

/// What a field is called on the wire.
pub(super) fn name(field: &FieldPlan) -> Option<&str> {
    match &field.wire {
        Wire::Named { name, .. } | Wire::Fixed { name, .. } => Some(name),
        Wire::Extra => None,
    }
}

/// Whether a named field has to be there.
pub(super) fn is_required(field: &FieldPlan, nullable: bool) -> bool {
    nullable || !matches!(field.ty, RustType::Option(_) | RustType::Patch(_))
}

fn is(literal: &Literal, value: &Value) -> bool {
    *value == of(literal)
}

/// A literal as JSON.
pub(super) fn of(literal: &Literal) -> Value {
    match literal {
        Literal::Null => Value::Null,
        Literal::Bool(value) => (*value).into(),
        Literal::Integer(value) => (*value).into(),
        Literal::String(text) => text.as_str().into(),
    }
}

fn union(
    types: &Types<'_>,
    tag: Option<&str>,
    variants: &[VariantPlan],
    value: &Value,
    depth: u8,
) -> Option<u32> {
    let Some(tag) = tag else {
        let scores = variants
            .iter()
            .filter_map(|variant| fit(types, &variant.ty, value, depth));
        return Some(scores.max().unwrap_or(0));
    };
    let tag = value
        .as_object()?
        .get(tag)
        .and_then(Value::as_str)
        .unwrap_or_default();
    let tagged = |variant: &&VariantPlan| variant.tags.iter().any(|known| known == tag);
    match variants.iter().find(tagged) {
        Some(variant) => fit(types, &variant.ty, value, depth).map(|score| score + 4),
        None => Some(0),
    }
}

fn plain(types: &Types<'_>, ty: &RustType, value: &Value, depth: u8) -> Option<u32> {
    match ty {
        RustType::Vec(item) => {
            let items = value.as_array()?.iter();
            items
                .map(|value| below(types, item, value, depth))
                .sum::<Option<u32>>()
                .map(|sum| sum + 1)
        }
        RustType::Map(inner) => {
            let entries = value.as_object()?.values();
            let scores = entries.map(|value| Some(1 + below(types, inner, value, depth)?));
            scores.sum::<Option<u32>>().map(|sum| sum + 1)
        }
        RustType::Unit => value.is_null().then_some(1),
        RustType::Runtime("Value") => Some(0),
        RustType::Runtime("Number") | RustType::Plain("f64") => value.is_number().then_some(1),
        RustType::Plain("bool") => value.is_boolean().then_some(1),
        RustType::Plain("i32" | "i64" | "u64") => value.is_i64().then_some(2),
        RustType::Runtime("Timestamp") => value
            .as_str()
            .map(|text| if text == MOMENT { 2 } else { 0 }),
        RustType::Runtime("Bytes") => value.as_str().map(|text| u32::from(text == ENCODED)),
        _ => value.as_str().map(|_| 1),
    }
}
