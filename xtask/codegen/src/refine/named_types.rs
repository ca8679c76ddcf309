//! The named types that a type refers to.

use crate::ir::{TypeId, TypeRef};

/// Adds the named types that a type refers to, also in lists and maps.
pub fn collect_named_types(ty: &TypeRef, found: &mut Vec<TypeId>) {
    match ty {
        TypeRef::Named(id) => found.push(*id),
        TypeRef::Primitive(_) => {}
        TypeRef::List(inner) | TypeRef::Map(inner) | TypeRef::Nullable(inner) => {
            collect_named_types(inner, found)
        }
    }
}
