//! The result of calling operations.

use serde::Serialize;

use crate::shared::skipped::Skipped;

/// The result of calling the operations of a document.
#[derive(Clone, Debug, Default, Serialize)]
pub struct CallReport {
    /// The counts of all operations.
    pub total: CallCounts,
    /// The failures.
    pub failures: Vec<CallFailure>,
    /// The counts of each operation.
    pub operations: Vec<OperationReport>,
    /// What was not called, or not with every value, and why.
    pub skipped: Vec<Skipped>,
}

/// The result of calling one operation.
#[derive(Clone, Debug, Serialize)]
pub struct OperationReport {
    /// The JSON pointer of the operation.
    pub pointer: String,
    /// The method and the path.
    pub operation: String,
    /// The counts.
    #[serde(flatten)]
    pub counts: CallCounts,
}

/// How many requests and responses succeeded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct CallCounts {
    /// The requests sent through the client.
    pub called: usize,
    /// The requests that were sent as intended and that the validator accepted.
    pub accepted: usize,
    /// The responses returned to the client.
    pub responses: usize,
    /// The responses that the client decoded.
    pub decoded: usize,
    /// The invalid requests and responses.
    pub invalid: usize,
    /// The invalid requests that the validator rejected, and the invalid responses that the client rejected.
    pub rejected: usize,
}

/// A failed call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CallFailure {
    /// The method and the path.
    pub operation: String,
    /// `unsent`; `changed`: sent otherwise than intended; `rejected` by the validator; `undecoded`: the client did not
    /// decode the response; `undetected`: an invalid request or response was accepted.
    pub kind: &'static str,
    /// What failed.
    pub message: String,
    /// The request.
    pub request: String,
}

impl CallReport {
    /// Returns whether every operation was called without a failure.
    pub fn is_success(&self) -> bool {
        self.failures.is_empty() && self.operations.iter().all(|row| row.counts.is_success())
    }

    pub(super) fn add(&mut self, row: OperationReport, failures: Vec<CallFailure>) {
        let (total, counts) = (&mut self.total, row.counts);
        total.called += counts.called;
        total.accepted += counts.accepted;
        total.responses += counts.responses;
        total.decoded += counts.decoded;
        total.invalid += counts.invalid;
        total.rejected += counts.rejected;
        self.operations.push(row);
        self.failures.extend(failures);
    }
}

impl CallCounts {
    /// Returns whether calls were made, all of them succeeded and every invalid request was rejected.
    pub fn is_success(&self) -> bool {
        self.called > 0
            && self.accepted == self.called
            && self.responses > 0
            && self.decoded == self.responses
            && self.invalid > 0
            && self.rejected == self.invalid
    }
}
