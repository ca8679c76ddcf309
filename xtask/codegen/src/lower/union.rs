//! `oneOf` and `anyOf`. Both mean the same to a client: a value is read as the member that it matches, and written as
//! that member.

use std::borrow::Cow;

use super::all_of::combine;
use super::lowerer::{Location, LoweredType, Lowerer};
use super::object::has_object_keywords;
use super::scalar::primitive;
use crate::ir::{
    Docs, Literal, Parent, Pointer, Primitive, RoleStep, Shape, Tagging, TypeId, TypeRef, Union,
    Variant,
};
use crate::spec::{Nullability, Schema, SchemaRef};

impl Lowerer<'_> {
    /// Lowers a union: to a simpler type if one covers all members, to a union of its members otherwise.
    pub(super) fn lower_union(
        &mut self,
        schema: &Schema,
        location: &Location,
        component: Option<TypeId>,
    ) -> LoweredType {
        let members = self.union_members(schema);
        let is_nullable = schema.nullability == Nullability::Nullable
            || schema
                .union_members()
                .any(|member| self.is_nullable(member));
        let mut lowered = self.lower_members(schema, &members, location, component);
        lowered.is_nullable |= is_nullable;
        lowered
    }

    /// Returns the schema without the unions that only restrict the object next to them, as
    /// `anyOf: [{required: [a]}, {required: [b]}]` does.
    pub(super) fn drop_restrictions<'s>(&self, schema: &'s Schema) -> Cow<'s, Schema> {
        let is_object = schema.json_type.as_deref() == Some("object")
            || has_object_keywords(schema)
            || !schema.required.is_empty()
            || !schema.all_of.is_empty();
        let restricts = |members: &[SchemaRef]| {
            let mut members = members.iter();
            is_object && members.all(|member| is_restriction(&self.effective_schema(member)))
        };
        let (one_of, any_of) = (restricts(&schema.one_of), restricts(&schema.any_of));
        if !schema.is_union() || !(one_of || any_of) {
            return Cow::Borrowed(schema);
        }
        let mut schema = schema.clone();
        if one_of {
            schema.one_of.clear();
        }
        if any_of {
            schema.any_of.clear();
        }
        Cow::Owned(schema)
    }

    fn lower_members(
        &mut self,
        schema: &Schema,
        members: &[SchemaRef],
        location: &Location,
        component: Option<TypeId>,
    ) -> LoweredType {
        match members {
            [] => return self.lower_inline(&without_union(schema), location, component),
            [SchemaRef::Inline(only)] => return self.lower_inline(only, location, component),
            [only] => return self.lower_schema(only, location),
            _ => {}
        }
        LoweredType::non_null(if let Some(merged) = self.merge_enums(schema, members) {
            match merged.enum_values.is_empty() {
                true => self.lower_type(&without_union(&merged), location, component),
                false => self.lower_enum(&merged, location, component),
            }
        } else if let Some(primitive) = self.common_primitive(members) {
            TypeRef::Primitive(primitive)
        } else {
            self.lower_variants(schema, members, location, component)
        })
    }

    /// The members of a union that allow more than null. Objects among them get the properties next to the union.
    fn union_members(&self, schema: &Schema) -> Vec<SchemaRef> {
        let common = Schema {
            docs: Docs::default(),
            title: None,
            ..without_union(schema)
        };
        let has_common_properties = has_object_keywords(&common);
        let common = SchemaRef::Inline(Box::new(common));
        let mut members: Vec<SchemaRef> = Vec::new();
        for member in flatten_unions(schema) {
            let effective = self.effective_schema(member);
            let is_void = has_common_properties && is_restriction(&effective);
            if effective.nullability == Nullability::OnlyNull || is_void {
                continue;
            }
            let is_object = effective.json_type.as_deref() == Some("object")
                || has_object_keywords(&effective)
                || effective.is_union();
            members.push(match has_common_properties && is_object {
                true => combine(member, &common, &schema.at, &self.schemas.limits),
                false => member.clone(),
            });
        }
        members
    }

    /// The primitive that covers all members: any value if a member allows it, or the one primitive that all are. An
    /// integer and another number stay a union, because `f64` is exact up to 2^53 only.
    fn common_primitive(&self, members: &[SchemaRef]) -> Option<Primitive> {
        let mut primitives: Vec<Option<Primitive>> = Vec::new();
        for member in members {
            let member = self.effective_schema(member);
            if is_any(&member) {
                return Some(Primitive::Any);
            }
            primitives.push(match member.json_type.as_deref() {
                Some(kind @ ("integer" | "number" | "boolean" | "string"))
                    if member.enum_values.is_empty() =>
                {
                    Some(primitive(kind, member.format.as_deref()))
                }
                _ => None,
            });
        }
        let first = primitives.first().cloned().flatten()?;
        let is_first = |primitive: &Option<Primitive>| primitive.as_ref() == Some(&first);
        primitives.iter().all(is_first).then_some(first)
    }

    fn lower_variants(
        &mut self,
        schema: &Schema,
        members: &[SchemaRef],
        location: &Location,
        component: Option<TypeId>,
    ) -> TypeRef {
        let tags = self.find_tags(schema, members);
        self.add_unused_discriminator(schema, members, tags.as_ref());
        let id = self.type_id(schema, location, component);
        let default = tags.as_ref().and_then(|tags| tags.default);
        let (tagging, tags) = match tags {
            Some(tags) => (Tagging::Property(tags.property), tags.values),
            None => (Tagging::Untagged, vec![Vec::new(); members.len()]),
        };
        let mut variants: Vec<Variant> = Vec::new();
        for (index, (member, tags)) in members.iter().zip(tags).enumerate() {
            let step = RoleStep::Variant(index, tags.first().map(Literal::to_string));
            let lowered = self.lower_schema(member, &Location::new(Parent::Type(id), step));
            let (title, docs, at) = match member {
                SchemaRef::Inline(schema) => {
                    (schema.title.clone(), schema.docs.clone(), schema.at.clone())
                }
                SchemaRef::Named(_) => (None, Docs::default(), schema.at.clone()),
            };
            variants.push(Variant {
                // The null of a member is the union's.
                ty: lowered.ty,
                tags,
                is_default: default == Some(index),
                closes_cycle: false,
                title,
                docs,
                at,
            });
        }
        self.types.get_mut(id).shape = Shape::Union(Union { variants, tagging });
        TypeRef::Named(id)
    }
}

