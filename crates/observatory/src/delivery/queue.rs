//! The records that wait for one destination, and their accounting.

use super::counts::{Counts, Generations};
use super::dead_letters::{DeadLetter, DeadLetters};
use super::options::{DeliveryOptions, Overflow};
use super::report::{DestinationReport, DropCause, Problem};
use super::text::sanitize;
use crate::destinations::Limits;
use crate::model::Record;
use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread::{self, ThreadId};
use std::time::{Duration, Instant};
use tokio::sync::Notify;

/// A record in the queue of one destination.
#[derive(Debug)]
pub(super) struct Entry {
    pub record: Arc<Record>,
    /// Its estimated size in bytes.
    pub size: usize,
    pub generation: u64,
    /// When it was first sent.
    pub first_attempt: Option<Instant>,
    /// Whether its content was cut for this destination.
    pub is_truncated: bool,
}

/// The final result of a record.
#[derive(Clone, Debug)]
pub(super) enum Resolution {
    Acknowledged,
    Rejected(String),
    Dropped(DropCause),
}

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
    background: OnceLock<ThreadId>,
}

#[derive(Debug, Default)]
struct State {
    waiting: VecDeque<Entry>,
    waiting_bytes: usize,
    /// Records that the worker has taken.
    taken: usize,
    taken_bytes: usize,
    counts: Counts,
    generations: Generations,
    dead_letters: DeadLetters,
    problem: Option<CurrentProblem>,
    /// Threads that wait for space.
    blocked: usize,
    is_closed: bool,
}

#[derive(Debug)]
struct CurrentProblem {
    reason: String,
    retry_at: Instant,
}

impl State {
    fn has_space(&self, size: usize, options: &DeliveryOptions) -> bool {
        self.waiting.len() + self.taken < options.max_records
            && self.waiting_bytes + self.taken_bytes + size <= options.max_bytes
    }

    fn pending(&self) -> u64 {
        (self.waiting.len() + self.taken) as u64
    }

    /// Drops the oldest waiting records until the new one fits.
    fn drop_oldest(&mut self, size: usize, options: &DeliveryOptions) -> bool {
        while !self.has_space(size, options) {
            let Some(entry) = self.waiting.pop_front() else {
                return false;
            };
            self.waiting_bytes -= entry.size;
            self.generations.remove(entry.generation);
            self.counts.add_dropped(DropCause::QueueFull, 1);
        }
        true
    }
}

impl Queue {
    pub fn new(name: String, options: DeliveryOptions, limits: Limits) -> Self {
        Self {
            name,
            options,
            limits,
            state: Mutex::default(),
            space: Condvar::new(),
            work: Notify::new(),
            resolved: Notify::new(),
            background: OnceLock::new(),
        }
    }

    pub fn set_background(&self, thread: ThreadId) {
        let _ = self.background.set(thread);
    }

    /// Adds a record. Returns why it was dropped instead.
    pub fn push(&self, record: &Arc<Record>, size: usize, wake: bool) -> Result<(), DropCause> {
        let mut state = self.lock();
        if !state.has_space(size, &self.options) {
            state = self.make_space(state, size);
        }
        state.counts.accepted += 1;
        let cause = if state.is_closed {
            Some(DropCause::Closed)
        } else if !state.has_space(size, &self.options) {
            Some(DropCause::QueueFull)
        } else {
            None
        };
        if let Some(cause) = cause {
            state.counts.add_dropped(cause, 1);
            return Err(cause);
        }
        let generation = state.generations.add();
        state.waiting.push_back(Entry {
            record: Arc::clone(record),
            size,
            generation,
            first_attempt: None,
            is_truncated: false,
        });
        let bytes = state.waiting_bytes;
        state.waiting_bytes += size;
        // The first record starts the batch interval; the one that fills a batch ends it.
        let is_first = state.waiting.len() == 1;
        let fills_batch = state.waiting.len() == self.limits.records
            || (bytes < self.limits.bytes && bytes + size >= self.limits.bytes);
        drop(state);
        if is_first || fills_batch || wake {
            self.work.notify_one();
        }
        Ok(())
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
                if size > self.options.max_bytes
                    || self.background.get() == Some(&thread::current().id())
                {
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
        if is_full || must_send || state.generations.is_flushing() {
            Readiness::Full
        } else {
            Readiness::Partial
        }
    }

    /// Takes waiting records for the worker, oldest first: at most `records`, and `bytes` unless the first is larger.
    pub fn take(&self, records: usize, bytes: usize) -> Vec<Entry> {
        let mut state = self.lock();
        let mut taken = Vec::with_capacity(records.min(state.waiting.len()));
        let mut taken_bytes = 0_usize;
        while let Some(entry) = state.waiting.front() {
            let fits = taken_bytes.saturating_add(entry.size) <= bytes;
            if taken.len() >= records || (!fits && !taken.is_empty()) {
                break;
            }
            let Some(entry) = state.waiting.pop_front() else {
                break;
            };
            taken_bytes += entry.size;
            taken.push(entry);
        }
        state.waiting_bytes -= taken_bytes;
        state.taken += taken.len();
        state.taken_bytes += taken_bytes;
        taken
    }

    /// Notes the final result of records that the worker has taken.
    pub fn resolve(&self, entries: Vec<Entry>, resolution: &Resolution) {
        let mut state = self.lock();
        let records = entries.len() as u64;
        for entry in entries {
            state.taken -= 1;
            state.taken_bytes -= entry.size;
            state.generations.remove(entry.generation);
            if let Resolution::Rejected(reason) = resolution {
                state.dead_letters.add(DeadLetter {
                    destination: self.name.clone(),
                    reason: sanitize(reason),
                    record: entry.record,
                });
            }
        }
        match resolution {
            Resolution::Acknowledged => state.counts.acknowledged += records,
            Resolution::Rejected(_) => state.counts.rejected += records,
            Resolution::Dropped(cause) => state.counts.add_dropped(*cause, records),
        }
        drop(state);
        self.space.notify_all();
        self.resolved.notify_waiters();
    }

    /// Replaces the record of an entry that the worker has taken by one whose content was cut.
    pub fn replace_truncated(&self, entry: &mut Entry, record: Record) {
        let size = record.estimated_size();
        let mut state = self.lock();
        state.taken_bytes = state.taken_bytes - entry.size + size;
        if !entry.is_truncated {
            state.counts.truncated += 1;
        }
        drop(state);
        entry.record = Arc::new(record);
        entry.size = size;
        entry.is_truncated = true;
    }

    /// Notes that a request failed and will be sent again.
    pub fn set_problem(&self, reason: &str, retry_in: Duration) {
        let now = Instant::now();
        let mut state = self.lock();
        state.counts.retries += 1;
        state.problem = Some(CurrentProblem {
            reason: sanitize(reason),
            retry_at: now.checked_add(retry_in).unwrap_or(now),
        });
    }

    pub fn clear_problem(&self) {
        self.lock().problem = None;
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

    pub fn is_flushing_generation(&self, generation: u64) -> bool {
        self.lock().generations.is_flushing_generation(generation)
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
        report.problem = state.problem.as_ref().map(|problem| {
            let retry_in = problem.retry_at.saturating_duration_since(Instant::now());
            Problem {
                reason: problem.reason.clone(),
                retry_in: (!retry_in.is_zero()).then_some(retry_in),
            }
        });
        report
    }

    pub fn dead_letters(&self) -> Vec<DeadLetter> {
        self.lock().dead_letters.to_vec()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
