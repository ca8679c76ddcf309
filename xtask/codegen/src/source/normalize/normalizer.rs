//! The state of the normalization of one document.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::hoist::HoistedSchemas;
use super::inheritance::Inheritance;
use super::node::Node;
use crate::diag::{Code, Diagnostic};
use crate::ir::Pointer;
use crate::limits::{Budget, max_schemas};

/// Normalizes one document. Each file of this folder implements the methods for one part of a document.
pub(super) struct Normalizer<'d> {
    pub(super) root: Node<'d>,
    pub(super) diags: RefCell<Vec<Diagnostic>>,
    pub(super) hoisted: HoistedSchemas,
    /// Whether the document is OpenAPI 3.0, where keywords next to `$ref` have no meaning.
    pub(super) is_v30: bool,
    /// Whether the document is OpenAPI 3.2, where the schema of a sequential media type describes the whole sequence.
    pub(super) is_v32: bool,
    pub(super) inheritance: Inheritance,
    /// The operations of webhooks and callbacks, in canonical form.
    pub(super) payloads: Vec<Value>,
    /// The pointers of the operations in `payloads`: several operations may refer to one callback.
    pub(super) payload_pointers: BTreeSet<String>,
    /// The components that parents become next to the union of their children, with their keys.
    pub(super) parent_components: Vec<(String, Value)>,
    /// The members of `allOf` whose conditional keywords are read with those of the schema that contains them.
    pub(super) merged_conditions: BTreeSet<Pointer>,
    /// The nesting depth of the schema that is being normalized.
    pub(super) schema_depth: usize,
    /// The number of schemas that may still be normalized.
    pub(super) schemas: Budget,
    /// The error that there are more, or too many children of parents.
    pub(super) too_many_schemas: Option<Diagnostic>,
    /// The parts of the document that the canonical one does not have, although their keywords are known.
    pub(super) unused_parts: RefCell<BTreeSet<Pointer>>,
    /// The keys of nodes by their letters and digits, for references that almost match one.
    pub(super) similar_names: RefCell<BTreeMap<String, BTreeMap<String, String>>>,
}

impl<'d> Normalizer<'d> {
    pub(super) fn new(document: &'d Value) -> Self {
        let root = Node::new(document, Pointer::root());
        let mut inheritance = Inheritance::new(&root);
        Self {
            hoisted: HoistedSchemas::new(&root),
            too_many_schemas: inheritance.too_many.take(),
            inheritance,
            payloads: Vec::new(),
            payload_pointers: BTreeSet::new(),
            parent_components: Vec::new(),
            merged_conditions: BTreeSet::new(),
            root,
            diags: RefCell::default(),
            is_v30: false,
            is_v32: false,
            schema_depth: 0,
            schemas: Budget::new(max_schemas(count_values(document))),
            unused_parts: RefCell::default(),
            similar_names: RefCell::default(),
        }
    }

    /// Notes a part of the document that is not generated, although it is not a fault.
    pub(super) fn add_unused(&self, at: Pointer) {
        self.unused_parts.borrow_mut().insert(at);
    }

    /// Reports a fault of the document.
    pub(super) fn report(&self, code: Code, at: &Pointer, message: impl Into<String>, help: &str) {
        self.diags
            .borrow_mut()
            .push(Diagnostic::new(code, at, message).with_help(help));
    }

    /// Returns the reported faults.
    pub(super) fn into_diagnostics(self) -> Vec<Diagnostic> {
        self.diags.into_inner()
    }
}

pub(super) fn count_values(value: &Value) -> usize {
    match value {
        Value::Object(object) => 1 + object.values().map(count_values).sum::<usize>(),
        Value::Array(items) => 1 + items.iter().map(count_values).sum::<usize>(),
        _ => 1,
    }
}
