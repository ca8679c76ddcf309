//! The result of all calls.

use std::collections::BTreeMap;

use serde::Serialize;

/// The largest number of failures in a report.
const MAX_FAILURES: usize = 20;

/// The result of all calls.
#[derive(Default, Serialize)]
pub(crate) struct Report {
    /// The number of calls.
    pub(crate) calls: u64,
    /// The calls that returned a value.
    pub(crate) values: u64,
    /// The requests that the server received.
    pub(crate) requests: u64,
    /// The number of requests of each fault.
    pub(crate) faults: BTreeMap<String, u64>,
    /// The bytes by which the used memory grew.
    pub(crate) grown_bytes: usize,
    /// The seconds on the virtual clock.
    pub(crate) virtual_seconds: u64,
    /// What a call must not do.
    pub(crate) failures: Vec<String>,
}

impl Report {
    pub(crate) fn add_failure(&mut self, failure: String) {
        if self.failures.len() < MAX_FAILURES {
            self.failures.push(failure);
        }
    }
}
