//! Objects: structs, maps, and the properties that have but one value.

use serde_json::Value;

use super::{Lower, Place, nullable, scalar};
use crate::ir::{
    Constant, Docs, Field, Parent, Presence, Primitive, RoleStep, Shape, Struct, TypeId, TypeRef,
};
use crate::spec::{Additional, Schema, SchemaRef};

/// Whether a schema without `type` can only mean an object.
pub(super) fn looks_like_object(schema: &Schema) -> bool {
    !schema.properties.is_empty()
        || matches!(schema.additional, Additional::Any | Additional::Schema(_))
}

/// What is required in the order in which the document lists it, which is the constructor's; then the rest by name.
fn properties(schema: &Schema) -> Vec<(&str, &SchemaRef, bool)> {
    let listed = |name: &str| schema.required.iter().position(|wire| wire == name);
    let mut all: Vec<_> = schema
        .properties
        .iter()
        .map(|(wire, property)| (listed(wire).unwrap_or(usize::MAX), wire.as_str(), property))
        .collect();
    all.sort_by_key(|(rank, wire, _)| (*rank, *wire));
    all.into_iter()
        .map(|(rank, wire, property)| (wire, property, rank != usize::MAX))
        .collect()
}

impl Lower<'_> {
    /// A struct where properties are named, a map where none is.
    pub(super) fn object(
        &mut self,
        schema: &Schema,
        place: &Place,
        slot: Option<TypeId>,
    ) -> TypeRef {
        if schema.properties.is_empty() {
            return TypeRef::Map(Box::new(
                self.map_value(schema, &place.step(RoleStep::MapValue)),
            ));
        }
        let id = self.allot(schema, place, slot);
        let mut object = Struct::default();
        for (wire, property, required) in properties(schema) {
            match self.constant(wire, property, required) {
                Some(constant) => object.constants.push(constant),
                None => object.fields.push(self.field(id, wire, property, required)),
            }
        }
        self.undeclared(schema, &mut object);
        object.extra = match &schema.additional {
            Additional::Unsaid | Additional::Denied => None,
            Additional::Any => Some(TypeRef::Primitive(Primitive::Any)),
            Additional::Schema(value) => {
                let place = Place::of(Parent::Type(id), RoleStep::MapValue);
                Some(nullable(self.type_of(value, &place)))
            }
        };
        self.types.get_mut(id).shape = Shape::Struct(object);
        TypeRef::Named(id)
    }

    fn map_value(&mut self, schema: &Schema, place: &Place) -> TypeRef {
        match &schema.additional {
            Additional::Schema(value) => nullable(self.type_of(value, place)),
            Additional::Unsaid | Additional::Denied | Additional::Any => {
                TypeRef::Primitive(Primitive::Any)
            }
        }
    }

    /// A name that is required but described nowhere: it can be sent, and an answer that lacks it is still read.
    fn undeclared(&mut self, schema: &Schema, object: &mut Struct) {
        let missing = schema
            .required
            .iter()
            .filter(|wire| !schema.properties.contains_key(*wire));
        if schema.additional != Additional::Unsaid {
            return;
        }
        for wire in missing {
            object.fields.push(Field {
                wire: wire.clone(),
                ty: TypeRef::Primitive(Primitive::Any),
                presence: Presence::Optional,
                closes_cycle: false,
                default: None,
                constraints: Vec::new(),
                read_only: false,
                docs: Docs::default(),
                at: schema.at.join("required"),
            });
        }
    }

    /// A property with one possible value, unless null is another one.
    fn constant(&self, wire: &str, property: &SchemaRef, required: bool) -> Option<Constant> {
        let (only, at) = self.only_value(property)?;
        let value = scalar::literal(&only)?;
        let default = self.view(property)?.default.clone();
        Some(Constant {
            wire: wire.to_owned(),
            value,
            required,
            is_default: default == Some(only),
            at,
        })
    }

    /// The one value that a schema allows, and the schema's place.
    pub(super) fn only_value(&self, schema: &SchemaRef) -> Option<(Value, crate::ir::Pointer)> {
        let schema = self.view(schema)?;
        if schema.only_null {
            return Some((Value::Null, schema.at.clone()));
        }
        match schema.values.as_slice() {
            [value] if !schema.nullable => Some((value.clone(), schema.at.clone())),
            _ => None,
        }
    }

    fn field(&mut self, owner: TypeId, wire: &str, property: &SchemaRef, required: bool) -> Field {
        let place = Place::of(Parent::Type(owner), RoleStep::Property(wire.to_owned()));
        let lowered = self.type_of(property, &place);
        let owner_at = &self.types.get(owner).at;
        let (docs, at, said) = match property {
            SchemaRef::Inline(schema) => (schema.docs.clone(), schema.at.clone(), Some(schema)),
            SchemaRef::Named(_) => (
                Docs::default(),
                owner_at.join("properties").join(wire),
                None,
            ),
        };
        // Any value may be null, so a nullable `Any` says nothing more than `Any`.
        let any = matches!(
            lowered.ty,
            TypeRef::Primitive(Primitive::Any | Primitive::Null)
        );
        Field {
            wire: wire.to_owned(),
            ty: lowered.ty,
            presence: Presence::of(required, lowered.nullable && !any),
            closes_cycle: false,
            default: said.and_then(|schema| schema.default.clone()),
            constraints: said
                .map(|schema| schema.constraints.clone())
                .unwrap_or_default(),
            read_only: said.is_some_and(|schema| schema.read_only),
            docs,
            at,
        }
    }
}
