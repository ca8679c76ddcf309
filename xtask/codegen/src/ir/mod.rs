//! The vocabulary between the document and the Rust code.
//!
//! An [`Api`] describes an API independent of its document and of Rust: its operations, its types, and which values may be
//! absent or null. It has no logic and no Rust names: `lower` creates it, `refine` transforms it, `plan` reads it.

mod operation;
mod pagination;
mod types;

pub use operation::{
    BodyKind, Envelope, Label, Method, Operation, Param, ParamLocation, ParamStyle, PartEncoding,
    PartStyle, Payload, RequestBody, RequestContent, Response, ResponseAlternative,
    ResponseContent, ResponseStream, Responses, SecurityRequirement, SecurityScheme,
    SecuritySchemeKind, Server, ServerVariable, Status, StreamKind,
};
pub use pagination::{NextPage, PageSelector, Pagination};
pub use types::{
    Access, Bound, Constant, Constraint, Enum, EnumType, EnumValue, Field, Integer, Literal,
    Origin, Parent, Presence, Primitive, Role, RoleStep, Shape, SizeRange, Struct, Tagging,
    TypeDef, TypeId, TypeRef, TypeTable, Union, Usage, Variant,
};

use std::collections::BTreeSet;
use std::fmt;

use serde_json::Value;

/// The prefix of pointers to component schemas, and of references to them.
pub const SCHEMAS: &str = "#/components/schemas/";

/// A location in the vendor's document, as a JSON pointer in fragment form (`#/components/schemas/Trace`).
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pointer(pub String);

impl Pointer {
    /// Returns the pointer to the whole document.
    pub fn root() -> Self {
        Self("#".into())
    }

    /// Returns the value at this pointer.
    pub fn value_in<'d>(&self, document: &'d Value) -> Option<&'d Value> {
        document.pointer(self.0.trim_start_matches('#'))
    }

    /// Returns the value at this pointer, to change it.
    pub fn value_in_mut<'d>(&self, document: &'d mut Value) -> Option<&'d mut Value> {
        document.pointer_mut(self.0.trim_start_matches('#'))
    }

    /// Returns the pointer to `token` below this one, escaped as RFC 6901 requires.
    #[must_use]
    pub fn join(&self, token: &str) -> Self {
        let mut at = Self(String::with_capacity(self.0.len() + 1 + token.len()));
        at.0.push_str(&self.0);
        at.push(token);
        at
    }

    /// Appends `token`, escaped as RFC 6901 requires.
    pub fn push(&mut self, token: &str) {
        self.0.push('/');
        if token.bytes().any(|byte| matches!(byte, b'~' | b'/')) {
            self.0
                .push_str(&token.replace('~', "~0").replace('/', "~1"));
        } else {
            self.0.push_str(token);
        }
    }
}

impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Documentation from the overlay or the document: untrusted text that must be escaped before it is printed as Rust docs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Docs {
    /// One line.
    pub summary: Option<String>,
    /// Paragraphs.
    pub description: Option<String>,
    /// Whether the document marks it as deprecated.
    pub deprecated: bool,
    /// Since when, why and until when, as one sentence without a capital or a full stop.
    pub deprecation: Option<String>,
}

/// A tag that the document describes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag {
    /// Its name.
    pub name: String,
    /// Its documentation.
    pub docs: Docs,
    /// The name of the tag that contains it (3.2).
    pub parent: Option<String>,
    /// What it is for (3.2): `nav`, `badge`, `audience`. Only tags for navigation become resources.
    pub kind: Option<String>,
}

/// An API, as far as it matters to a client.
#[derive(Clone, Debug, Default)]
pub struct Api {
    /// `info.title`; may be empty.
    pub title: String,
    /// `info.version`; may be empty.
    pub version: String,
    /// `info.summary` and `info.description`.
    pub docs: Docs,
    /// In document order; may be empty.
    pub servers: Vec<Server>,
    /// In document order.
    pub schemes: Vec<SecurityScheme>,
    /// The alternatives of operations without own ones.
    pub security: Vec<SecurityRequirement>,
    /// The tags that the document describes, with their docs. An operation may use a tag that is not listed.
    pub tags: Vec<Tag>,
    /// In document order.
    pub operations: Vec<Operation>,
    /// What the API sends to webhooks and callbacks.
    pub payloads: Vec<Payload>,
    /// Every type, named or inline.
    pub types: TypeTable,
    /// The media types of bodies that are not generated, since another one has the same values, and the `mapping`s of
    /// discriminators that list no children.
    pub unused_parts: BTreeSet<Pointer>,
}
