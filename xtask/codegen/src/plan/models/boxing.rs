//! Decides which fields and variants are boxed: those that end a cycle of types, and large variants, so that the other
//! variants of a union stay small.

use crate::ir::{Api, Field, Presence, Primitive, Shape, TypeId, TypeRef, Variant};

/// Variants with more bytes than this are boxed.
const MAX_INLINE_BYTES: usize = 96;

/// The maximum depth of types that the estimate follows; deeper types count as large.
const MAX_DEPTH: usize = 6;

/// Returns whether a field is boxed: only to end a cycle of types.
pub(super) fn is_field_boxed(field: &Field) -> bool {
    field.closes_cycle
}

/// Returns whether a variant is boxed: to end a cycle of types, or because it is large.
pub(super) fn is_variant_boxed(api: &Api, variant: &Variant) -> bool {
    variant.closes_cycle || type_size(api, &variant.ty, 0) > MAX_INLINE_BYTES
}

/// Returns an upper bound of the size of values in memory.
fn type_size(api: &Api, ty: &TypeRef, depth: usize) -> usize {
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
        TypeRef::Nullable(inner) => 8 + type_size(api, inner, depth),
    }
}

fn named_type_size(api: &Api, id: TypeId, depth: usize) -> usize {
    if depth > MAX_DEPTH {
        return MAX_INLINE_BYTES + 1;
    }
    match &api.types.get(id).shape {
        Shape::Alias(ty) => type_size(api, ty, depth + 1),
        Shape::Enum(_) => 32,
        Shape::Struct(object) => {
            let fields =
                object
                    .fields
                    .iter()
                    .map(|field| match (field.closes_cycle, field.presence) {
                        (true, _) => 16,
                        (false, Presence::Required) => type_size(api, &field.ty, depth + 1),
                        (false, _) => 8 + type_size(api, &field.ty, depth + 1),
                    });
            let extra = if object.extra.is_some() { 24 } else { 0 };
            fields.sum::<usize>() + 16 * object.constants.len() + extra
        }
        Shape::Union(union) => {
            let variants = union.variants.iter().map(|variant| {
                let inline = if variant.closes_cycle {
                    8
                } else {
                    type_size(api, &variant.ty, depth + 1)
                };
                if inline > MAX_INLINE_BYTES { 8 } else { inline }
            });
            8 + variants.max().unwrap_or_default().max(32)
        }
    }
}
