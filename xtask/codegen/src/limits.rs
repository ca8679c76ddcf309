//! The limits of the work that one document can cause.
//!
//! A document is untrusted, and a small one must not cause large work. Every limit is stated here. What exceeds one is
//! refused with its pointer, and with [`Code::TooBig`](crate::diag::Code::TooBig) or
//! [`Code::TooDeep`](crate::diag::Code::TooDeep). Work is counted, not timed, so that the same document is accepted on
//! every machine. Of 468 published documents, none comes near a tenth of a limit but that of its size. Recursion that only has to end has a limit of its own, next to it.

use std::cell::Cell;

/// The size of the largest document, in bytes.
pub const MAX_DOCUMENT_BYTES: usize = 64 << 20;

/// The maximum nesting depth of the values of a document. It is checked before the document is parsed.
pub const MAX_DEPTH: usize = 120;

/// The maximum nesting depth of inline schemas.
pub const MAX_SCHEMA_DEPTH: usize = 64;

/// The maximum number of values in a document.
pub const MAX_VALUES: usize = 3_000_000;

/// The maximum number of values that the aliases of a YAML document add, and that the actions of an overlay add.
pub const MAX_ADDED_VALUES: usize = 250_000;

/// The maximum size of the texts that the aliases of a YAML document add, and that the actions of an overlay add, in
/// bytes.
pub const MAX_ADDED_BYTES: usize = 16 << 20;

/// The maximum number of nodes that the actions of an overlay visit to find their targets.
pub const MAX_VISITED_NODES: usize = 20_000_000;

/// The maximum size of the JSON pointers of all values together, for a document of `document_bytes`. Pointers are long
/// where long keys have many values below them.
pub const fn max_pointer_bytes(document_bytes: usize) -> usize {
    (16 << 20) + 8 * document_bytes
}

/// The maximum number of schemas after references to responses, parameters and request bodies are replaced by their
/// targets, for a document with `values` values.
pub const fn max_schemas(values: usize) -> usize {
    50_000 + 2 * values
}

/// The maximum number of children of all parents with a discriminator together. A child of a child counts for each of its
/// parents.
pub const MAX_CHILDREN: usize = 100_000;

/// The maximum number of steps of lowering: a property that merging `allOf` copies, a union member whose tags are read.
pub const MAX_LOWERING_STEPS: usize = 200_000;

/// The maximum number of schemas that are made by combining two: the members of a union with the properties next to it
/// or with those of a second union, and the two schemas of one property.
pub const MAX_COMBINATIONS: usize = 5_000;

/// The maximum number of steps that the search for values that match two variants takes for one union.
pub const MAX_UNION_STEPS: usize = 200_000;

/// The number of members up to which a union's inline members are named by the property that only one of them has. Those of
/// a larger union are named by their position.
pub const MAX_COMPARED_MEMBERS: usize = 1_000;

/// The number of diagnostics that are shown with the lines of the document; the others are counted.
pub const MAX_SHOWN_DIAGNOSTICS: usize = 100;

/// Counts work against one limit.
#[derive(Debug)]
pub(crate) struct Budget {
    remaining: Cell<Option<usize>>,
}

impl Budget {
    /// Creates a budget for `limit` units of work.
    pub(crate) fn new(limit: usize) -> Self {
        Self {
            remaining: Cell::new(Some(limit)),
        }
    }

    /// Sets the limit again.
    pub(crate) fn refill(&self, limit: usize) {
        self.remaining.set(Some(limit));
    }

    /// Spends `count` units. Returns whether the work may be done: not if the limit is exceeded, now or before.
    pub(crate) fn spend(&self, count: usize) -> bool {
        let remaining = self
            .remaining
            .get()
            .and_then(|left| left.checked_sub(count));
        self.remaining.set(remaining);
        remaining.is_some()
    }
}
