//! From what a document says to what it means: `Document` → `Api`.
//!
//! One file per construct. Nothing is dropped in silence: what cannot be expressed becomes a [`Diagnostic`] with its place.

mod merge;
mod object;
mod operation;
mod scalar;
mod tags;
mod union;

use indexmap::IndexMap;

use crate::diag::{Code, Diagnostic};
use crate::ir::{
    Api, Docs, Origin, Parent, Pointer, Primitive, Role, RoleStep, Shape, TypeDef, TypeId, TypeRef,
    TypeTable, Usage,
};
use crate::spec::{Document, Schema, SchemaRef};

/// How far schemas may nest by being written in place, or merge into one another, before it is called a fault.
const DEPTH: usize = 200;

/// Reads the meaning out of a document.
pub fn lower(document: &Document) -> (Api, Vec<Diagnostic>) {
    let mut cx = Lower::new(document);
    cx.components();
    let operations = cx.operations();
    let api = Api {
        title: document.title.clone(),
        version: document.version.clone(),
        docs: document.docs.clone(),
        servers: document.servers.clone(),
        schemes: document.schemes.clone(),
        tags: document.tags.clone(),
        operations,
        types: cx.types,
    };
    (api, cx.diags)
}

/// The work in progress.
struct Lower<'d> {
    document: &'d Document,
    types: TypeTable,
    /// Components by raw key, so that a reference is a lookup however the schemas refer to each other.
    named: IndexMap<&'d str, TypeId>,
    diags: Vec<Diagnostic>,
    depth: usize,
}

/// The type of a place, and whether null may stand there.
struct Lowered {
    ty: TypeRef,
    nullable: bool,
}

/// Where an inline schema stands, until something there gets a name.
#[derive(Clone)]
struct Place {
    parent: Parent,
    steps: Vec<RoleStep>,
}

impl Place {
    fn of(parent: Parent, step: RoleStep) -> Self {
        Self {
            parent,
            steps: vec![step],
        }
    }

    fn step(&self, step: RoleStep) -> Self {
        let mut steps = self.steps.clone();
        steps.push(step);
        Self {
            parent: self.parent,
            steps,
        }
    }
}

impl<'d> Lower<'d> {
    fn new(document: &'d Document) -> Self {
        Self {
            document,
            types: TypeTable::default(),
            named: IndexMap::new(),
            diags: Vec::new(),
            depth: 0,
        }
    }

    /// Allots every component its id before any is read, then reads them.
    fn components(&mut self) {
        for (key, schema) in &self.document.schemas {
            let at = match schema {
                SchemaRef::Inline(schema) => schema.at.clone(),
                SchemaRef::Named(_) => Pointer::root().join("components").join("schemas").join(key),
            };
            let id = self.types.push(TypeDef {
                origin: Origin::Component(key.clone()),
                at,
                docs: Docs::default(),
                shape: Shape::Alias(TypeRef::Primitive(Primitive::Any)),
                usage: Usage::default(),
            });
            self.named.insert(key, id);
        }
        for (index, schema) in self.document.schemas.values().enumerate() {
            let Some((_, &id)) = self.named.get_index(index) else {
                continue;
            };
            self.component(id, schema);
        }
    }

    fn component(&mut self, id: TypeId, schema: &SchemaRef) {
        let place = Place {
            parent: Parent::Type(id),
            steps: Vec::new(),
        };
        let lowered = match schema {
            SchemaRef::Named(_) => self.type_of(schema, &place),
            SchemaRef::Inline(schema) => {
                self.types.get_mut(id).docs = docs(schema);
                self.inline(schema, &place, Some(id))
            }
        };
        if lowered.ty != TypeRef::Named(id) {
            let ty = nullable(lowered);
            self.types.get_mut(id).shape = Shape::Alias(ty);
        }
    }

    /// The type of a schema or a reference.
    fn type_of(&mut self, schema: &SchemaRef, place: &Place) -> Lowered {
        match schema {
            SchemaRef::Named(name) => Lowered {
                ty: self.reference(name),
                nullable: self.is_nullable(schema, 0),
            },
            SchemaRef::Inline(schema) => self.inline(schema, place, None),
        }
    }

    fn reference(&self, name: &str) -> TypeRef {
        // `normalize` refuses dangling references, so the fallback never shows.
        self.named
            .get(name)
            .map_or(TypeRef::Primitive(Primitive::Any), |id| TypeRef::Named(*id))
    }

