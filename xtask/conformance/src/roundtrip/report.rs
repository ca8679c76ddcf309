//! What came of it, in numbers.

use serde::Serialize;

use crate::shared::skipped::Skip;

/// What came of a document.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Report {
    /// Schemas and bodies with a type.
    pub schemas: usize,
    /// Valid instances that were sent through their types.
    pub tried: usize,
    /// Those that were read.
    pub accepted: usize,
    /// Those that came back equal.
    pub equal: usize,
    /// The same for instances that say something new, which no validator confirms.
    pub forward: Counts,
    /// What was refused or changed, the first of each schema and kind.
    pub failures: Vec<Failure>,
    /// By schema.
    pub by_schema: Vec<Row>,
    /// What was not tried, and why.
    pub skipped: Vec<Skip>,
}

/// How many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Sent.
    pub tried: usize,
    /// Read.
    pub accepted: usize,
    /// Come back equal.
    pub equal: usize,
}

/// What came of a schema.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    /// Where it stands.
    pub pointer: String,
    /// The type it became.
    #[serde(rename = "type")]
    pub ty: String,
    /// Valid instances.
    #[serde(flatten)]
    pub valid: Counts,
    /// Instances that say something new.
    pub forward: Counts,
    /// Proposals that the validator refused.
    pub refused_by_validator: usize,
}

/// A value that was refused or changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Failure {
    /// The schema.
    pub pointer: String,
    /// `refused` or `changed`; with `forward` before it where the value says something new.
    pub kind: &'static str,
    /// Where in the value.
    pub path: String,
    /// What is the matter there.
    pub message: String,
    /// The value, cut if it is long.
    pub value: String,
}

impl Counts {
    /// Whether every value was read and came back equal.
    pub fn is_whole(self) -> bool {
        self.tried == self.accepted && self.tried == self.equal
    }
}

impl Report {
    /// Whether nothing was refused and nothing changed.
    pub fn is_whole(&self) -> bool {
        self.failures.is_empty() && self.forward.is_whole()
    }

    /// Adds a schema.
    pub(crate) fn add(&mut self, row: Row, failures: Vec<Failure>) {
        self.schemas += 1;
        self.tried += row.valid.tried;
        self.accepted += row.valid.accepted;
        self.equal += row.valid.equal;
        self.forward.tried += row.forward.tried;
        self.forward.accepted += row.forward.accepted;
        self.forward.equal += row.forward.equal;
        self.failures.extend(failures);
        self.by_schema.push(row);
    }
}
