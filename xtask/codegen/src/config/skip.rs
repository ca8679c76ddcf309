//! Operations that are left out of a crate.

use serde::Deserialize;

use crate::spec::Operation;

/// Operations that are left out for a reason. It is an error if the document has none of them.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct SkipRule {
    /// All operations with this HTTP method, such as `OPTIONS`.
    pub method: Option<String>,
    /// The `operationId`s of more operations.
    pub operations: Vec<String>,
    /// Why no caller needs them.
    pub reason: String,
}

impl SkipRule {
    /// Returns whether the rule leaves out an operation.
    pub fn includes(&self, operation: &Operation) -> bool {
        let method = operation.method.as_str();
        let has_method = self
            .method
            .as_ref()
            .is_some_and(|name| name.eq_ignore_ascii_case(method));
        let id = operation.id.as_ref();
        has_method || id.is_some_and(|id| self.operations.contains(id))
    }
}
