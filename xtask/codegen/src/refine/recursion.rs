//! Types that contain themselves: the cycle is cut with a box where it closes.
//!
//! Lists and maps hold their elements elsewhere already, so only fields and variants that hold a type directly count.
//! The walk goes in document order, so the same field is boxed every time.

use crate::ir::{Api, Constraint, Presence, Primitive, Shape, TypeId, TypeRef, TypeTable};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Seen {
    Never,
    Open,
    Done,
}

/// Boxes what closes a cycle, and lets the cycle end where the document does not.
pub(super) fn run(api: &mut Api) {
    untie_aliases(&mut api.types);
    walk(&mut api.types, target, cut);
    walk(&mut api.types, required, relax);
}

/// The type at the `edge`-th way out of one: outer `None` past the last one, inner `None` where there is none.
type Edges = fn(&TypeTable, TypeId, usize) -> Option<Option<TypeId>>;
/// Does something about the way that led back to a type.
type Close = fn(&mut TypeTable, &[(TypeId, usize)], TypeId);

/// Finds, depth first and without recursing, the edges that lead back into the open path.
fn walk(types: &mut TypeTable, edges: Edges, close: Close) {
    let mut seen = vec![Seen::Never; types.len()];
    let set = |seen: &mut [Seen], id: TypeId, to: Seen| {
        if let Some(slot) = seen.get_mut(id.0 as usize) {
            *slot = to;
        }
    };
    let state = |seen: &[Seen], id: TypeId| seen.get(id.0 as usize).copied().unwrap_or(Seen::Done);
    for root in types.ids() {
        if state(&seen, root) != Seen::Never {
            continue;
        }
        set(&mut seen, root, Seen::Open);
        let mut path = vec![(root, 0_usize)];
        while let Some((id, next)) = path.last_mut() {
            let (owner, edge) = (*id, *next);
            *next += 1;
            match edges(types, owner, edge) {
                None => {
                    set(&mut seen, owner, Seen::Done);
                    path.pop();
                }
                Some(None) => {}
                Some(Some(to)) => match state(&seen, to) {
                    Seen::Open => close(types, &path, to),
                    Seen::Never => {
                        set(&mut seen, to, Seen::Open);
                        path.push((to, 0));
                    }
                    Seen::Done => {}
                },
            }
        }
    }
}

/// The type held by the `edge`-th field or variant.
fn target(types: &TypeTable, owner: TypeId, edge: usize) -> Option<Option<TypeId>> {
    match &types.get(owner).shape {
        Shape::Struct(object) => object
            .fields
            .get(edge)
            .map(|f| if f.closes_cycle { None } else { held(&f.ty) }),
        Shape::Union(union) => union
            .variants
            .get(edge)
            .map(|v| if v.closes_cycle { None } else { held(&v.ty) }),
        Shape::Alias(ty) => (edge == 0).then(|| held(ty)),
        Shape::Enum(_) => None,
    }
}

fn held(ty: &TypeRef) -> Option<TypeId> {
    match ty {
        TypeRef::Named(id) => Some(*id),
        TypeRef::Nullable(inner) => held(inner),
        TypeRef::Primitive(_) | TypeRef::List(_) | TypeRef::Map(_) => None,
    }
}

/// Boxes the last field or variant on the way; an alias cannot hold a box, so the one before it does.
fn cut(types: &mut TypeTable, path: &[(TypeId, usize)], back_to: TypeId) {
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

/// The type that a value cannot be without, by the `edge`-th field. A union can always be something else.
fn required(types: &TypeTable, owner: TypeId, edge: usize) -> Option<Option<TypeId>> {
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

/// Lets the last field on the way be absent: no value that ends can have it, and servers send values that end.
fn relax(types: &mut TypeTable, path: &[(TypeId, usize)], _back_to: TypeId) {
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

/// Follows every alias to its end, through lists and maps: `type A = Vec<A>` is nothing Rust can say either.
fn untie_aliases(types: &mut TypeTable) {
    for id in types.ids() {
        if !matches!(types.get(id).shape, Shape::Alias(_)) || !leads_back(types, id) {
            continue;
        }
        types.get_mut(id).shape = Shape::Alias(TypeRef::Primitive(Primitive::Any));
    }
}

fn leads_back(types: &TypeTable, start: TypeId) -> bool {
    let mut open = vec![start];
    let mut known = Vec::new();
    while let Some(id) = open.pop() {
        let Shape::Alias(ty) = &types.get(id).shape else {
            continue;
        };
        let mut next = Vec::new();
        super::named(ty, &mut next);
        for to in next {
            if to == start {
                return true;
            }
            if !known.contains(&to) {
                known.push(to);
                open.push(to);
            }
        }
    }
    false
}
