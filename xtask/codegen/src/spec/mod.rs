//! The document as a typed tree.
//!
//! The only importer of `openapiv3`. What comes out is ours: every node knows its place in the vendor's document, a
//! schema is one flat record whatever keywords it mixes, and references between schemas stay names.

mod api;
mod parse;
mod schema;

pub use parse::parse;

use indexmap::IndexMap;
use serde_json::Value;

use crate::ir::{Constraint, Docs, Method, PartEncoding, Pointer, SecurityScheme, Server, Status};

/// One API description, canonical and typed.
#[derive(Clone, Debug, Default)]
pub struct Document {
    /// `info.title`.
    pub title: String,
    /// `info.version`.
    pub version: String,
    /// Words about the whole.
    pub docs: Docs,
    /// Base URLs, variables replaced by their defaults.
    pub servers: Vec<Server>,
    /// The tags that are described.
    pub tags: Vec<(String, Docs)>,
    /// The requirement of operations that state none.
    pub security: Vec<Vec<String>>,
    /// Ways to prove who is asking.
    pub schemes: Vec<SecurityScheme>,
    /// In document order.
    pub operations: Vec<Operation>,
    /// `components/schemas`, by raw key.
    pub schemas: IndexMap<String, SchemaRef>,
}

/// One operation.
#[derive(Clone, Debug)]
pub struct Operation {
    /// `operationId`.
    pub id: Option<String>,
    /// The method.
    pub method: Method,
    /// The path template.
    pub path: String,
    /// In order.
    pub tags: Vec<String>,
    /// Words for its documentation.
    pub docs: Docs,
    /// Its place.
    pub at: Pointer,
    /// Path and operation parameters, merged.
    pub parameters: Vec<Parameter>,
    /// What is sent.
    pub body: Option<Body>,
    /// What comes back, by status.
    pub responses: Vec<(Status, Response)>,
    /// Alternatives; `None` where the document's default applies.
    pub security: Option<Vec<Vec<String>>>,
    /// A base URL of its own.
    pub server: Option<Server>,
}

/// A parameter.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// Its name on the wire.
    pub name: String,
    /// Where it travels.
    pub location: crate::ir::ParamLocation,
    /// How it becomes text.
    pub style: crate::ir::ParamStyle,
    /// Whether lists and objects take one pair an element.
    pub explode: bool,
    /// Whether reserved characters go out as they are.
    pub allow_reserved: bool,
    /// Whether it must be there.
    pub required: bool,
    /// What it holds.
    pub schema: Option<SchemaRef>,
    /// Words for its documentation.
    pub docs: Docs,
    /// Its place.
    pub at: Pointer,
}

/// What is sent.
#[derive(Clone, Debug)]
pub struct Body {
    /// Whether it must be there.
    pub required: bool,
    /// By media type.
    pub content: Vec<Media>,
    /// Words for its documentation.
    pub docs: Docs,
    /// Its place.
    pub at: Pointer,
}

/// What comes back.
#[derive(Clone, Debug)]
pub struct Response {
    /// By media type.
    pub content: Vec<Media>,
    /// Words for its documentation.
    pub docs: Docs,
    /// Its place.
    pub at: Pointer,
}

/// One representation of a body.
#[derive(Clone, Debug)]
pub struct Media {
    /// `application/json`, …
    pub media_type: String,
    /// What it holds.
    pub schema: Option<SchemaRef>,
    /// What is said of the parts of a form.
    pub encoding: Vec<PartEncoding>,
}

/// A schema, or the name of one.
#[derive(Clone, Debug, PartialEq)]
pub enum SchemaRef {
    /// A key of [`Document::schemas`].
    Named(String),
    /// A schema written in place.
    Inline(Box<Schema>),
}

/// What a schema says of properties that it does not name.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Additional {
    /// Nothing.
    #[default]
    Unsaid,
    /// There are none.
    Denied,
    /// There may be any.
    Any,
    /// There may be some of this kind.
    Schema(SchemaRef),
}

/// How the members of a union are told apart.
#[derive(Clone, Debug, PartialEq)]
pub struct Discriminator {
    /// The property that tells.
    pub property: String,
    /// Its values, and the component each one stands for.
    pub mapping: Vec<(String, String)>,
}

/// Whether null is a value of a schema, whatever keyword says so.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Nullability {
    /// Null is no value.
    #[default]
    NonNull,
    /// Null is a value besides others.
    Nullable,
    /// Null is the only value.
    OnlyNull,
}

/// Every keyword of a schema that matters, side by side.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Schema {
    /// Its place.
    pub at: Pointer,
    /// `title`.
    pub title: Option<String>,
    /// Words for its documentation.
    pub docs: Docs,
    /// Whether null is a value of it.
    pub nullability: Nullability,
    /// The server fills it.
    pub read_only: bool,
    /// `default`.
    pub default: Option<Value>,
    /// `type`.
    pub kind: Option<String>,
    /// `format`.
    pub format: Option<String>,
    /// `enum`, null taken out.
    pub values: Vec<Value>,
    /// `properties`.
    pub properties: IndexMap<String, SchemaRef>,
    /// `required`.
    pub required: Vec<String>,
    /// `additionalProperties`.
    pub additional: Additional,
    /// `items`.
    pub items: Option<SchemaRef>,
    /// `allOf`.
    pub all_of: Vec<SchemaRef>,
    /// `oneOf`.
    pub one_of: Vec<SchemaRef>,
    /// `anyOf`.
    pub any_of: Vec<SchemaRef>,
    /// `discriminator`.
    pub discriminator: Option<Discriminator>,
    /// Lengths, bounds and patterns.
    pub constraints: Vec<Constraint>,
}

impl Schema {
    /// Whether it has a `oneOf` or an `anyOf`.
    pub fn is_union(&self) -> bool {
        !self.one_of.is_empty() || !self.any_of.is_empty()
    }

    /// The members of `oneOf`, then those of `anyOf`.
    pub fn union_members(&self) -> impl Iterator<Item = &SchemaRef> {
        self.one_of.iter().chain(&self.any_of)
    }
}
