//! The result of calling operations while the server fails at random.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::shared::skipped::Skipped;

/// The result for one document.
#[derive(Clone, Debug, Serialize)]
pub struct ChaosReport {
    /// The name of the document.
    pub name: String,
    /// The number of called operations.
    pub operations: usize,
    /// What the program reported.
    #[serde(flatten)]
    pub outcome: ChaosOutcome,
    /// What was not called, or not with every value, and why.
    pub skipped: Vec<Skipped>,
}

/// The report of the program.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct ChaosOutcome {
    /// The number of calls.
    pub calls: u64,
    /// The calls that returned a value.
    pub values: u64,
    /// The requests that the server received.
    pub requests: u64,
    /// The number of requests of each fault.
    pub faults: BTreeMap<String, u64>,
    /// The bytes by which the used memory grew.
    pub grown_bytes: usize,
    /// The seconds on the virtual clock.
    pub virtual_seconds: u64,
    /// The calls that ended late, with another value, or with an error that names another cause.
    pub failures: Vec<String>,
}

/// The largest growth of memory: the blocks of an allocator and of tables do not return to the same size.
const MAX_GROWN_BYTES: usize = 1 << 20;

impl ChaosReport {
    /// Returns whether every call ended as it should, in constant memory.
    pub fn is_success(&self) -> bool {
        self.outcome.failures.is_empty() && self.outcome.grown_bytes < MAX_GROWN_BYTES
    }
}
