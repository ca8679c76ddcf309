//! The records that wait for one destination, and their accounting.

use super::counts::{Counts, Generations};
use super::dead_letters::{DeadLetter, DeadLetters};
use super::entry::{Entry, Resolution, Slot, Ticket};
use super::errors::{ErrorKind, Errors};
use super::options::{DeliveryOptions, Overflow};
use super::report::{DestinationReport, DropCause, Problem};
use super::retry::after;
use super::storage::{Location, Storage, StorageError};
use super::text::sanitize;
use crate::destinations::{Destination, Limits};
use crate::model::Record;
use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, ThreadId};
use std::time::{Duration, Instant};
use tokio::sync::Notify;

/// A response that takes longer is reported as missing.
const SLOW: Duration = Duration::from_millis(100);

/// How much work waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Readiness {
    Empty,
    /// Records wait for others to fill their batch.
    Partial,
    /// A batch is full, or its records are to be sent now.
    Full,
}

/// The records that wait for one destination, and their accounting.
pub(super) struct Queue {
    pub name: String,
    options: DeliveryOptions,
    limits: Limits,
    state: Mutex<State>,
    /// Signaled when records have left memory.
    space: Condvar,
    /// Signaled when the worker has something to do.
    work: Notify,
    /// Signaled when records have their final result.
    resolved: Notify,
    /// The thread that must not wait for space, since it makes the space.
    background: ThreadId,
    errors: Errors,
    /// The storage besides memory, and the position of the destination in it.
    storage: Option<(Arc<dyn Storage>, usize)>,
}

#[derive(Debug, Default)]
struct State {
    waiting: VecDeque<Slot>,
    waiting_bytes: usize,
    /// Records that the worker has taken.
    taken: usize,
    /// Records in memory, waiting or taken, and their bytes.
    memory_records: usize,
    memory_bytes: usize,
    counts: Counts,
    generations: Generations,
    dead_letters: DeadLetters,
    problem: Option<CurrentProblem>,
    /// Since when the worker waits for a response.
    sending_since: Option<Instant>,
    /// Threads that wait for space.
    blocked: usize,
    /// Whether a waiting record completes a trace, which is to be sent now.
    is_urgent: bool,
    /// Whether an error reports that records are dropped. Reset when there is space again.
    has_reported_overflow: bool,
    is_closed: bool,
}

#[derive(Debug)]
struct CurrentProblem {
    reason: String,
    retry_at: Instant,
}

impl State {
    fn has_space(&self, size: usize, options: &DeliveryOptions) -> bool {
        self.memory_records < options.max_records
            && self.memory_bytes.saturating_add(size) <= options.max_bytes
    }

    fn pending(&self) -> u64 {
        (self.waiting.len() + self.taken) as u64
    }

    fn add(&mut self, record: Option<Arc<Record>>, size: usize, location: Option<Location>) {
        let in_memory = record.is_some();
        if in_memory {
            self.memory_records += 1;
            self.memory_bytes += size;
        }
        self.waiting_bytes += size;
        let generation = self.generations.add();
        let ticket = Ticket {
            size,
            generation,
            location,
            in_memory,
        };
        self.waiting.push_back(Slot { record, ticket });
    }

    /// Removes a record from the accounting of memory and generations.
    fn release(&mut self, ticket: &Ticket) {
        if ticket.in_memory {
            self.memory_records -= 1;
            self.memory_bytes -= ticket.size;
        }
        self.generations.remove(ticket.generation);
    }

    /// Drops the oldest waiting records until the new one fits. Without a storage, all of them are in memory.
    fn drop_oldest(&mut self, size: usize, options: &DeliveryOptions) {
        while size <= options.max_bytes && !self.has_space(size, options) {
            let Some(slot) = self.waiting.pop_front() else {
                return;
            };
            self.waiting_bytes -= slot.ticket.size;
            self.release(&slot.ticket);
            self.counts.add_dropped(DropCause::QueueFull, 1);
        }
    }

    /// Returns why the last request failed, or that there is no response yet.
    fn problem(&self, now: Instant) -> Option<Problem> {
        if let Some(problem) = &self.problem {
            let retry_in = problem.retry_at.saturating_duration_since(now);
            return Some(Problem {
                reason: problem.reason.clone(),
                retry_in: (!retry_in.is_zero()).then_some(retry_in),
            });
        }
        let waited = now.saturating_duration_since(self.sending_since?);
        (waited >= SLOW).then(|| Problem {
            reason: format!("no response for {waited:.1?}"),
            retry_in: None,
        })
    }

