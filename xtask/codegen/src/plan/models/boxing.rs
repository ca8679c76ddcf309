//! Decides which fields and variants are boxed: those that end a cycle of types, and large variants, so that the other
//! variants of a union stay small.

use crate::ir::{Api, Field, Variant};
use crate::plan::type_size::{MAX_INLINE_BYTES, type_size};

/// Returns whether a field is boxed: only to end a cycle of types.
pub(super) fn is_field_boxed(field: &Field) -> bool {
    field.closes_cycle
}

/// Returns whether a variant is boxed: to end a cycle of types, or because it is large.
pub(super) fn is_variant_boxed(api: &Api, variant: &Variant) -> bool {
    variant.closes_cycle || type_size(api, &variant.ty) > MAX_INLINE_BYTES
}
