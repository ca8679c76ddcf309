//! Faults of a document: what they are, and what is read instead.

use super::node::{Node, type_name};
use super::normalizer::Normalizer;
use crate::diag::{Code, Diagnostic, Severity};
use crate::ir::Pointer;

/// Keywords that change no type. If they have the wrong type, they are ignored.
const DOCUMENTATION_KEYWORDS: &[&str] = &[
    "deprecated",
    "description",
    "exclusiveMaximum",
    "exclusiveMinimum",
    "maxItems",
    "maxLength",
    "maxProperties",
    "maximum",
    "minItems",
    "minLength",
    "minProperties",
    "minimum",
    "multipleOf",
    "pattern",
    "readOnly",
    "summary",
    "title",
    "uniqueItems",
    "writeOnly",
];

/// Keywords of schemas whose members are schemas. A fault of a member is not one of the schema.
const SCHEMA_CONTAINERS: &[&str] = &[
    "allOf",
    "anyOf",
    "items",
    "oneOf",
    "patternProperties",
    "prefixItems",
    "properties",
];

/// Keywords whose value is a schema.
const SUBSCHEMAS: &[&str] = &["additionalProperties", "items", "unevaluatedProperties"];

impl Normalizer<'_> {
    /// Reports a keyword that is ignored, which changes no type.
    pub(super) fn report_ignored(&self, node: &Node<'_>, expected: &str, help: &str) {
        let found = type_name(node.value);
        let message = format!("expected {expected}, found {found}; it is ignored");
        self.report(Code::IgnoredKeyword, &node.at, message, help);
    }

    /// Makes warnings of the faults since `start` in the keywords of the schema at `at`, which is a reference of
    /// OpenAPI 3.0: such keywords have no meaning.
    pub(super) fn ignore_faults_next_to_reference(&self, start: usize, at: &Pointer) {
        let mut diags = self.diags.borrow_mut();
        for diag in diags.iter_mut().skip(start) {
            let is_reference = diag.at == at.join("$ref");
            if diag.severity == Severity::Error && is_own_fault(diag, at) && !is_reference {
                let message = format!("{}; it is ignored next to `$ref`", diag.message);
                let help = diag.help.take().unwrap_or_default();
                *diag = Diagnostic::new(Code::IgnoredKeyword, &diag.at, message).with_help(help);
            }
        }
    }

    /// Returns whether a fault since `start` leaves the type of the schema at `at` unknown.
    pub(super) fn has_own_fault(&self, start: usize, at: &Pointer) -> bool {
        let diags = self.diags.borrow();
        let mut diags = diags.iter().skip(start);
        diags.any(|diag| diag.severity == Severity::Error && is_own_fault(diag, at))
    }

    /// Returns how many faults have been reported.
    pub(super) fn fault_count(&self) -> usize {
        self.diags.borrow().len()
    }
}

/// Returns whether a keyword changes no type.
pub(super) fn is_documentation(key: &str) -> bool {
    DOCUMENTATION_KEYWORDS.contains(&key)
}

/// Returns whether a fault is in a keyword of the schema at `at`, and not in a schema below it.
fn is_own_fault(diag: &Diagnostic, at: &Pointer) -> bool {
    let Some(below) = diag.at.0.strip_prefix(&at.0) else {
        return false;
    };
    let Some(below) = below.strip_prefix('/') else {
        return below.is_empty();
    };
    match below.split_once('/') {
        None => !SUBSCHEMAS.contains(&below) && below != "discriminator",
        Some((key, _)) => {
            !SCHEMA_CONTAINERS.contains(&key)
                && !SUBSCHEMAS.contains(&key)
                && key != "discriminator"
        }
    }
}
