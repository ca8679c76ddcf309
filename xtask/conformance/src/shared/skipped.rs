//! What a tool did not check, and why.

use serde::Serialize;

/// A schema, body or operation that was not checked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Skipped {
    /// The JSON pointer into the document.
    pub pointer: String,
    /// Why it was not checked.
    pub reason: String,
}

impl Skipped {
    pub(crate) fn new(pointer: impl Into<String>, reason: impl Into<String>) -> Self {
        Self {
            pointer: pointer.into(),
            reason: reason.into(),
        }
    }
}
