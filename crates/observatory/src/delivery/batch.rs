//! Batches of records: one request each.

use super::entry::Entry;
use super::retry::after;
use crate::destinations::Limits;
use std::time::{Duration, Instant};

/// Records that are sent in one request.
#[derive(Debug, Default)]
pub(super) struct Batch {
    pub entries: Vec<Entry>,
    /// Failed attempts.
    pub failures: u32,
    /// When it may be sent again.
    pub not_before: Option<Instant>,
    /// Why the last attempt failed.
    pub reason: String,
    /// The successful requests of the destination until the last failure. Where it has grown at the next failure, the
    /// batch itself is the cause.
    pub successes_before: Option<u64>,
}

impl Batch {
    pub fn new(entries: Vec<Entry>) -> Self {
        Self {
            entries,
            ..Self::default()
        }
    }

    pub fn bytes(&self) -> usize {
        self.entries.iter().map(|entry| entry.size).sum()
    }

    pub fn is_due(&self, now: Instant) -> bool {
        self.not_before.is_none_or(|time| time <= now)
    }

    /// Returns the first and the second half. Has at least two records.
    pub fn split(mut self) -> [Self; 2] {
        let second = Self {
            entries: self.entries.split_off(self.entries.len() / 2),
            failures: self.failures,
            not_before: self.not_before,
            reason: self.reason.clone(),
            successes_before: self.successes_before,
        };
        [self, second]
    }

    /// Returns whether both batches fit into one request.
    pub fn can_merge(&self, other: &Self, limits: Limits) -> bool {
        self.failures == other.failures
            && self.entries.len() + other.entries.len() <= limits.records
            && self.bytes() + other.bytes() <= limits.bytes
    }

    /// Returns when the first record expires.
    pub fn deadline(&self, after_first_attempt: Duration) -> Option<Instant> {
        let attempts = self.entries.iter().filter_map(|entry| entry.first_attempt);
        Some(after(attempts.min()?, after_first_attempt))
    }

    /// Removes and returns the records that have expired.
    pub fn take_expired(&mut self, after_first_attempt: Duration, now: Instant) -> Vec<Entry> {
        let is_expired = |entry: &Entry| {
            let first = entry.first_attempt;
            first.is_some_and(|first| now.saturating_duration_since(first) >= after_first_attempt)
        };
        let entries = std::mem::take(&mut self.entries);
        let (expired, rest) = entries.into_iter().partition(is_expired);
        self.entries = rest;
        expired
    }
}

/// Splits records into batches that are within the limits. A record over the limit of bytes is alone in its batch.
pub(super) fn split_by_limits(entries: Vec<Entry>, limits: Limits) -> Vec<Batch> {
    let mut batches: Vec<Batch> = Vec::new();
    let mut bytes = 0_usize;
    for entry in entries {
        bytes = bytes.saturating_add(entry.size);
        match batches.last_mut() {
            Some(batch) if batch.entries.len() < limits.records && bytes <= limits.bytes => {
                batch.entries.push(entry);
            }
            _ => {
                bytes = entry.size;
                batches.push(Batch::new(vec![entry]));
            }
        }
    }
    batches
}
