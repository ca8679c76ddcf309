//! How large values of a type are, roughly and rather too large than too small: large members of a union go in a box,
//! so that small ones do not pay for them.

use crate::ir::{Api, Field, Presence, Primitive, Shape, TypeId, TypeRef, Variant};

/// Members above this many bytes are boxed.
const LARGE: usize = 96;

/// How deep types are looked into; what lies deeper is taken to be large.
const DEPTH: usize = 6;

/// Whether a field is boxed: only to end a cycle of types.
pub(super) fn is_field_boxed(field: &Field) -> bool {
    field.closes_cycle
}

/// Whether a member of a union is boxed: to end a cycle of types, or because it is large.
pub(super) fn is_variant_boxed(api: &Api, variant: &Variant) -> bool {
    variant.closes_cycle || size(api, &variant.ty, 0) > LARGE
}

fn size(api: &Api, ty: &TypeRef, depth: usize) -> usize {
    match ty {
        TypeRef::Named(id) => named(api, *id, depth),
        TypeRef::Primitive(primitive) => match primitive {
            Primitive::Any => 32,
            Primitive::Null => 0,
            Primitive::Bool | Primitive::Integer(_) | Primitive::Number => 16,
            Primitive::Timestamp => 48,
            Primitive::File => 96,
            Primitive::String { .. } | Primitive::Secret | Primitive::Bytes => 24,
        },
        TypeRef::List(_) | TypeRef::Map(_) => 24,
        TypeRef::Nullable(inner) => 8 + size(api, inner, depth),
    }
}

fn named(api: &Api, id: TypeId, depth: usize) -> usize {
    if depth > DEPTH {
        return LARGE + 1;
    }
    match &api.types.get(id).shape {
        Shape::Alias(ty) => size(api, ty, depth + 1),
        Shape::Enum(_) => 32,
        Shape::Struct(object) => {
            let fields =
                object
                    .fields
                    .iter()
                    .map(|field| match (field.closes_cycle, field.presence) {
                        (true, _) => 16,
                        (false, Presence::Required) => size(api, &field.ty, depth + 1),
                        (false, _) => 8 + size(api, &field.ty, depth + 1),
                    });
            let extra = if object.extra.is_some() { 24 } else { 0 };
            fields.sum::<usize>() + 16 * object.constants.len() + extra
        }
        Shape::Union(union) => {
            let members = union.variants.iter().map(|variant| {
                let inline = if variant.closes_cycle {
                    8
                } else {
                    size(api, &variant.ty, depth + 1)
                };
                if inline > LARGE { 8 } else { inline }
            });
            8 + members.max().unwrap_or_default().max(32)
        }
    }
}
