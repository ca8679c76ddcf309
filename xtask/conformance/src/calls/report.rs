//! What came of the calls, in numbers.

use serde::Serialize;

use crate::shared::skipped::Skip;

/// What came of a document.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Report {
    /// All of it.
    pub total: Tally,
    /// What went wrong.
    pub failures: Vec<Failure>,
    /// By operation.
    pub operations: Vec<Row>,
    /// What was not called, or not with everything, and why.
    pub skipped: Vec<Skip>,
}

/// What came of an operation.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    /// Where it stands.
    pub pointer: String,
    /// Method and path.
    pub operation: String,
    /// In numbers.
    #[serde(flatten)]
    pub tally: Tally,
}

/// How many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// Requests made through the client.
    pub called: usize,
    /// Those that left as they were meant, and that the judge accepts.
    pub accepted: usize,
    /// Answers that the client was given.
    pub answers: usize,
    /// Those that it read.
    pub decoded: usize,
    /// Requests made bad in one place.
    pub spoilt: usize,
    /// Those that the judge refuses.
    pub refused: usize,
}

/// What went wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Failure {
    /// Method and path.
    pub operation: String,
    /// `unsent`, `changed` on the way, `refused` by the judge, `undecoded`, or `unnoticed`: spoilt, and accepted.
    pub kind: &'static str,
    /// What is the matter.
    pub message: String,
    /// The request.
    pub request: String,
}

impl Report {
    /// Whether every operation was called, and nothing went wrong.
    pub fn is_whole(&self) -> bool {
        self.failures.is_empty() && self.operations.iter().all(|row| row.tally.is_whole())
    }

    pub(super) fn add(&mut self, row: Row, failures: Vec<Failure>) {
        let (total, tally) = (&mut self.total, row.tally);
        total.called += tally.called;
        total.accepted += tally.accepted;
        total.answers += tally.answers;
        total.decoded += tally.decoded;
        total.spoilt += tally.spoilt;
        total.refused += tally.refused;
        self.operations.push(row);
        self.failures.extend(failures);
    }
}

impl Tally {
    /// Whether there were calls, and nothing went wrong with any; and a judge that looked.
    pub fn is_whole(&self) -> bool {
        self.called > 0
            && self.accepted == self.called
            && self.answers > 0
            && self.decoded == self.answers
            && self.spoilt > 0
            && self.refused == self.spoilt
    }
}
