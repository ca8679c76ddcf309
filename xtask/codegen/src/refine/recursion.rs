//! Types that contain themselves: a box where the cycle closes.
//!
//! Lists and maps are indirections already, so only fields and variants that contain a type directly count. The search is
//! in document order, so that the same field is boxed every time.

use std::collections::BTreeSet;

use super::cyclic_tuples;
use super::named_types::collect_named_types;
use crate::ir::{Api, Constraint, Pointer, Presence, Primitive, Shape, TypeId, TypeRef, TypeTable};

#[derive(Clone, Copy, PartialEq, Eq)]
enum VisitState {
    Unvisited,
    OnPath,
    Done,
}

/// Marks what closes a cycle, and makes a field optional where a cycle of required fields has no end.
pub(super) fn run(api: &mut Api) {
    replace_cyclic_aliases(&mut api.types, &mut api.unused_parts);
    cyclic_tuples::replace(&mut api.types);
    close_cycles(&mut api.types, contained_type, mark_box);
    close_cycles(&mut api.types, required_type, make_optional);
}

/// Returns the type at the `edge`-th field or variant: the outer `None` after the last one, the inner `None` if it does not
/// count.
type Edges = fn(&TypeTable, TypeId, usize) -> Option<Option<TypeId>>;
/// Handles a path that leads back to one of its types.
type CloseCycle = fn(&mut TypeTable, &[(TypeId, usize)], TypeId);

/// Finds the edges that lead back into the current path, depth first and without recursion.
fn close_cycles(types: &mut TypeTable, edges: Edges, close: CloseCycle) {
    let mut seen = vec![VisitState::Unvisited; types.len()];
    let set = |seen: &mut [VisitState], id: TypeId, to: VisitState| {
        if let Some(slot) = seen.get_mut(id.0 as usize) {
            *slot = to;
        }
    };
    let state = |seen: &[VisitState], id: TypeId| {
        seen.get(id.0 as usize).copied().unwrap_or(VisitState::Done)
    };
    for root in types.ids() {
        if state(&seen, root) != VisitState::Unvisited {
            continue;
        }
        set(&mut seen, root, VisitState::OnPath);
        let mut path = vec![(root, 0_usize)];
        while let Some((id, next)) = path.last_mut() {
            let (owner, edge) = (*id, *next);
            *next += 1;
            match edges(types, owner, edge) {
                None => {
                    set(&mut seen, owner, VisitState::Done);
                    path.pop();
                }
                Some(None) => {}
                Some(Some(to)) => match state(&seen, to) {
                    VisitState::OnPath => close(types, &path, to),
                    VisitState::Unvisited => {
                        set(&mut seen, to, VisitState::OnPath);
                        path.push((to, 0));
                    }
                    VisitState::Done => {}
                },
            }
        }
    }
}

/// Returns the type that the `edge`-th field or variant contains.
fn contained_type(types: &TypeTable, owner: TypeId, edge: usize) -> Option<Option<TypeId>> {
    match &types.get(owner).shape {
        Shape::Struct(object) => object.fields.get(edge).map(|f| {
            if f.closes_cycle {
                None
            } else {
                direct_type(&f.ty)
            }
        }),
        Shape::Union(union) => union.variants.get(edge).map(|v| {
            if v.closes_cycle {
                None
            } else {
                direct_type(&v.ty)
            }
        }),
        Shape::Alias(ty) => (edge == 0).then(|| direct_type(ty)),
        Shape::Enum(_) => None,
    }
}

fn direct_type(ty: &TypeRef) -> Option<TypeId> {
    match ty {
        TypeRef::Named(id) => Some(*id),
        TypeRef::Nullable(inner) => direct_type(inner),
        // A tuple in a cycle was replaced.
        TypeRef::Primitive(_) | TypeRef::List(_) | TypeRef::Map(_) | TypeRef::Tuple(_) => None,
    }
}