    fn count_resolved(&mut self, records: u64, resolution: &Resolution) {
        match resolution {
            Resolution::Acknowledged => self.counts.acknowledged += records,
            Resolution::Rejected(_) => self.counts.rejected += records,
            Resolution::Dropped(cause) => self.counts.add_dropped(*cause, records),
        }
    }
}

impl Queue {
    pub fn new(
        destination: &dyn Destination,
        options: DeliveryOptions,
        background: ThreadId,
        errors: Errors,
        storage: Option<(Arc<dyn Storage>, usize)>,
    ) -> Self {
        Self {
            name: destination.name().to_owned(),
            options,
            limits: destination.limits(),
            state: Mutex::default(),
            space: Condvar::new(),
            work: Notify::new(),
            resolved: Notify::new(),
            background,
            errors,
            storage,
        }
    }

    /// Adds a record, or counts it as dropped where there is no space. A record that is stored needs no space in memory.
    pub fn push(
        &self,
        record: &Arc<Record>,
        size: usize,
        location: Option<Location>,
        is_urgent: bool,
    ) {
        let mut state = self.lock();
        if location.is_none() && !state.has_space(size, &self.options) {
            state = self.make_space(state, size);
        }
        state.counts.accepted += 1;
        let has_space = state.has_space(size, &self.options);
        if location.is_none() && (state.is_closed || !has_space) {
            let cause = if state.is_closed {
                DropCause::Closed
            } else {
                DropCause::QueueFull
            };
            state.counts.add_dropped(cause, 1);
            let is_reported = std::mem::replace(&mut state.has_reported_overflow, true);
            drop(state);
            if !is_reported {
                let message = format!("{}; further ones are only counted", cause.as_str());
                self.errors.add(&self.name, ErrorKind::Dropped, 1, &message);
            }
            return;
        }
        let bytes = state.waiting_bytes;
        state.add(has_space.then(|| Arc::clone(record)), size, location);
        state.is_urgent |= is_urgent;
        // The first record starts the batch interval; the one that fills a batch ends it.
        let is_first = state.waiting.len() == 1;
        let fills_batch = state.waiting.len() == self.limits.records
            || (bytes < self.limits.bytes && state.waiting_bytes >= self.limits.bytes);
        drop(state);
        if is_first || fills_batch || is_urgent {
            self.work.notify_one();
        }
    }

    /// Adds a record that an earlier process has stored.
    pub fn recover(&self, location: Location, size: usize) {
        let mut state = self.lock();
        state.counts.accepted += 1;
        state.counts.recovered += 1;
        state.add(None, size, Some(location));
        drop(state);
        self.work.notify_one();
    }

    /// Counts a record that is dropped before it reaches the queue.
    pub fn count_dropped(&self, cause: DropCause) {
        let mut state = self.lock();
        state.counts.accepted += 1;
        state.counts.add_dropped(cause, 1);
    }

