//! Parses a canonical document into a typed tree.
//!
//! This is the only module that uses `openapiv3`. Every node of the tree has its pointer in the source document, a
//! schema is one struct with all its keywords, and a reference to a schema is the key of a component.

mod api;
mod document;
mod parse;
mod schema;

pub use document::{
    AdditionalProperties, Discriminator, Document, Encoding, EnumWords, MediaType, Nullability,
    Operation, Parameter, RequestBody, Response, Schema, SchemaRef,
};
pub use parse::parse;
