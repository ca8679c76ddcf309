//! Tuples that contain the type that has them: a tuple adds no indirection, and cannot be boxed in part.

use std::collections::BTreeSet;

use crate::ir::{Primitive, Shape, TypeId, TypeRef, TypeTable};
use crate::limits::Budget;

/// How many types may be visited in all searches together. Beyond it, a tuple counts as cyclic.
const MAX_STEPS: usize = 1_000_000;

/// Replaces the tuples that contain their owner directly, not in a list or a map, by lists of any values.
pub(super) fn replace(types: &mut TypeTable) {
    let budget = Budget::new(MAX_STEPS);
    for id in types.ids() {
        let mut shape = types.get(id).shape.clone();
        let mut is_changed = false;
        for ty in direct_types_mut(&mut shape) {
            if let TypeRef::Tuple(_) = ty
                && contains(types, ty, id, &budget)
            {
                *ty = TypeRef::List(Box::new(TypeRef::Primitive(Primitive::Any)));
                is_changed = true;
            }
        }
        if is_changed {
            types.get_mut(id).shape = shape;
        }
    }
}

/// Returns the types of fields, variants and aliases.
fn direct_types_mut(shape: &mut Shape) -> Vec<&mut TypeRef> {
    match shape {
        Shape::Alias(ty) => vec![ty],
        Shape::Struct(object) => object
            .fields
            .iter_mut()
            .map(|field| &mut field.ty)
            .collect(),
        Shape::Union(union) => {
            let variants = union.variants.iter_mut();
            variants.map(|variant| &mut variant.ty).collect()
        }
        Shape::Enum(_) => Vec::new(),
    }
}

/// Returns whether a value of a type contains one of `owner`.
fn contains(types: &TypeTable, ty: &TypeRef, owner: TypeId, budget: &Budget) -> bool {
    let mut open = Vec::new();
    push_direct(ty, &mut open);
    let mut known = BTreeSet::new();
    while let Some(id) = open.pop() {
        if id == owner || !budget.spend(1) {
            return true;
        }
        if !known.insert(id) {
            continue;
        }
        match &types.get(id).shape {
            Shape::Alias(ty) => push_direct(ty, &mut open),
            Shape::Struct(object) => {
                object
                    .fields
                    .iter()
                    .for_each(|field| push_direct(&field.ty, &mut open));
            }
            Shape::Union(union) => {
                let variants = union.variants.iter();
                variants.for_each(|variant| push_direct(&variant.ty, &mut open));
            }
            Shape::Enum(_) => {}
        }
    }
    false
}

fn push_direct(ty: &TypeRef, open: &mut Vec<TypeId>) {
    match ty {
        TypeRef::Named(id) => open.push(*id),
        TypeRef::Nullable(inner) => push_direct(inner, open),
        TypeRef::Tuple(items) => items.iter().for_each(|item| push_direct(item, open)),
        TypeRef::Primitive(_) | TypeRef::List(_) | TypeRef::Map(_) => {}
    }
}