    /// Whether null is a value, also where the schema it refers to says so.
    fn is_nullable(&self, schema: &SchemaRef, depth: usize) -> bool {
        match schema {
            SchemaRef::Inline(schema) => schema.nullable && !schema.only_null,
            SchemaRef::Named(name) if depth < DEPTH => self
                .document
                .schemas
                .get(name)
                .is_some_and(|target| self.is_nullable(target, depth + 1)),
            SchemaRef::Named(_) => false,
        }
    }

    /// The type of a schema that is written in place; `slot` is the component it is, if it is one.
    fn inline(&mut self, schema: &Schema, place: &Place, slot: Option<TypeId>) -> Lowered {
        if self.depth >= DEPTH {
            self.diag(
                Code::TooDeep,
                &schema.at,
                "schemas are nested deeper than the generator follows",
            );
            return Lowered {
                ty: TypeRef::Primitive(Primitive::Any),
                nullable: schema.nullable,
            };
        }
        self.depth += 1;
        let lowered = self.dispatch(schema, place, slot);
        self.depth -= 1;
        lowered
    }

    fn dispatch(&mut self, schema: &Schema, place: &Place, slot: Option<TypeId>) -> Lowered {
        if let Some(target) = merge::alias(schema) {
            let target = self.type_of(target, place);
            return Lowered {
                nullable: target.nullable || schema.nullable,
                ty: target.ty,
            };
        }
        if let Some((a, b)) = self.contradiction(schema) {
            let message = format!("no value can be {a} and {b} at once");
            self.diag(Code::ContradictorySchema, &schema.at, message);
            return Lowered {
                ty: TypeRef::Primitive(Primitive::Any),
                nullable: schema.nullable,
            };
        }
        let merged = self.merged(schema);
        let schema = &merged;
        let nullable = schema.nullable && !schema.only_null;
        let ty = if schema.only_null {
            TypeRef::Primitive(Primitive::Null)
        } else if !schema.one_of.is_empty() || !schema.any_of.is_empty() {
            return self.union(schema, place, slot);
        } else if !schema.values.is_empty() {
            self.enumeration(schema, place, slot)
        } else {
            self.plain(schema, place, slot)
        };
        Lowered { ty, nullable }
    }

    fn plain(&mut self, schema: &Schema, place: &Place, slot: Option<TypeId>) -> TypeRef {
        match schema.kind.as_deref() {
            Some("array") => self.list(schema, place),
            Some("object") => self.object(schema, place, slot),
            None if object::looks_like_object(schema) => self.object(schema, place, slot),
            Some(kind) => TypeRef::Primitive(scalar::primitive(kind, schema.format.as_deref())),
            None => TypeRef::Primitive(Primitive::Any),
        }
    }

    fn list(&mut self, schema: &Schema, place: &Place) -> TypeRef {
        let item = match &schema.items {
            Some(items) => nullable(self.type_of(items, &place.step(RoleStep::Item))),
            None => TypeRef::Primitive(Primitive::Any),
        };
        TypeRef::List(Box::new(item))
    }

    /// The id under which a type that needs a name is kept: the component's own, or a new one.
    fn allot(&mut self, schema: &Schema, place: &Place, slot: Option<TypeId>) -> TypeId {
        slot.unwrap_or_else(|| {
            self.types.push(TypeDef {
                origin: Origin::Inline {
                    parent: place.parent,
                    role: Role(place.steps.clone()),
                    title: schema.title.clone(),
                },
                at: schema.at.clone(),
                docs: docs(schema),
                shape: Shape::Alias(TypeRef::Primitive(Primitive::Any)),
                usage: Usage::default(),
            })
        })
    }

    fn diag(&mut self, code: Code, at: &Pointer, message: impl Into<String>) {
        let help = format!(
            "{} in overlay.yaml, or accept it in vendor.toml: an [[accept]] with `code = \"{code}\"`, this `pointer`, and \
             the `reason`",
            code.suggestion()
        );
        self.diags
            .push(Diagnostic::new(code, at, message).with_help(help));
    }
}

/// The type of an item or a map value, which carries its null in itself.
fn nullable(lowered: Lowered) -> TypeRef {
    let can_be = !matches!(
        lowered.ty,
        TypeRef::Nullable(_) | TypeRef::Primitive(Primitive::Any | Primitive::Null)
    );
    if lowered.nullable && can_be {
        TypeRef::Nullable(Box::new(lowered.ty))
    } else {
        lowered.ty
    }
}

/// The words of a schema; its title is its summary where it says more than a name.
fn docs(schema: &Schema) -> Docs {
    schema.docs.clone()
}
