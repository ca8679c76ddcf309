//! A value that two types take, if there is one. It is a guess: `fit` has the last word.

use std::cell::Cell;

use serde_json::{Map, Value, json};

use super::fit::{is_required, name, of};
use super::{Bare, Types};
use crate::plan::models::{FieldPlan, ModelKind, ValuePlan, VariantPlan, Wire};
use crate::plan::types::RustType;

/// Text that is a time.
pub(super) const MOMENT: &str = "2026-01-02T03:04:05Z";

/// Text that is Base64.
pub(super) const ENCODED: &str = "QUJD";

/// Types nest without end; values of use do not.
const DEPTH: u8 = 6;

/// So much is tried for a pair: unions of unions are many pairs.
const STEPS: u32 = 5_000;

/// A value that both types take, small, but not empty where it can be otherwise.
pub(super) fn value(types: &Types<'_>, first: &RustType, second: &RustType) -> Option<Value> {
    let search = Search {
        types,
        steps: Cell::new(STEPS),
    };
    search.both(first, second, DEPTH)
}

struct Search<'m> {
    types: &'m Types<'m>,
    steps: Cell<u32>,
}

impl Search<'_> {
    fn both(&self, first: &RustType, second: &RustType, depth: u8) -> Option<Value> {
        self.steps.set(self.steps.get().checked_sub(1)?);
        let depth = depth.checked_sub(1)?;
        let (first, second) = (self.types.bare(first), self.types.bare(second));
        match (first.is_any(), second.is_any()) {
            (true, true) => return Some(json!({})),
            (true, false) => return self.both(second.ty, second.ty, depth),
            (false, true) => return self.both(first.ty, first.ty, depth),
            (false, false) => {}
        }
        match (first.kind, second.kind) {
            (Some(ModelKind::Union { tag, variants, .. }), _) => {
                self.union(tag.as_deref(), variants, second.ty, depth)
            }
            (_, Some(ModelKind::Union { tag, variants, .. })) => {
                self.union(tag.as_deref(), variants, first.ty, depth)
            }
            (
                Some(ModelKind::Struct { fields: a, .. }),
                Some(ModelKind::Struct { fields: b, .. }),
            ) => self.structs(a, b, depth),
            (Some(ModelKind::Struct { fields, .. }), None) => self.kept(fields, second.ty, depth),
            (None, Some(ModelKind::Struct { fields, .. })) => self.kept(fields, first.ty, depth),
            (Some(ModelKind::Enum(values, _)), _) => choice(values, &second),
            (_, Some(ModelKind::Enum(values, _))) => choice(values, &first),
            (None, None) => self.plain(first.ty, second.ty, depth),
            _ => None,
        }
    }

    /// What another type takes as well as one of the members does.
    fn union(
        &self,
        tag: Option<&str>,
        variants: &[VariantPlan],
        other: &RustType,
        depth: u8,
    ) -> Option<Value> {
        variants.iter().find_map(|variant| {
            let mut value = self.both(&variant.ty, other, depth)?;
            if let (Some(tag), Some(means), Some(object)) =
                (tag, variant.tags.first(), value.as_object_mut())
            {
                object.insert(tag.to_owned(), means.as_str().into());
            }
            Some(value)
        })
    }

    /// What either requires, and where neither does, one property that both know.
    fn structs(&self, a: &[FieldPlan], b: &[FieldPlan], depth: u8) -> Option<Value> {
        let mut object = Map::new();
        for (own, others) in [(a, b), (b, a)] {
            for field in own.iter().filter(|field| must_be(field)) {
                let Some(name) = name(field) else { continue };
                if !object.contains_key(name) {
                    object.insert(name.to_owned(), self.property(field, others, depth)?);
                }
            }
        }
        if object.is_empty() {
            let common = a.iter().find_map(|field| {
                let name = name(field)?;
                named(b, name)?;
                Some((name.to_owned(), self.property(field, b, depth)?))
            });
            object.extend(common);
        }
        Some(Value::Object(object))
    }

    /// A value for a field, which the other struct takes too.
    fn property(&self, field: &FieldPlan, others: &[FieldPlan], depth: u8) -> Option<Value> {
        let other = named(others, name(field)?);
        match (&field.wire, other) {
            (Wire::Fixed { value, .. }, _) => Some(of(value)),
            (
                _,
                Some(FieldPlan {
                    wire: Wire::Fixed { value, .. },
                    ..
                }),
            ) => Some(of(value)),
            (_, Some(other)) => self.both(&field.ty, &other.ty, depth),
            (_, None) => self.both(&field.ty, &field.ty, depth),
        }
    }

    /// A struct whose properties a map keeps.
    fn kept(&self, fields: &[FieldPlan], map: &RustType, depth: u8) -> Option<Value> {
        let RustType::Map(inner) = map else {
            return None;
        };
        let mut object = Map::new();
        for field in fields.iter().filter(|field| must_be(field)) {
            let value = match &field.wire {
                Wire::Fixed { value, .. } => of(value),
                _ => self.both(&field.ty, inner, depth)?,
            };
            object.insert(name(field)?.to_owned(), value);
        }
        Some(Value::Object(object))
    }

    fn plain(&self, a: &RustType, b: &RustType, depth: u8) -> Option<Value> {
        match (a, b) {
            (RustType::Vec(a), RustType::Vec(b)) => Some(json!([self.both(a, b, depth)?])),
            (RustType::Map(a), RustType::Map(b)) => Some(json!({"key": self.both(a, b, depth)?})),
            (RustType::Unit, RustType::Unit) => Some(Value::Null),
            (RustType::Plain("bool"), RustType::Plain("bool")) => Some(true.into()),
            _ if is_number(a) && is_number(b) => Some(1.into()),
            _ if is_text(a) && is_text(b) => Some(text(a, b).into()),
            _ => None,
        }
    }
}

/// A value of an enum that another type of text knows as well.
fn choice(values: &[ValuePlan], other: &Bare<'_>) -> Option<Value> {
    let known = |value: &&ValuePlan| match other.kind {
        Some(ModelKind::Enum(others, _)) => others.iter().any(|other| other.wire == value.wire),
        Some(_) => false,
        None => is_text(other.ty),
    };
    Some(values.iter().find(known)?.wire.as_str().into())
}

fn must_be(field: &FieldPlan) -> bool {
    match &field.wire {
        Wire::Named { nullable, .. } => is_required(field, *nullable),
        Wire::Fixed { optional, .. } => !optional,
        Wire::Extra => false,
    }
}

fn named<'f>(fields: &'f [FieldPlan], wanted: &str) -> Option<&'f FieldPlan> {
    fields.iter().find(|field| name(field) == Some(wanted))
}

fn is_number(ty: &RustType) -> bool {
    matches!(
        ty,
        RustType::Plain("i32" | "i64" | "u64" | "f64") | RustType::Runtime("Number")
    )
}

fn is_text(ty: &RustType) -> bool {
    matches!(
        ty,
        RustType::Plain("String") | RustType::Runtime("Secret" | "File" | "Timestamp" | "Bytes")
    )
}

fn text(a: &RustType, b: &RustType) -> &'static str {
    let either = |name| [a, b].contains(&&RustType::Runtime(name));
    if either("Timestamp") {
        MOMENT
    } else if either("Bytes") {
        ENCODED
    } else {
        "text"
    }
}
