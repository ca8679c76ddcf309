//! Lowering: from the typed document to the IR, [`Document`] → [`Api`].
//!
//! One file per construct. What cannot be expressed becomes a [`Diagnostic`] with its pointer; nothing is dropped silently.

mod all_of;
mod body;
mod components;
mod discriminator;
mod enumeration;
mod forms;
mod limits;
mod lowerer;
mod media_types;
mod nullability;
mod object;
mod operation;
mod scalar;
mod union;
mod union_of_enums;

use crate::diag::{Code, Diagnostic, Error};
use crate::ir::{Api, Docs, Origin, Pointer, Primitive, RoleStep, Shape, TypeId, TypeRef};
use crate::spec::{Document, Nullability, Schema, SchemaRef};
use components::ComponentSchemas;
use lowerer::{ANY, Location, LoweredType, Lowerer, MAX_DEPTH, OpenSchema};

/// Lowers a document. The diagnostics name what the IR cannot express.
///
/// # Errors
/// If the work exceeds a limit of [`limits`](crate::limits).
pub fn lower(document: &Document) -> Result<(Api, Vec<Diagnostic>), Error> {
    let schemas = ComponentSchemas::new(document);
    let mut lowerer = Lowerer::new(document, &schemas);
    lowerer.lower_components();
    let operations = lowerer.lower_operations();
    let payloads = lowerer.lower_payloads();
    if let Some(diag) = schemas.limits.exceeded() {
        return Err(diag.clone().into());
    }
    let api = Api {
        title: document.title.clone(),
        version: document.version.clone(),
        docs: document.docs.clone(),
        servers: document.servers.clone(),
        schemes: document.schemes.clone(),
        security: operation::to_requirements(&document.security),
        tags: document.tags.clone(),
        operations,
        payloads,
        types: lowerer.types,
        unused_parts: lowerer.unused_parts,
    };
    Ok((api, lowerer.diags))
}