/// Returns the members of a union. A member that is an anonymous union without a discriminator is replaced by its members:
/// they are distinguished as well without it.
fn flatten_unions(schema: &Schema) -> Vec<&SchemaRef> {
    let mut members = Vec::new();
    for member in schema.union_members() {
        match member {
            SchemaRef::Inline(inner) if schema.discriminator.is_none() && is_only_union(inner) => {
                members.extend(flatten_unions(inner));
            }
            _ => members.push(member),
        }
    }
    members
}

/// Returns whether a schema is a union and nothing else, except null.
fn is_only_union(schema: &Schema) -> bool {
    let rest = Schema {
        at: Pointer::default(),
        docs: Docs::default(),
        nullability: Nullability::default(),
        ..without_union(schema)
    };
    let has_one_union = schema.one_of.is_empty() != schema.any_of.is_empty();
    has_one_union && schema.discriminator.is_none() && rest == Schema::default()
}

fn without_union(schema: &Schema) -> Schema {
    Schema {
        one_of: Vec::new(),
        any_of: Vec::new(),
        discriminator: None,
        ..schema.clone()
    }
}

/// Whether a member of a union describes nothing of an object, but restricts it at most.
fn is_restriction(schema: &Schema) -> bool {
    matches!(schema.json_type.as_deref(), None | Some("object"))
        && schema.enum_values.is_empty()
        && !has_object_keywords(schema)
        && schema.items.is_none()
        && !schema.is_union()
}

/// Whether a member of a union allows any value.
fn is_any(schema: &Schema) -> bool {
    schema.json_type.is_none()
        && schema.enum_values.is_empty()
        && !schema.is_union()
        && !has_object_keywords(schema)
        && schema.nullability != Nullability::OnlyNull
}
