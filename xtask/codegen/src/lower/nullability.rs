//! Null, through references, `allOf` and unions.
//!
//! `normalize` decides whether one schema allows null, however the document spells it; this file decides what follows
//! for the place that holds the schema. [`Presence`] joins it with `required`.

use super::all_of::is_unstructured;
use super::lowerer::{LoweredType, Lowerer};
use crate::ir::{Presence, Primitive, TypeRef};
use crate::spec::{Nullability, Schema, SchemaRef};

impl Lowerer<'_> {
    /// Whether null is a value besides others, here or in the component that the schema refers to.
    pub(super) fn is_nullable(&self, schema: &SchemaRef) -> bool {
        let schema = match schema {
            SchemaRef::Inline(schema) => Some(&**schema),
            SchemaRef::Named(name) => self.schemas.declared(name),
        };
        schema.is_some_and(|schema| schema.nullability == Nullability::Nullable)
    }
}

/// The nullability of a schema with an `allOf`: null is a value of the whole only if every part that has structure
/// allows it.
pub(super) fn of_all_of<'s>(
    own: &'s Schema,
    members: impl Iterator<Item = &'s Schema> + Clone,
) -> Nullability {
    let allows_null = |schema: &Schema| schema.nullability != Nullability::NonNull;
    let mut parts = members.clone().chain([own]);
    if parts.any(|part| part.nullability == Nullability::OnlyNull) {
        return Nullability::OnlyNull;
    }
    let inherits = is_unstructured(own)
        && members.clone().any(allows_null)
        && (members.clone()).all(|member| allows_null(member) || is_unstructured(member));
    match allows_null(own) || inherits {
        true => Nullability::Nullable,
        false => Nullability::NonNull,
    }
}

/// The type of an item or a map value, which holds its own null.
pub(super) fn element_type(lowered: LoweredType) -> TypeRef {
    if lowered.is_nullable
        && !matches!(lowered.ty, TypeRef::Nullable(_))
        && !includes_null(&lowered.ty)
    {
        TypeRef::Nullable(Box::new(lowered.ty))
    } else {
        lowered.ty
    }
}

/// The presence of a property or a JSON body: a type that includes null itself is not nullable besides.
pub(super) fn presence(is_required: bool, lowered: &LoweredType) -> Presence {
    Presence::of(
        is_required,
        lowered.is_nullable && !includes_null(&lowered.ty),
    )
}

fn includes_null(ty: &TypeRef) -> bool {
    matches!(ty, TypeRef::Primitive(Primitive::Any | Primitive::Null))
}
