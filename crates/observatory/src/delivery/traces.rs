//! Traces that wait for their last span, for destinations that take whole traces.

use super::queue::Entry;
use crate::model::{Record, TraceId};
use std::collections::HashMap;
use std::time::{Duration, Instant};

/// Traces that wait for their last span.
#[derive(Debug)]
pub(super) struct OpenTraces {
    traces: HashMap<TraceId, OpenTrace>,
    records: usize,
    /// Traces that have been added, ever.
    added: u64,
    timeout: Duration,
    max_records: usize,
}

#[derive(Debug)]
struct OpenTrace {
    entries: Vec<Entry>,
    /// When the last record arrived.
    updated: Instant,
    /// The number of traces before: those of one batch have one time.
    number: u64,
    is_complete: bool,
}

impl OpenTraces {
    pub fn new(timeout: Duration, max_records: usize) -> Self {
        Self {
            traces: HashMap::new(),
            records: 0,
            added: 0,
            timeout,
            max_records: max_records.max(1),
        }
    }

    /// Returns how many records may be added before a trace has to leave.
    pub fn space(&self) -> usize {
        self.max_records.saturating_sub(self.records)
    }

    pub fn add(&mut self, entry: Entry, now: Instant) {
        let id = entry.record.trace_id();
        // A score of a trace without a waiting span waits for nothing.
        let is_complete = match entry.record.as_ref() {
            Record::Span(span) => span.completes_trace,
            Record::Score(_) => !self.traces.contains_key(&id),
        };
        let trace = self.traces.entry(id).or_insert_with(|| OpenTrace {
            entries: Vec::new(),
            updated: now,
            number: self.added,
            is_complete: false,
        });
        // A span that follows a complete part opens the trace again.
        match entry.record.as_ref() {
            Record::Span(_) => trace.is_complete = is_complete,
            Record::Score(_) => trace.is_complete |= is_complete,
        }
        self.added += 1;
        trace.updated = now;
        trace.entries.push(entry);
        self.records += 1;
    }

    /// Removes a trace that is complete, has waited too long, or is to be sent now; the one that has waited longest where
    /// memory is full.
    pub fn take_ready(
        &mut self,
        now: Instant,
        is_flushing: impl Fn(u64) -> bool,
    ) -> Option<Vec<Entry>> {
        let is_full = self.space() == 0;
        let is_ready = |trace: &OpenTrace| {
            trace.is_complete
                || now.saturating_duration_since(trace.updated) >= self.timeout
                || trace
                    .entries
                    .iter()
                    .any(|entry| is_flushing(entry.ticket.generation))
        };
        let ready = self.traces.iter().filter(|(_, trace)| is_ready(trace));
        let oldest = |traces: &mut dyn Iterator<Item = (&TraceId, &OpenTrace)>| {
            traces
                .min_by_key(|(_, trace)| (trace.updated, trace.number))
                .map(|(id, _)| *id)
        };
        let mut id = oldest(&mut ready.into_iter());
        if id.is_none() && is_full {
            id = oldest(&mut self.traces.iter());
        }
        let trace = self.traces.remove(&id?)?;
        self.records -= trace.entries.len();
        Some(trace.entries)
    }

    /// Returns when the next trace has waited too long.
    pub fn next_timeout(&self) -> Option<Instant> {
        let updated = self.traces.values().map(|trace| trace.updated).min()?;
        updated.checked_add(self.timeout)
    }
}