    #[cold]
    fn make_space<'a>(
        &'a self,
        mut state: MutexGuard<'a, State>,
        size: usize,
    ) -> MutexGuard<'a, State> {
        match self.options.overflow {
            Overflow::DropNewest => state,
            Overflow::DropOldest => {
                state.drop_oldest(size, &self.options);
                state
            }
            Overflow::Block(timeout) => {
                if size > self.options.max_bytes || thread::current().id() == self.background {
                    return state;
                }
                state.blocked += 1;
                self.work.notify_one();
                let full =
                    |state: &mut State| !state.has_space(size, &self.options) && !state.is_closed;
                let result = self.space.wait_timeout_while(state, timeout, full);
                let mut state = result.unwrap_or_else(PoisonError::into_inner).0;
                state.blocked -= 1;
                state
            }
        }
    }

    pub fn readiness(&self) -> Readiness {
        let state = self.lock();
        if state.waiting.is_empty() {
            return Readiness::Empty;
        }
        let is_full =
            state.waiting.len() >= self.limits.records || state.waiting_bytes >= self.limits.bytes;
        // Without space the batch cannot fill.
        let must_send = state.blocked > 0 || state.is_closed || !state.has_space(0, &self.options);
        if is_full || must_send || state.generations.flushing().is_some() {
            Readiness::Full
        } else {
            Readiness::Partial
        }
    }

    /// Takes waiting records for the worker, oldest first: at most `records`, and `bytes` unless the first is larger.
    pub fn take(&self, records: usize, bytes: usize) -> Vec<Slot> {
        let mut state = self.lock();
        let mut taken = Vec::with_capacity(records.min(state.waiting.len()));
        let mut taken_bytes = 0_usize;
        while let Some(slot) = state.waiting.front() {
            let fits = taken_bytes.saturating_add(slot.ticket.size) <= bytes;
            if taken.len() >= records || (!fits && !taken.is_empty()) {
                break;
            }
            taken_bytes += slot.ticket.size;
            taken.extend(state.waiting.pop_front());
        }
        state.waiting_bytes -= taken_bytes;
        state.taken += taken.len();
        state.is_urgent &= !state.waiting.is_empty();
        taken
    }

    /// Notes the final result of records that the worker has taken.
    pub fn resolve(&self, entries: Vec<Entry>, resolution: &Resolution) {
        if let Resolution::Rejected(reason) = resolution {
            let mut state = self.lock();
            for entry in &entries {
                state.dead_letters.add(DeadLetter {
                    destination: self.name.clone(),
                    reason: sanitize(reason),
                    record: Arc::clone(&entry.record),
                });
            }
        }
        self.resolve_tickets(
            entries.into_iter().map(|entry| entry.ticket).collect(),
            resolution,
        );
    }

    /// As [`Self::resolve`], for records that could not be read.
    pub fn resolve_tickets(&self, tickets: Vec<Ticket>, resolution: &Resolution) {
        if tickets.is_empty() {
            return;
        }
        self.finish_stored(&tickets);
        let mut state = self.lock();
        state.taken -= tickets.len();
        for ticket in &tickets {
            state.release(ticket);
        }
        state.count_resolved(tickets.len() as u64, resolution);
        if state.memory_records <= self.options.max_records / 2 {
            state.has_reported_overflow = false;
        }
        drop(state);
        self.space.notify_all();
        self.resolved.notify_waiters();
    }

    /// Notes in the storage that the records need not be delivered again. Where that fails, they are.
    fn finish_stored(&self, tickets: &[Ticket]) {
        let Some((storage, position)) = &self.storage else {
            return;
        };
        let locations: Vec<Location> = tickets
            .iter()
            .filter_map(|ticket| ticket.location)
            .collect();
        if let Err(error) = storage.finish(*position, &locations) {
            self.errors.add(
                &self.name,
                ErrorKind::Spool,
                locations.len(),
                &error.message,
            );
        }
    }

    /// Reads a record that is only in the storage.
    pub fn load(&self, location: Location) -> Result<Record, StorageError> {
        match &self.storage {
            Some((storage, _)) => storage.load(location),
            None => Err(StorageError {
                cause: DropCause::SpoolFailed,
                message: "there is no spool".to_owned(),
            }),
        }
    }

    /// Replaces the record of an entry that the worker has taken by one whose content was cut.
    pub fn replace_truncated(&self, entry: &mut Entry, record: Record) {
        if !entry.is_truncated {
            self.lock().counts.truncated += 1;
        }
        entry.size = record.estimated_size();
        entry.record = Arc::new(record);
        entry.is_truncated = true;
    }

    /// Notes that a request failed and will be sent again.
    pub fn set_problem(&self, reason: &str, retry_in: Duration) {
        let now = Instant::now();
        let mut state = self.lock();
        state.counts.retries += 1;
        state.problem = Some(CurrentProblem {
            reason: sanitize(reason),
            retry_at: after(now, retry_in),
        });
    }

    pub fn clear_problem(&self) {
        self.lock().problem = None;
    }

    /// Notes that a request begins or ends.
    pub fn set_sending(&self, since: Option<Instant>) {
        self.lock().sending_since = since;
    }

    /// Asks the worker to send everything now, and returns the generation to wait for.
    pub fn start_flush(&self) -> u64 {
        let generation = self.lock().generations.start_flush();
        self.work.notify_one();
        generation
    }

    /// Waits until no record of the generation or an earlier one is pending.
    pub async fn flushed(&self, generation: u64) {
        loop {
            let resolved = self.resolved.notified();
            if self.lock().generations.is_flushed(generation) {
                return;
            }
            resolved.await;
        }
    }

    /// Returns the newest generation that a flush waits for.
    pub fn flushed_generation(&self) -> Option<u64> {
        self.lock().generations.flushing()
    }

    /// Waits until the worker has something to do.
    pub async fn work(&self) {
        self.work.notified().await;
    }

    /// Accepts no further record.
    pub fn close(&self) {
        self.lock().is_closed = true;
        self.space.notify_all();
        self.work.notify_one();
    }

    pub fn report(&self) -> DestinationReport {
        let state = self.lock();
        let mut report = state.counts.to_report(&self.name, state.pending());
        report.problem = state.problem(Instant::now());
        report
    }

    pub fn dead_letters(&self) -> Vec<DeadLetter> {
        self.lock().dead_letters.to_vec()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
