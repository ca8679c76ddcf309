//! Objects: a struct if properties are named, a map otherwise.

use std::collections::BTreeMap;

use serde_json::Value;

use super::lowerer::{ANY, Location, Lowerer};
use super::nullability::{element_type, presence};
use super::scalar;
use crate::ir::{
    Access, Constant, Docs, Field, Parent, Presence, RoleStep, Shape, Struct, TypeId, TypeRef,
};
use crate::spec::{AdditionalProperties, Discriminator, Nullability, Schema, SchemaRef};

/// Whether a schema without `type` is an object: it has `properties`, or `additionalProperties` other than `false`.
pub(super) fn has_object_keywords(schema: &Schema) -> bool {
    !schema.properties.is_empty()
        || matches!(
            schema.additional,
            AdditionalProperties::Any | AdditionalProperties::Schema(_)
        )
}

/// A property and whether it is required.
struct Property<'s> {
    wire_name: &'s str,
    schema: &'s SchemaRef,
    is_required: bool,
}

/// The properties of a schema: the required ones in the order of `required`, which is the order of the constructor's
/// arguments, then the others by name.
fn ordered_properties(schema: &Schema) -> Vec<Property<'_>> {
    let mut ranks: BTreeMap<&str, usize> = BTreeMap::new();
    for (rank, wire_name) in schema.required.iter().enumerate() {
        ranks.entry(wire_name).or_insert(rank);
    }
    let mut ranked: Vec<_> = schema
        .properties
        .iter()
        .map(|(wire_name, schema)| {
            let rank = ranks.get(wire_name.as_str()).copied();
            let property = Property {
                wire_name,
                schema,
                is_required: rank.is_some(),
            };
            (rank.unwrap_or(usize::MAX), property)
        })
        .collect();
    ranked.sort_by_key(|(rank, property)| (*rank, property.wire_name));
    ranked.into_iter().map(|(_, property)| property).collect()
}

impl Lowerer<'_> {
    pub(super) fn lower_object(
        &mut self,
        schema: &Schema,
        location: &Location,
        component: Option<TypeId>,
    ) -> TypeRef {
        if schema.properties.is_empty() {
            let location = location.join(RoleStep::MapValue);
            let value = self.additional_type(&schema.additional, &location);
            return TypeRef::Map(Box::new(value.unwrap_or(ANY)));
        }
        let id = self.type_id(schema, location, component);
        let mut object = Struct::default();
        for property in ordered_properties(schema) {
            if let SchemaRef::Inline(schema) = property.schema {
                self.check_enums(schema);
            }
            match self.lower_constant(&property) {
                Some(constant) => object.constants.push(constant),
                None => object.fields.push(self.lower_field(id, &property)),
            }
        }
        if schema.additional == AdditionalProperties::Unspecified {
            object.fields.extend(undeclared_fields(schema));
        }
        let location = Location::new(Parent::Type(id), RoleStep::MapValue);
        object.extra = self.additional_type(&schema.additional, &location);
        if let Some(discriminator) = self.unused_mapping(schema, component) {
            self.unused_parts.insert(discriminator.at.join("mapping"));
            object.extra.get_or_insert(ANY);
        }
        self.types.get_mut(id).shape = Shape::Struct(object);
        TypeRef::Named(id)
    }

    /// Returns the discriminator of a schema that lists other components without making them children of the schema: two
    /// list each other, or the schema is inline. A value may have their properties.
    fn unused_mapping<'s>(
        &self,
        schema: &'s Schema,
        component: Option<TypeId>,
    ) -> Option<&'s Discriminator> {
        let discriminator = schema.discriminator.as_ref()?;
        let own =
            |target: &str| component.is_some() && self.components.get(target).copied() == component;
        let mut targets = discriminator.mapping.iter();
        let lists_others = targets.any(|(_, target)| !own(target));
        lists_others.then_some(discriminator)
    }

    /// The type of the properties that are not named, if the document allows them expressly.
    fn additional_type(
        &mut self,
        additional: &AdditionalProperties,
        location: &Location,
    ) -> Option<TypeRef> {
        match additional {
            AdditionalProperties::Unspecified | AdditionalProperties::Forbidden => None,
            AdditionalProperties::Any => Some(ANY),
            AdditionalProperties::Schema(value) => {
                Some(element_type(self.lower_schema(value, location)))
            }
        }
    }

    /// Lowers a property that allows one value only.
    fn lower_constant(&self, property: &Property<'_>) -> Option<Constant> {
        let schema = self.effective_schema(property.schema);
        let only_value = match (schema.nullability, schema.enum_values.as_slice()) {
            (Nullability::OnlyNull, _) => &Value::Null,
            (Nullability::NonNull, [value]) => value,
            _ => return None,
        };
        Some(Constant {
            wire_name: property.wire_name.to_owned(),
            value: scalar::literal(only_value)?,
            required: property.is_required,
            is_default: schema.default.as_ref() == Some(only_value),
            access: schema.access,
            at: schema.at.clone(),
        })
    }

    fn lower_field(&mut self, owner: TypeId, property: &Property<'_>) -> Field {
        let wire_name = property.wire_name.to_owned();
        let location = Location::new(Parent::Type(owner), RoleStep::Property(wire_name.clone()));
        let lowered = self.lower_schema(property.schema, &location);
        let presence = presence(property.is_required, &lowered);
        let access = self.effective_schema(property.schema).access;
        let field = Field {
            wire_name,
            ty: lowered.ty,
            presence,
            closes_cycle: false,
            default: None,
            constraints: Vec::new(),
            access,
            docs: Docs::default(),
            at: self
                .types
                .get(owner)
                .at
                .join("properties")
                .join(property.wire_name),
        };
        match property.schema {
            SchemaRef::Named(_) => field,
            SchemaRef::Inline(schema) => Field {
                default: schema.default.clone(),
                constraints: schema.constraints.clone(),
                docs: schema.docs.clone(),
                at: schema.at.clone(),
                ..field
            },
        }
    }
}

/// A field of any type for every name in `required` that `properties` lacks: it can be sent, and a response without it
/// can be read.
fn undeclared_fields(schema: &Schema) -> impl Iterator<Item = Field> {
    let is_declared = |wire_name: &String| schema.properties.contains_key(wire_name);
    let undeclared = schema
        .required
        .iter()
        .filter(move |wire_name| !is_declared(wire_name));
    undeclared.map(|wire_name| Field {
        wire_name: wire_name.clone(),
        ty: ANY,
        presence: Presence::Optional,
        closes_cycle: false,
        default: None,
        constraints: Vec::new(),
        access: Access::ReadWrite,
        docs: Docs::default(),
        at: schema.at.join("required"),
    })
}
