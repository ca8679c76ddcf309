//! A detected ambiguity.

use serde_json::Value;

use crate::ir::Pointer;

/// Two variants of a union, and a value that matches both.
#[derive(Clone, Debug, PartialEq)]
pub struct Ambiguity {
    /// The name of the union.
    pub union: String,
    /// The pointer to the union in the document.
    pub at: Pointer,
    /// The variant as which the value is read.
    pub read_as: String,
    /// The other variant.
    pub also_fits: String,
    /// The value.
    pub instance: Value,
}
