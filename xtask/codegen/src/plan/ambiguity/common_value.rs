//! Searches for a value that matches two types. The search is a heuristic: `match_score` verifies its result.

use serde_json::{Map, Value, json};

use super::model_index::{ModelIndex, ResolvedType};
use super::samples::{SAMPLE_BASE64, SAMPLE_TIMESTAMP, is_required, to_json};
use crate::ir::Literal;
use crate::limits::Budget;
use crate::plan::models::model_plan::{
    EnumValuePlan, FieldEncoding, FieldPlan, ModelKind, VariantPlan,
};
use crate::plan::rust_type::RustType;

/// The maximum nesting of the value; types can be recursive.
const MAX_DEPTH: u8 = 6;

/// The maximum number of steps for a pair of types; unions of unions have many combinations.
const MAX_STEPS: usize = 5_000;

/// Returns a small value that matches both types. It is not empty unless nothing else matches.
pub(super) fn common_value(
    index: &ModelIndex<'_>,
    first: &RustType,
    second: &RustType,
) -> Option<Value> {
    let search = Search {
        index,
        remaining_steps: Budget::new(MAX_STEPS),
    };
    search.common(first, second, MAX_DEPTH)
}

struct Search<'m> {
    index: &'m ModelIndex<'m>,
    remaining_steps: Budget,
}

impl Search<'_> {
    fn common(&self, first: &RustType, second: &RustType, depth: u8) -> Option<Value> {
        let is_allowed = self.remaining_steps.spend(1) && self.index.steps.spend(1);
        if !is_allowed {
            self.index.has_given_up.set(true);
            return None;
        }
        let depth = depth.checked_sub(1)?;
        let (first, second) = (self.index.resolve(first), self.index.resolve(second));
        match (first.is_any(), second.is_any()) {
            (true, true) => return Some(json!({})),
            (true, false) => return self.common(second.ty, second.ty, depth),
            (false, true) => return self.common(first.ty, first.ty, depth),
            (false, false) => {}
        }
        match (first.kind, second.kind) {
            (Some(ModelKind::Union { tag, variants, .. }), _) => {
                self.union_value(tag.as_deref(), variants, second.ty, depth)
            }
            (_, Some(ModelKind::Union { tag, variants, .. })) => {
                self.union_value(tag.as_deref(), variants, first.ty, depth)
            }
            (
                Some(ModelKind::Struct { fields: a, .. }),
                Some(ModelKind::Struct { fields: b, .. }),
            ) => self.struct_value(a, b, depth),
            (Some(ModelKind::Struct { fields, .. }), None) => {
                self.struct_as_map(fields, second.ty, depth)
            }
            (None, Some(ModelKind::Struct { fields, .. })) => {
                self.struct_as_map(fields, first.ty, depth)
            }
            (Some(ModelKind::Enum { values, .. }), _) => enum_value(values, &second),
            (_, Some(ModelKind::Enum { values, .. })) => enum_value(values, &first),
            (None, None) => self.plain_value(first.ty, second.ty, depth),
            _ => None,
        }
    }

    /// Returns a value that matches `other` and one of the variants.
    fn union_value(
        &self,
        tag: Option<&str>,
        variants: &[VariantPlan],
        other: &RustType,
        depth: u8,
    ) -> Option<Value> {
        variants.iter().find_map(|variant| {
            let mut value = self.common(&variant.ty, other, depth)?;
            if let (Some(tag), Some(tag_value), Some(object)) =
                (tag, variant.tags.first(), value.as_object_mut())
            {
                object.insert(tag.to_owned(), to_json(tag_value));
            }
            Some(value)
        })
    }

    /// Returns an object with the required properties of both structs, or else with one that they share.
    fn struct_value(&self, a: &[FieldPlan], b: &[FieldPlan], depth: u8) -> Option<Value> {
        let mut object = Map::new();
        for (own, other) in [(a, b), (b, a)] {
            for field in own.iter().filter(|field| is_required(field)) {
                let Some(name) = field.encoding.wire_name() else {
                    continue;
                };
                if !object.contains_key(name) {
                    object.insert(name.to_owned(), self.property_value(field, other, depth)?);
                }
            }
        }
        if object.is_empty() {
            let shared = a.iter().find_map(|field| {
                let name = field.encoding.wire_name()?;
                find_property(b, name)?;
                Some((name.to_owned(), self.property_value(field, b, depth)?))
            });
            object.extend(shared);
        }
        Some(Value::Object(object))
    }

    /// Returns a value for a field that also matches the property of the other struct.
    fn property_value(&self, field: &FieldPlan, other: &[FieldPlan], depth: u8) -> Option<Value> {
        let other = find_property(other, field.encoding.wire_name()?);
        match (&field.encoding, other) {
            (FieldEncoding::Fixed { value, .. }, _) => Some(to_json(value)),
            (
                _,
                Some(FieldPlan {
                    encoding: FieldEncoding::Fixed { value, .. },
                    ..
                }),
            ) => Some(to_json(value)),
            (_, Some(other)) => self.common(&field.ty, &other.ty, depth),
            (_, None) => self.common(&field.ty, &field.ty, depth),
        }
    }

    /// Returns an object that matches a struct and a map.
    fn struct_as_map(&self, fields: &[FieldPlan], map: &RustType, depth: u8) -> Option<Value> {
        let RustType::Map(inner) = map else {
            return None;
        };
        let mut object = Map::new();
        for field in fields.iter().filter(|field| is_required(field)) {
            let value = match &field.encoding {
                FieldEncoding::Fixed { value, .. } => to_json(value),
                _ => self.common(&field.ty, inner, depth)?,
            };
            object.insert(field.encoding.wire_name()?.to_owned(), value);
        }
        Some(Value::Object(object))
    }

    /// Returns a list that matches two types of which one is a tuple or an array.
    fn tuple_value(&self, a: &RustType, b: &RustType, depth: u8) -> Option<Value> {
        let length = [a, b].into_iter().find_map(|ty| match ty {
            RustType::Tuple(items) => Some(items.len()),
            RustType::Array(_, length) => Some(*length),
            _ => None,
        })?;
        let item = |ty: &'_ RustType, index: usize| match ty {
            RustType::Tuple(items) if items.len() == length => items.get(index).cloned(),
            RustType::Array(item, other) if *other == length => Some((**item).clone()),
            RustType::Vec(item) => Some((**item).clone()),
            _ => None,
        };
        let items = (0..length).map(|index| self.common(&item(a, index)?, &item(b, index)?, depth));
        items.collect::<Option<Vec<Value>>>().map(Value::Array)
    }

    fn plain_value(&self, a: &RustType, b: &RustType, depth: u8) -> Option<Value> {
        match (a, b) {
            (RustType::Vec(a), RustType::Vec(b)) => Some(json!([self.common(a, b, depth)?])),
            (RustType::Tuple(_) | RustType::Array(..), _)
            | (_, RustType::Tuple(_) | RustType::Array(..)) => self.tuple_value(a, b, depth),
            (RustType::Map(a), RustType::Map(b)) => Some(json!({"key": self.common(a, b, depth)?})),
            (RustType::Unit, RustType::Unit) => Some(Value::Null),
            (RustType::Builtin("bool"), RustType::Builtin("bool")) => Some(true.into()),
            _ if is_number(a) && is_number(b) => Some(1.into()),
            _ if is_text(a) && is_text(b) => Some(sample_text(a, b).into()),
            _ => None,
        }
    }
}