/// Marks the last field or variant of the path. An alias cannot contain a box, so the one before it is marked.
fn mark_box(types: &mut TypeTable, path: &[(TypeId, usize)], back_to: TypeId) {
    for (owner, next) in path.iter().rev() {
        let edge = next.saturating_sub(1);
        let slot = match &mut types.get_mut(*owner).shape {
            Shape::Struct(object) => object
                .fields
                .get_mut(edge)
                .map(|field| &mut field.closes_cycle),
            Shape::Union(union) => union
                .variants
                .get_mut(edge)
                .map(|variant| &mut variant.closes_cycle),
            Shape::Alias(_) | Shape::Enum(_) => None,
        };
        if let Some(boxed) = slot {
            *boxed = true;
            return;
        }
        if *owner == back_to {
            return;
        }
    }
}

/// Returns the type that every value contains by its `edge`-th field. A union can always be another variant.
fn required_type(types: &TypeTable, owner: TypeId, edge: usize) -> Option<Option<TypeId>> {
    let named = |ty: &TypeRef| match ty {
        TypeRef::Named(id) => Some(*id),
        _ => None,
    };
    match &types.get(owner).shape {
        Shape::Struct(object) => object.fields.get(edge).map(|field| match field.presence {
            Presence::Required => named(&field.ty),
            _ => None,
        }),
        Shape::Alias(ty) => (edge == 0).then(|| named(ty)),
        Shape::Union(_) | Shape::Enum(_) => None,
    }
}

/// Makes the last field of the path optional: a finite value cannot contain it, and servers send finite values.
fn make_optional(types: &mut TypeTable, path: &[(TypeId, usize)], _back_to: TypeId) {
    for (owner, next) in path.iter().rev() {
        let Shape::Struct(object) = &mut types.get_mut(*owner).shape else {
            continue;
        };
        if let Some(field) = object.fields.get_mut(next.saturating_sub(1)) {
            field.presence = Presence::Optional;
            field.constraints.push(Constraint::EndsRecursion);
        }
        return;
    }
}

/// The keywords by which an alias refers to itself.
const ALIAS_KEYWORDS: [&str; 6] = [
    "items",
    "additionalProperties",
    "prefixItems",
    "allOf",
    "anyOf",
    "oneOf",
];

/// Replaces aliases that refer to themselves, also through lists and maps, by any value: Rust cannot express `type A =
/// Vec<A>` either.
fn replace_cyclic_aliases(types: &mut TypeTable, unused_parts: &mut BTreeSet<Pointer>) {
    let mut acyclic = BTreeSet::new();
    for id in types.ids() {
        if !matches!(types.get(id).shape, Shape::Alias(_))
            || !is_cyclic_alias(types, id, &mut acyclic)
        {
            continue;
        }
        let replaced = types.get_mut(id);
        replaced.shape = Shape::Alias(TypeRef::Primitive(Primitive::Any));
        unused_parts.extend(ALIAS_KEYWORDS.map(|keyword| replaced.at.join(keyword)));
    }
}

/// `acyclic` are the types from which no cycle is reached, as far as it is known: long chains of aliases are followed
/// once.
fn is_cyclic_alias(types: &TypeTable, start: TypeId, acyclic: &mut BTreeSet<TypeId>) -> bool {
    let mut open = vec![start];
    let mut known = BTreeSet::from([start]);
    let mut has_joins = false;
    while let Some(id) = open.pop() {
        let Shape::Alias(ty) = &types.get(id).shape else {
            continue;
        };
        let mut next = Vec::new();
        collect_named_types(ty, &mut next);
        for to in next.into_iter().filter(|to| !acyclic.contains(to)) {
            if to == start {
                return true;
            }
            match known.insert(to) {
                true => open.push(to),
                false => has_joins = true,
            }
        }
    }
    if !has_joins {
        acyclic.extend(known);
    }
    false
}
