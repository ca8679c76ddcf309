//! Counts of the records of one destination.

use super::report::{DestinationReport, DropCause};
use std::collections::VecDeque;

/// Counts of the records of one destination. Changed only under the lock of its queue, so that they always add up.
#[derive(Debug, Default)]
pub(super) struct Counts {
    pub accepted: u64,
    pub acknowledged: u64,
    pub rejected: u64,
    pub truncated: u64,
    pub recovered: u64,
    pub retries: u64,
    dropped: [u64; DropCause::ALL.len()],
}

impl Counts {
    pub fn add_dropped(&mut self, cause: DropCause, records: u64) {
        self.dropped[cause as usize] += records;
    }

    pub fn to_report(&self, name: &str, pending: u64) -> DestinationReport {
        let dropped = DropCause::ALL
            .into_iter()
            .filter(|cause| self.dropped[*cause as usize] > 0)
            .map(|cause| (cause, self.dropped[cause as usize]))
            .collect();
        DestinationReport {
            name: name.to_owned(),
            accepted: self.accepted,
            acknowledged: self.acknowledged,
            rejected: self.rejected,
            dropped,
            pending,
            truncated: self.truncated,
            recovered: self.recovered,
            retries: self.retries,
            problem: None,
        }
    }
}

/// Pending records by generation. A flush ends the current generation, and waits until it has no pending record: records
/// that are added during the flush do not prolong it.
#[derive(Debug, Default)]
pub(super) struct Generations {
    current: u64,
    /// Generations with pending records, oldest first.
    pending: VecDeque<(u64, usize)>,
    /// The newest generation for which a flush waits.
    flushing: Option<u64>,
}

impl Generations {
    /// Adds a pending record and returns its generation.
    pub fn add(&mut self) -> u64 {
        match self.pending.back_mut() {
            Some((generation, count)) if *generation == self.current => *count += 1,
            _ => self.pending.push_back((self.current, 1)),
        }
        self.current
    }

    pub fn remove(&mut self, generation: u64) {
        let found = self.pending.iter_mut().find(|(id, _)| *id == generation);
        if let Some((_, count)) = found {
            *count = count.saturating_sub(1);
        }
        while matches!(self.pending.front(), Some((_, 0))) {
            self.pending.pop_front();
        }
    }

    /// Ends the current generation, and returns it.
    pub fn start_flush(&mut self) -> u64 {
        let generation = self.current;
        self.flushing = Some(generation);
        self.current += 1;
        generation
    }

    /// Returns whether no record of the generation or an earlier one is pending.
    pub fn is_flushed(&self, generation: u64) -> bool {
        self.pending
            .iter()
            .all(|(id, count)| *id > generation || *count == 0)
    }

    /// Returns the newest generation that a flush waits for.
    pub fn flushing(&self) -> Option<u64> {
        self.flushing
            .filter(|generation| !self.is_flushed(*generation))
    }
}