/// Returns a value of an enum that also matches another type.
fn enum_value(values: &[EnumValuePlan], other: &ResolvedType<'_>) -> Option<Value> {
    let matches_other = |value: &&EnumValuePlan| match other.kind {
        Some(ModelKind::Enum { values, .. }) => values
            .iter()
            .any(|other| other.wire_value == value.wire_value),
        Some(_) => false,
        None => match &value.wire_value {
            Literal::String(_) => is_text(other.ty),
            _ => is_number(other.ty),
        },
    };
    let value = values.iter().find(matches_other)?;
    Some(to_json(&value.wire_value))
}

fn find_property<'f>(fields: &'f [FieldPlan], wire_name: &str) -> Option<&'f FieldPlan> {
    fields
        .iter()
        .find(|field| field.encoding.wire_name() == Some(wire_name))
}

fn is_number(ty: &RustType) -> bool {
    matches!(
        ty,
        RustType::Builtin("i32" | "i64" | "u64" | "f64") | RustType::Runtime("Number")
    )
}

fn is_text(ty: &RustType) -> bool {
    matches!(
        ty,
        RustType::Builtin("String") | RustType::Runtime("Secret" | "File" | "Timestamp" | "Bytes")
    )
}

fn sample_text(a: &RustType, b: &RustType) -> &'static str {
    let either_is = |name| [a, b].contains(&&RustType::Runtime(name));
    if either_is("Timestamp") {
        SAMPLE_TIMESTAMP
    } else if either_is("Bytes") {
        SAMPLE_BASE64
    } else {
        "text"
    }
}
