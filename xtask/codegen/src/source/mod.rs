//! Reads documents, applies overlays, and normalizes every spelling of OpenAPI 3 to one.
//!
//! This is the only module that reads YAML and JSON, and the only one that handles the dialects of OpenAPI:
//! [`normalize()`] returns a document of one canonical shape, or all errors of the document.

mod load;
pub mod normalize;
pub mod overlay;
mod visitor;

pub use load::{RawDocument, load, parse};
pub use normalize::normalize;
