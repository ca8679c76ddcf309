//! Traces that wait for their last span, for destinations that take whole traces.

use super::entry::Entry;
use super::retry::after;
use crate::model::{Record, TraceId};
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::time::{Duration, Instant};

/// Traces that wait for their last span.
#[derive(Debug)]
pub(super) struct OpenTraces {
    traces: HashMap<TraceId, OpenTrace>,
    /// The traces by the arrival of their last record. Those of one batch have one time, so each has a number too.
    by_arrival: BTreeMap<(Instant, u64), TraceId>,
    /// Traces that were ready to be sent when they were added here.
    ready: VecDeque<TraceId>,
    records: usize,
    /// Records that have been added, ever.
    added: u64,
    /// The newest generation of records that a flush waits for.
    released: Option<u64>,
    timeout: Duration,
    max_records: usize,
}

#[derive(Debug)]
struct OpenTrace {
    entries: Vec<Entry>,
    /// The key in `by_arrival`.
    arrival: (Instant, u64),
    is_complete: bool,
    /// Whether a flush waits for one of its records, complete or not.
    is_released: bool,
}

impl OpenTrace {
    fn is_ready(&self) -> bool {
        self.is_complete || self.is_released
    }
}

impl OpenTraces {
    pub fn new(timeout: Duration, max_records: usize) -> Self {
        Self {
            traces: HashMap::new(),
            by_arrival: BTreeMap::new(),
            ready: VecDeque::new(),
            records: 0,
            added: 0,
            released: None,
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
        let arrival = (now, self.added);
        self.added += 1;
        self.records += 1;
        let is_new = !self.traces.contains_key(&id);
        let trace = self.traces.entry(id).or_insert_with(|| OpenTrace {
            entries: Vec::new(),
            arrival,
            is_complete: false,
            is_released: false,
        });
        match entry.record.as_ref() {
            // A span that follows a complete part opens the trace again.
            Record::Span(span) => trace.is_complete = span.completes_trace,
            // A score of a trace without a waiting span waits for nothing.
            Record::Score(_) => trace.is_complete |= is_new,
        }
        trace.is_released |= self
            .released
            .is_some_and(|released| entry.ticket.generation <= released);
        trace.entries.push(entry);
        self.by_arrival.remove(&trace.arrival);
        trace.arrival = arrival;
        self.by_arrival.insert(arrival, id);
        if trace.is_ready() {
            self.ready.push_back(id);
        }
    }

    /// Releases the traces that have a record of this generation or an earlier one: a flush waits for them. Looks at all
    /// traces once for each flush; later records are compared when they are added.
    pub fn release(&mut self, generation: u64) {
        if self.released.replace(generation) == Some(generation) {
            return;
        }
        for id in self.by_arrival.values() {
            let Some(trace) = self.traces.get_mut(id) else {
                continue;
            };
            let mut generations = trace.entries.iter().map(|entry| entry.ticket.generation);
            if generations.any(|other| other <= generation) {
                trace.is_released = true;
                self.ready.push_back(*id);
            }
        }
    }

    /// Removes a trace that is complete or has waited too long, or where memory is full the one that has waited longest.
    pub fn take_ready(&mut self, now: Instant) -> Option<Vec<Entry>> {
        while let Some(id) = self.ready.pop_front() {
            if self.traces.get(&id).is_some_and(OpenTrace::is_ready) {
                return self.remove(id);
            }
        }
        let (arrival, id) = self.by_arrival.first_key_value()?;
        let has_waited = now.saturating_duration_since(arrival.0) >= self.timeout;
        if has_waited || self.space() == 0 {
            return self.remove(*id);
        }
        None
    }

    /// Returns when the next trace has waited too long.
    pub fn next_timeout(&self) -> Option<Instant> {
        let ((arrival, _), _) = self.by_arrival.first_key_value()?;
        Some(after(*arrival, self.timeout))
    }

    fn remove(&mut self, id: TraceId) -> Option<Vec<Entry>> {
        let trace = self.traces.remove(&id)?;
        self.by_arrival.remove(&trace.arrival);
        self.records -= trace.entries.len();
        Some(trace.entries)
    }
}
