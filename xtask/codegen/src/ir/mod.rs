//! The vocabulary between the document and the Rust code.
//!
//! An [`Api`] says what a document means: which operations there are, which types travel, which values may be
//! absent or null. It holds no logic and no Rust words: `lower` fills it in, `refine` tidies it, `plan` reads it.

mod operation;
mod paging;
mod types;

pub use operation::{
    Body, BodyContent, BodyKind, Envelope, Method, Operation, Param, ParamLocation, ParamStyle,
    PartEncoding, Requirement, Response, ResponseContent, Responses, SchemeKind, SecurityScheme,
    Server, Status,
};
pub use paging::{PageStart, Paging, PagingStyle};
pub use types::{
    Bound, Constant, Constraint, Enum, EnumValue, Field, Integer, Literal, Origin, Parent,
    Presence, Primitive, Role, RoleStep, Shape, SizeRange, Struct, Tagging, TypeDef, TypeId,
    TypeRef, TypeTable, Union, Usage, Variant,
};

use std::fmt;

/// What the places of schemas with a name start with, and references to them.
pub const SCHEMAS: &str = "#/components/schemas/";

/// A place in the vendor's document, as a JSON pointer in fragment form (`#/components/schemas/Trace`).
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pointer(pub String);

impl Pointer {
    /// The pointer to the whole document.
    pub fn root() -> Self {
        Self("#".into())
    }

    /// The pointer to `token` below this place, escaped as RFC 6901 wants it.
    #[must_use]
    pub fn join(&self, token: &str) -> Self {
        let mut at = Self(String::with_capacity(self.0.len() + 1 + token.len()));
        at.0.push_str(&self.0);
        at.push(token);
        at
    }

    /// Goes down to `token` below this place.
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

/// Words for people, as the overlay or the document gives them: untrusted text, not yet safe to print as Rust docs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Docs {
    /// One line.
    pub summary: Option<String>,
    /// Paragraphs.
    pub description: Option<String>,
    /// Whether the document calls it deprecated.
    pub deprecated: bool,
}

/// Everything one document says that matters to a client.
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
    /// The tags the document describes, with their words; an operation may use a tag that is not listed.
    pub tags: Vec<(String, Docs)>,
    /// In document order.
    pub operations: Vec<Operation>,
    /// Every type, named or inline.
    pub types: TypeTable,
}