impl Lowerer<'_> {
    /// Lowers `components/schemas`. Every component gets its id first, so that references may lead in any direction.
    fn lower_components(&mut self) {
        let schemas = &self.document.schemas;
        for (key, schema) in schemas {
            let at = match schema {
                SchemaRef::Inline(schema) => schema.at.clone(),
                SchemaRef::Named(_) => Pointer::root().join("components").join("schemas").join(key),
            };
            let origin = Origin::Component(key.clone());
            let id = self.add_type(origin, at, Docs::default());
            self.components.insert(key, id);
        }
        for (index, schema) in schemas.values().enumerate() {
            if let Some((_, &id)) = self.components.get_index(index) {
                self.lower_component(id, schema);
            }
        }
    }

    fn lower_component(&mut self, id: TypeId, schema: &SchemaRef) {
        let location = Location::component(id);
        let lowered = match schema {
            SchemaRef::Named(_) => self.lower_schema(schema, &location),
            SchemaRef::Inline(schema) => {
                self.types.get_mut(id).docs = schema.docs.clone();
                self.lower_inline(schema, &location, Some(id))
            }
        };
        if lowered.ty != TypeRef::Named(id) {
            let ty = nullability::element_type(lowered);
            self.types.get_mut(id).shape = Shape::Alias(ty);
        }
    }

    /// Lowers a schema or a reference to one.
    fn lower_schema(&mut self, schema: &SchemaRef, location: &Location) -> LoweredType {
        match schema {
            SchemaRef::Named(name) => LoweredType {
                ty: self.component_type(name),
                is_nullable: self.is_nullable(schema),
            },
            SchemaRef::Inline(schema) => self.lower_inline(schema, location, None),
        }
    }

    /// Lowers an inline schema; `component` is the type that it defines, if it is a component.
    fn lower_inline(
        &mut self,
        schema: &Schema,
        location: &Location,
        component: Option<TypeId>,
    ) -> LoweredType {
        if self.schemas.limits.exceeded().is_some() {
            return LoweredType::any(false);
        }
        if self.depth >= MAX_DEPTH {
            let message = "schemas are nested deeper than the generator follows";
            self.report(Code::TooDeep, &schema.at, message);
            return LoweredType::any(schema.nullability != Nullability::NonNull);
        }
        self.depth += 1;
        self.pair_depth += usize::from(schema.is_pair_of_members);
        let lowered = self.lower_construct(schema, location, component);
        self.pair_depth -= usize::from(schema.is_pair_of_members);
        self.depth -= 1;
        lowered
    }

    /// Chooses the construct that a schema is: a wrapped reference, null, a union, an enum, or a plain type.
    fn lower_construct(
        &mut self,
        schema: &Schema,
        location: &Location,
        component: Option<TypeId>,
    ) -> LoweredType {
        let schema = &*self.drop_restrictions(schema);
        let is_nullable = schema.nullability == Nullability::Nullable;
        if let Some(target) = all_of::wrapped_reference(schema) {
            let target = self.lower_schema(target, location);
            return LoweredType {
                is_nullable: target.is_nullable || is_nullable,
                ty: target.ty,
            };
        }
        if let Some((a, b)) = self.contradicting_types(schema) {
            let message = format!("no value can be {a} and {b} at once; any value is accepted");
            self.report(Code::ContradictorySchema, &schema.at, message);
            return LoweredType::any(is_nullable);
        }
        self.check_enums(schema);
        if schema.all_of.is_empty() {
            return self.lower_merged(schema, location, component);
        }
        if let Some(id) = self.known_merged_type(schema) {
            return LoweredType {
                ty: TypeRef::Named(id),
                is_nullable: self.merge_all_of(schema).nullability == Nullability::Nullable,
            };
        }
        self.open.push(OpenSchema {
            schema: schema.clone(),
            location: location.clone(),
        });
        let lowered = self.lower_merged(schema, location, component);
        self.open.pop();
        lowered
    }

    /// Lowers a schema with the members of its `allOf` merged into it.
    fn lower_merged(
        &mut self,
        schema: &Schema,
        location: &Location,
        component: Option<TypeId>,
    ) -> LoweredType {
        let schema = self.merge_all_of(schema);
        let is_nullable = schema.nullability == Nullability::Nullable;
        let ty = if schema.nullability == Nullability::OnlyNull {
            TypeRef::Primitive(Primitive::Null)
        } else if schema.is_union() {
            return self.lower_union(&schema, location, component);
        } else if !schema.enum_values.is_empty() {
            self.lower_enum(&schema, location, component)
        } else {
            self.lower_type(&schema, location, component)
        };
        LoweredType { ty, is_nullable }
    }

    /// Reports enums without a common value.
    fn check_enums(&mut self, schema: &Schema) {
        if self.pair_depth == 0 && !schema.all_of.is_empty() && self.has_contradicting_enums(schema)
        {
            let message = "no value is in all of these enums; the last enum counts";
            self.report(Code::ContradictorySchema, &schema.at, message);
        }
    }

    /// Lowers a schema that only has a `type`, or none.
    fn lower_type(
        &mut self,
        schema: &Schema,
        location: &Location,
        component: Option<TypeId>,
    ) -> TypeRef {
        match schema.json_type.as_deref() {
            Some("array") => self.lower_array(schema, location),
            Some("object") => self.lower_object(schema, location, component),
            None if object::has_object_keywords(schema) => {
                self.lower_object(schema, location, component)
            }
            Some(kind) => TypeRef::Primitive(scalar::primitive(kind, schema.format.as_deref())),
            None => ANY,
        }
    }

    fn lower_array(&mut self, schema: &Schema, location: &Location) -> TypeRef {
        if !schema.tuple.is_empty() {
            let items = schema.tuple.iter().enumerate().map(|(index, item)| {
                let item = self.lower_schema(item, &location.join(RoleStep::TupleItem(index)));
                nullability::element_type(item)
            });
            return TypeRef::Tuple(items.collect());
        }
        let item = match &schema.items {
            Some(items) => {
                let item = self.lower_schema(items, &location.join(RoleStep::Item));
                nullability::element_type(item)
            }
            None => ANY,
        };
        TypeRef::List(Box::new(item))
    }
}
