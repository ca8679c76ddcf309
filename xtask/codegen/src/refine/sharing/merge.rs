//! The documentation of a type that replaces others: what is true of all of them.

use crate::ir::{Constraint, Docs, Field, Shape, TypeDef, TypeId, TypeTable, Usage};

/// Marks `id` as replaced by `kept`, which then occurs in all places of both.
pub(super) fn merge(types: &mut TypeTable, kept: TypeId, id: TypeId) {
    let replaced = types.get(id).clone();
    let def = types.get_mut(kept);
    def.usage = join_usage(def.usage, replaced.usage);
    if matches!(def.origin, crate::ir::Origin::Inline { .. }) {
        merge_type_docs(def, &replaced);
    }
    types.get_mut(id).replaced_by = Some(kept);
    types.get_mut(id).usage = Usage::default();
}

fn join_usage(a: Usage, b: Usage) -> Usage {
    Usage {
        request: a.request || b.request,
        response: a.response || b.response,
        component: a.component || b.component,
    }
}

fn merge_type_docs(def: &mut TypeDef, other: &TypeDef) {
    keep_common_docs(&mut def.docs, &other.docs);
    match (&mut def.shape, &other.shape) {
        (Shape::Struct(object), Shape::Struct(other)) => {
            for field in &mut object.fields {
                let is_same = |known: &&Field| known.wire_name == field.wire_name;
                if let Some(other) = other.fields.iter().find(is_same) {
                    keep_common_docs(&mut field.docs, &other.docs);
                    keep_common_constraints(&mut field.constraints, &other.constraints);
                }
            }
        }
        (Shape::Enum(values), Shape::Enum(other)) => {
            for value in &mut values.values {
                if let Some(other) = other.values.iter().find(|known| known.value == value.value) {
                    keep_common_docs(&mut value.docs, &other.docs);
                }
            }
        }
        (Shape::Union(union), Shape::Union(other)) => {
            for (variant, other) in union.variants.iter_mut().zip(&other.variants) {
                keep_common_docs(&mut variant.docs, &other.docs);
                if variant.title != other.title {
                    variant.title = None;
                }
            }
        }
        _ => {}
    }
}

/// Drops the words that the other place does not have: they may be wrong there.
fn keep_common_docs(docs: &mut Docs, other: &Docs) {
    if docs.summary != other.summary {
        docs.summary = None;
    }
    if docs.description != other.description {
        docs.description = None;
    }
}

fn keep_common_constraints(constraints: &mut Vec<Constraint>, other: &[Constraint]) {
    constraints.retain(|constraint| other.contains(constraint));
}
