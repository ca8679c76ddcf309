//! Counts what the actions of an overlay add to a document, and the nodes that they visit.

use serde_json::Value;

use super::edit::EditError;
use crate::diag::{Code, Diagnostic};
use crate::ir::Pointer;
use crate::limits::{
    Budget, MAX_ADDED_BYTES, MAX_ADDED_VALUES, MAX_DEPTH, MAX_VISITED_NODES, max_pointer_bytes,
};

/// The work that is left for all actions of an overlay.
pub(super) struct Growth {
    values: Budget,
    bytes: Budget,
    visits: Budget,
}

impl Growth {
    pub(super) fn new() -> Self {
        Self {
            values: Budget::new(MAX_ADDED_VALUES),
            bytes: Budget::new(MAX_ADDED_BYTES),
            visits: Budget::new(MAX_VISITED_NODES),
        }
    }

    /// Counts a value that is added to the node at `at`.
    ///
    /// # Errors
    /// If the document becomes too large or too deep.
    pub(super) fn add(&self, at: &Pointer, size: &ValueSize) -> Result<(), EditError> {
        if at.0.matches('/').count() + size.depth > MAX_DEPTH {
            let message = format!("the document would be nested deeper than {MAX_DEPTH} levels");
            return Err(EditError::TooLarge(message));
        }
        if self.values.spend(size.values) && self.bytes.spend(size.bytes) {
            return Ok(());
        }
        Err(EditError::TooLarge(format!(
            "the overlay adds more than {MAX_ADDED_VALUES} values or {} MiB of text",
            MAX_ADDED_BYTES >> 20
        )))
    }

    /// Counts visits of a node with a pointer of this size. Long pointers count as several. Returns whether they are allowed.
    pub(super) fn visit(&self, pointer_bytes: usize, count: usize) -> bool {
        self.visits.spend(count + pointer_bytes / 32)
    }

    /// Returns the error for too many visits, if there were too many.
    pub(super) fn check_visits(&self) -> Result<(), EditError> {
        match self.visits.spend(0) {
            true => Ok(()),
            false => Err(EditError::TooLarge(format!(
                "the targets of the overlay visit more than {MAX_VISITED_NODES} nodes"
            ))),
        }
    }
}

/// Checks the pointers of a document after an overlay: long keys with many values below them make them large.
///
/// # Errors
/// If they are larger than [`max_pointer_bytes`].
pub(super) fn check_pointers(document: &Value) -> Result<(), Diagnostic> {
    let size = ValueSize::of(document);
    if pointer_bytes(document, 1) <= max_pointer_bytes(size.bytes) {
        return Ok(());
    }
    let message = "the keys of the document are too long for the number of values below them";
    let diag = Diagnostic::new(Code::TooBig, &Pointer::root(), message);
    Err(diag.with_help("shorten the keys that the overlay adds"))
}

fn pointer_bytes(value: &Value, own: usize) -> usize {
    match value {
        Value::Object(object) => (object.iter())
            .map(|(key, value)| pointer_bytes(value, own + 1 + key.len()))
            .fold(own, usize::saturating_add),
        Value::Array(items) => (items.iter())
            .map(|item| pointer_bytes(item, own + 2))
            .fold(own, usize::saturating_add),
        _ => own,
    }
}

/// The size of a value.
pub(super) struct ValueSize {
    values: usize,
    /// The size of its texts and keys.
    bytes: usize,
    depth: usize,
}

impl ValueSize {
    pub(super) fn of(value: &Value) -> Self {
        let mut size = Self {
            values: 1,
            bytes: 0,
            depth: 0,
        };
        match value {
            Value::String(text) => size.bytes = text.len(),
            Value::Array(items) => items.iter().for_each(|item| size.add_child(item)),
            Value::Object(object) => {
                for (key, value) in object {
                    size.bytes += key.len();
                    size.add_child(value);
                }
            }
            _ => {}
        }
        size
    }

    fn add_child(&mut self, child: &Value) {
        let child = Self::of(child);
        self.values += child.values;
        self.bytes += child.bytes;
        self.depth = self.depth.max(child.depth + 1);
    }
}
