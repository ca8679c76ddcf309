//! Estimates the size of values in memory, to decide what is boxed.

use crate::ir::{Api, Presence, Primitive, Shape, TypeId, TypeRef};

/// Variants of unions with more bytes than this are boxed.
pub(super) const MAX_INLINE_BYTES: usize = 96;

/// The maximum depth of types that the estimate follows; deeper types count as large.
const MAX_DEPTH: usize = 6;

/// Returns an upper bound of the size of values in memory.
pub(super) fn type_size(api: &Api, ty: &TypeRef) -> usize {
    nested_type_size(api, ty, 0)
}

fn nested_type_size(api: &Api, ty: &TypeRef, depth: usize) -> usize {
    match ty {
        TypeRef::Named(id) => named_type_size(api, *id, depth),
        TypeRef::Primitive(primitive) => match primitive {
            Primitive::Any => 32,
            Primitive::Null => 0,
            Primitive::Bool | Primitive::Integer(_) | Primitive::Number => 16,
            Primitive::Timestamp => 48,
            Primitive::File => 96,
            Primitive::String { .. } | Primitive::Secret | Primitive::Bytes => 24,
        },
        TypeRef::List(_) | TypeRef::Map(_) => 24,
        TypeRef::Tuple(items) => items
            .iter()
            .map(|item| nested_type_size(api, item, depth))
            .sum(),
        TypeRef::Nullable(inner) => 8 + nested_type_size(api, inner, depth),
    }
}

fn named_type_size(api: &Api, id: TypeId, depth: usize) -> usize {
    if depth > MAX_DEPTH {
        return MAX_INLINE_BYTES + 1;
    }
    match &api.types.get(id).shape {
        Shape::Alias(ty) => nested_type_size(api, ty, depth + 1),
        Shape::Enum(_) => 32,
        Shape::Struct(object) => {
            let fields =
                object
                    .fields
                    .iter()
                    .map(|field| match (field.closes_cycle, field.presence) {
                        (true, _) => 16,
                        (false, Presence::Required) => nested_type_size(api, &field.ty, depth + 1),
                        (false, _) => 8 + nested_type_size(api, &field.ty, depth + 1),
                    });
            let extra = if object.extra.is_some() { 24 } else { 0 };
            fields.sum::<usize>() + 16 * object.constants.len() + extra
        }
        Shape::Union(union) => {
            let variants = union.variants.iter().map(|variant| {
                let inline = if variant.closes_cycle {
                    8
                } else {
                    nested_type_size(api, &variant.ty, depth + 1)
                };
                if inline > MAX_INLINE_BYTES { 8 } else { inline }
            });
            8 + variants.max().unwrap_or_default().max(32)
        }
    }
}
