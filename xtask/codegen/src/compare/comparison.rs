//! The comparison in progress.

use super::change::{Area, Change, Effect};
use crate::ir::Pointer;
use crate::locator::Locator;
use crate::pipeline::PlannedDocument;

/// The two documents and the changes found so far.
pub(super) struct Comparison<'a> {
    pub(super) old: &'a PlannedDocument,
    pub(super) new: &'a PlannedDocument,
    pub(super) changes: Vec<Change>,
    old_locator: Locator,
    new_locator: Locator,
}

/// A location in one of the two documents.
#[derive(Clone, Copy)]
pub(super) enum At<'a> {
    Old(&'a Pointer),
    New(&'a Pointer),
}

impl<'a> Comparison<'a> {
    pub(super) fn new(old: &'a PlannedDocument, new: &'a PlannedDocument) -> Self {
        Self {
            old,
            new,
            changes: Vec::new(),
            old_locator: old.raw.locator(),
            new_locator: new.raw.locator(),
        }
    }

    /// Adds an item that did not exist before, and that does not affect code that exists.
    pub(super) fn add_new(&mut self, area: Area, subject: &str, at: At<'_>, description: String) {
        self.add(area, Effect::Additive, subject, at, description);
        if let Some(change) = self.changes.last_mut() {
            change.is_new = true;
        }
    }

    pub(super) fn add(
        &mut self,
        area: Area,
        effect: Effect,
        subject: &str,
        at: At<'_>,
        description: String,
    ) {
        let location = match at {
            At::Old(at) => format!(
                "old:{}",
                self.old_locator.line(&self.old.moves.original(at))
            ),
            At::New(at) => format!(
                "new:{}",
                self.new_locator.line(&self.new.moves.original(at))
            ),
        };
        self.changes.push(Change {
            area,
            effect,
            is_new: false,
            subject: subject.to_owned(),
            description,
            location,
        });
    }
}
