//! The result of sending values through generated types.

use serde::Serialize;

use crate::shared::skipped::Skipped;

/// The result of sending the values of a document.
#[derive(Clone, Debug, Default, Serialize)]
pub struct RoundtripReport {
    /// The number of schemas and bodies with a type.
    pub schemas: usize,
    /// The counts of valid instances.
    pub valid: ValueCounts,
    /// The counts of instances with something new, which no validator confirms.
    pub newer: ValueCounts,
    /// The failures: the first ones of each schema and kind.
    pub failures: Vec<RoundtripFailure>,
    /// The counts of each schema.
    pub by_schema: Vec<SchemaReport>,
    /// What was not sent, and why.
    pub skipped: Vec<Skipped>,
}

/// How many values were sent, decoded and unchanged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ValueCounts {
    /// The values sent through their type.
    pub sent: usize,
    /// The values that the type decoded.
    pub accepted: usize,
    /// The values that the type encoded unchanged.
    pub equal: usize,
}

/// The result of one schema.
#[derive(Clone, Debug, Serialize)]
pub struct SchemaReport {
    /// The JSON pointer of the schema.
    pub pointer: String,
    /// The Rust type.
    #[serde(rename = "type")]
    pub ty: String,
    /// The counts of valid instances.
    pub valid: ValueCounts,
    /// The counts of instances with something new.
    pub newer: ValueCounts,
    /// The samples that the validator rejected.
    pub rejected_by_validator: usize,
}

/// A value that was rejected or changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RoundtripFailure {
    /// The JSON pointer of the schema.
    pub pointer: String,
    /// `rejected` or `changed`; with the prefix `newer-` for instances with something new.
    pub kind: &'static str,
    /// The path in the value.
    pub path: String,
    /// What failed.
    pub message: String,
    /// The value, truncated.
    pub value: String,
}

impl ValueCounts {
    /// Returns whether every value was decoded and unchanged.
    pub fn is_success(self) -> bool {
        self.sent == self.accepted && self.sent == self.equal
    }

    fn add(&mut self, other: Self) {
        self.sent += other.sent;
        self.accepted += other.accepted;
        self.equal += other.equal;
    }
}

impl RoundtripReport {
    /// Returns whether no value was rejected or changed.
    pub fn is_success(&self) -> bool {
        self.failures.is_empty() && self.newer.is_success()
    }

    pub(super) fn add(&mut self, row: SchemaReport, failures: Vec<RoundtripFailure>) {
        self.schemas += 1;
        self.valid.add(row.valid);
        self.newer.add(row.newer);
        self.failures.extend(failures);
        self.by_schema.push(row);
    }
}
