//! The result of comparing the variants of unions.

use serde_json::Value;

use crate::ir::Pointer;

/// The result of comparing the variants of all unions without a tag.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct UnionComparison {
    /// The pairs that some value matches both.
    pub ambiguities: Vec<Ambiguity>,
    /// The unions whose variants were too many to compare all of them.
    pub incomplete: Vec<IncompleteComparison>,
}

/// A union whose variants were not all compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IncompleteComparison {
    /// The name of the union.
    pub union: String,
    /// The pointer to the union in the document.
    pub at: Pointer,
}

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
