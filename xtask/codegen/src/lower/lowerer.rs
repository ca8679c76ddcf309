//! The state of lowering, and the vocabulary that the files of the constructs share.

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;

use super::components::ComponentSchemas;
use crate::diag::{Code, Diagnostic};
use crate::ir::{
    Docs, Origin, Parent, Pointer, Primitive, Role, RoleStep, Shape, TypeDef, TypeId, TypeRef,
    TypeTable, Usage,
};
use crate::spec::{Document, Schema};

/// How many schemas may nest in one another, follow references or merge before lowering reports a fault.
pub(super) const MAX_DEPTH: usize = 200;

/// A document that is being lowered.
pub(super) struct Lowerer<'d> {
    pub document: &'d Document,
    pub schemas: &'d ComponentSchemas<'d>,
    pub types: TypeTable,
    /// The types of `components/schemas`, by key.
    pub components: IndexMap<&'d str, TypeId>,
    pub diags: Vec<Diagnostic>,
    /// The parts of the document that are not generated, although their keywords are known.
    pub unused_parts: BTreeSet<Pointer>,
    /// The schemas with `allOf` that enclose the one that is being lowered.
    pub open: Vec<OpenSchema>,
    /// The types of schemas with `allOf`, by their pointer.
    pub merged_types: BTreeMap<Pointer, Vec<(Schema, TypeId)>>,
    /// How many inline schemas enclose the one that is being lowered.
    pub depth: usize,
    /// How many of them are pairs of union members, which may have no instance.
    pub pair_depth: usize,
}

/// A schema with `allOf` that is being lowered.
pub(super) struct OpenSchema {
    pub schema: Schema,
    pub location: Location,
}

/// The type of a schema, and whether null is a value besides.
pub(super) struct LoweredType {
    pub ty: TypeRef,
    pub is_nullable: bool,
}

impl LoweredType {
    /// A type without null.
    pub fn non_null(ty: TypeRef) -> Self {
        Self {
            ty,
            is_nullable: false,
        }
    }

    pub fn any(is_nullable: bool) -> Self {
        Self {
            ty: ANY,
            is_nullable,
        }
    }
}

/// Any JSON value.
pub(super) const ANY: TypeRef = TypeRef::Primitive(Primitive::Any);

/// Where an inline schema is: the steps from the nearest type or operation that has a name.
#[derive(Clone, PartialEq)]
pub(super) struct Location {
    pub parent: Parent,
    pub steps: Vec<RoleStep>,
}

impl Location {
    pub fn new(parent: Parent, step: RoleStep) -> Self {
        Self {
            parent,
            steps: vec![step],
        }
    }

    /// The location of a component.
    pub fn component(id: TypeId) -> Self {
        Self {
            parent: Parent::Type(id),
            steps: Vec::new(),
        }
    }

    /// The location one step further in.
    pub fn join(&self, step: RoleStep) -> Self {
        let mut steps = self.steps.clone();
        steps.push(step);
        Self {
            parent: self.parent,
            steps,
        }
    }
}

impl<'d> Lowerer<'d> {
    pub fn new(document: &'d Document, schemas: &'d ComponentSchemas<'d>) -> Self {
        Self {
            document,
            schemas,
            types: TypeTable::default(),
            components: IndexMap::new(),
            diags: Vec::new(),
            unused_parts: document.unused_parts.iter().cloned().collect(),
            open: Vec::new(),
            merged_types: BTreeMap::new(),
            depth: 0,
            pair_depth: 0,
        }
    }

    /// The type of a component.
    pub fn component_type(&self, name: &str) -> TypeRef {
        // `normalize` rejects dangling references, so that the fallback is never used.
        let id = self.components.get(name);
        id.map_or(ANY, |id| TypeRef::Named(*id))
    }

    /// Returns the id for a schema that becomes a type of its own: the component's, or a new one.
    pub fn type_id(
        &mut self,
        schema: &Schema,
        location: &Location,
        component: Option<TypeId>,
    ) -> TypeId {
        let id = component.unwrap_or_else(|| {
            let origin = Origin::Inline {
                parent: location.parent,
                role: Role(location.steps.clone()),
                title: schema.title.clone(),
            };
            self.add_type(origin, schema.at.clone(), schema.docs.clone())
        });
        if let Some(open) = self.open.last().filter(|open| open.location == *location) {
            let types = self.merged_types.entry(open.schema.at.clone());
            types.or_default().push((open.schema.clone(), id));
        }
        id
    }

    /// Returns the type of a schema with `allOf` inside another one, if it has one already. The schema of a property
    /// that extends the object with the property is reached again and again, merged into itself.
    pub fn known_merged_type(&self, schema: &Schema) -> Option<TypeId> {
        let known = self.merged_types.get(&schema.at)?;
        let is_nested = !self.open.is_empty();
        // An enum contains no schema, so that it cannot be reached again from itself.
        let is_enum = |id: TypeId| matches!(self.types.get(id).shape, Shape::Enum(_));
        let mut known = known.iter().filter(|(_, id)| is_nested && !is_enum(*id));
        let (_, id) = known.find(|(other, _)| other == schema)?;
        Some(*id)
    }

    /// Adds a type whose shape is not known yet.
    pub fn add_type(&mut self, origin: Origin, at: Pointer, docs: Docs) -> TypeId {
        self.types.push(TypeDef {
            origin,
            at,
            docs,
            shape: Shape::Alias(ANY),
            usage: Usage::default(),
            replaced_by: None,
        })
    }

    /// Reports a part of the document that cannot be expressed.
    pub fn report(&mut self, code: Code, at: &Pointer, message: impl Into<String>) {
        let help = format!(
            "{} in overlay.yaml, or accept it in vendor.toml: an [[accept]] with `code = \"{code}\"`, this `pointer`, and \
             the `reason`",
            code.suggestion()
        );
        self.diags
            .push(Diagnostic::new(code, at, message).with_help(help));
    }
}
