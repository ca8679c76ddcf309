//! Union members that are one type under several names: nothing in a value tells them apart, so they are one member.

use crate::ir::{Api, Primitive, Shape, Tagging, TypeRef, TypeTable, Union, Variant};

/// How many aliases are followed; more of them lead in a circle.
const DEPTH: usize = 64;

pub(super) fn run(api: &mut Api) {
    for id in api.types.ids() {
        let Shape::Union(union) = &api.types.get(id).shape else {
            continue;
        };
        if let Some(shape) = merged(&api.types, union) {
            api.types.get_mut(id).shape = shape;
        }
    }
}

/// The union without repetitions; `None` where there are none.
fn merged(types: &TypeTable, union: &Union) -> Option<Shape> {
    let mut variants: Vec<Variant> = Vec::new();
    for variant in &union.variants {
        let real = resolved(types, &variant.ty, 0);
        let twin = variants
            .iter_mut()
            .find(|known| resolved(types, &known.ty, 0) == real);
        match twin {
            Some(known) => {
                known.ty = real;
                known.title = None;
                known.tags.extend(variant.tags.iter().cloned());
            }
            None => variants.push(variant.clone()),
        }
    }
    if variants.len() == union.variants.len() {
        return None;
    }
    Some(match (variants.as_slice(), &union.tagging) {
        ([only], Tagging::Shape) => Shape::Alias(only.ty.clone()),
        _ => Shape::Union(Union {
            variants,
            tagging: union.tagging.clone(),
        }),
    })
}

/// The type that values are of: aliases followed, formats of text forgotten.
fn resolved(types: &TypeTable, ty: &TypeRef, depth: usize) -> TypeRef {
    let inner = |ty: &TypeRef| Box::new(resolved(types, ty, depth));
    match ty {
        TypeRef::Named(id) => match &types.get(*id).shape {
            Shape::Alias(target) if depth < DEPTH => resolved(types, target, depth + 1),
            _ => ty.clone(),
        },
        TypeRef::Primitive(Primitive::String { .. }) => {
            TypeRef::Primitive(Primitive::String { format: None })
        }
        TypeRef::Primitive(_) => ty.clone(),
        TypeRef::List(item) => TypeRef::List(inner(item)),
        TypeRef::Map(value) => TypeRef::Map(inner(value)),
        TypeRef::Nullable(some) => TypeRef::Nullable(inner(some)),
    }
}
