//! Compares two versions of an API by the effect of each change on callers and on the wire.
//!
//! The comparison covers the plans of the documents, not their text: names as they are in Rust, types as callers see
//! them, and how requests are sent. Descriptions are ignored.

mod change;
mod comparison;
pub(crate) mod describe;
mod operations;
mod renames;
mod report;
mod security;
mod types;

pub use change::{Area, Change, Effect, next_version};
pub use report::{Package, Report};

use crate::pipeline::PlannedDocument;
use comparison::Comparison;

/// Returns every change from `old` to `new`: security and servers first, then by effect.
pub fn compare(old: &PlannedDocument, new: &PlannedDocument) -> Vec<Change> {
    let old = renames::with_new_type_names(old, new);
    let mut comparison = Comparison::new(&old, new);
    security::compare_security(&mut comparison);
    operations::compare_operations(&mut comparison);
    types::compare_types(&mut comparison);
    let mut changes = comparison.changes;
    changes.sort_by(|a, b| {
        let rank = |change: &Change| {
            let is_first = matches!(change.area, Area::Security | Area::Server);
            (
                !is_first,
                is_first.then_some(change.area),
                change.effect,
                change.is_new,
                change.area,
            )
        };
        rank(a).cmp(&rank(b)).then_with(|| a.cmp(b))
    });
    changes.dedup();
    changes
}
