//! Delivers the records of one queue to its destination.

use super::attempt::{AttemptResult, send_once};
use super::batch::{Batch, split_by_limits};
use super::entry::{Entry, Resolution, Slot, Ticket};
use super::errors::{ErrorKind, Errors};
use super::options::DeliveryOptions;
use super::queue::{Queue, Readiness};
use super::report::DropCause;
use super::retry::after;
use super::storage::Location;
use super::traces::OpenTraces;
use super::truncate::truncate;
use crate::destinations::{Destination, Grouping, ItemOutcome, Limits, Outcome};
use crate::model::Record;
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The smallest size of a batch that is concluded from refused ones.
const MIN_BYTES: usize = 4_096;
/// Failures after which a batch is split once: with two batches, an invalid one is distinguished from an outage.
const FAILURES_BEFORE_SPLIT: u32 = 3;

/// Delivers the records of one queue to its destination, one request at a time.
pub(super) struct Worker {
    queue: Arc<Queue>,
    destination: Arc<dyn Destination>,
    options: DeliveryOptions,
    /// How long after its first attempt a record is dropped.
    deadline: Duration,
    errors: Errors,
    grouping: Grouping,
    /// The vendor's limits.
    limits: Limits,
    /// The bytes of a batch. Shrinks when the vendor refuses a batch as too large, which does not truncate single records.
    batch_bytes: usize,
    traces: OpenTraces,
    /// Parts of batches that were split, to be sent next.
    ready: VecDeque<Batch>,
    /// Batches that failed.
    retry: VecDeque<Batch>,
    /// Since when records wait for others to fill their batch.
    partial_since: Option<Instant>,
    /// Until when nothing is sent.
    resume_at: Option<Instant>,
    consecutive_failures: u32,
    successes: u64,
    /// Whether new records have precedence over failed ones, alternately.
    prefers_new: bool,
}

impl Worker {
    pub fn new(
        queue: Arc<Queue>,
        destination: Arc<dyn Destination>,
        options: DeliveryOptions,
        errors: Errors,
        is_stored: bool,
    ) -> Self {
        let limits = destination.limits();
        Self {
            grouping: destination.grouping(),
            limits: Limits {
                records: limits.records.max(1),
                bytes: limits.bytes.max(1),
            },
            batch_bytes: limits.bytes.max(1),
            traces: OpenTraces::new(options.trace_timeout, options.max_records / 2),
            deadline: options.retry.record_deadline(is_stored),
            queue,
            destination,
            options,
            errors,
            ready: VecDeque::new(),
            retry: VecDeque::new(),
            partial_since: None,
            resume_at: None,
            consecutive_failures: 0,
            successes: 0,
            prefers_new: false,
        }
    }

    pub async fn run(mut self) {
        loop {
            self.pause().await;
            let mut batch = self.next_batch().await;
            self.truncate_large(&mut batch);
            let now = Instant::now();
            for entry in &mut batch.entries {
                entry.first_attempt.get_or_insert(now);
            }
            let records: Vec<Arc<Record>> = batch
                .entries
                .iter()
                .map(|entry| Arc::clone(&entry.record))
                .collect();
            let timeout = self.options.attempt_timeout;
            self.queue.set_sending(Some(now));
            let result = send_once(self.destination.as_ref(), &records, timeout).await;
            drop(records);
            self.queue.set_sending(None);
            self.apply_result(batch, result);
        }
    }

    /// Waits until the destination may be called again. Records expire meanwhile.
    async fn pause(&mut self) {
        while let Some(resume_at) = self.resume_at {
            let wake_at = self
                .next_deadline()
                .map_or(resume_at, |time| time.min(resume_at));
            tokio::time::sleep_until(wake_at.into()).await;
            self.drop_expired();
            if Instant::now() >= resume_at {
                self.resume_at = None;
            }
        }
    }

    async fn next_batch(&mut self) -> Batch {
        loop {
            self.drop_expired();
            if let Some(batch) = self.ready.pop_front() {
                return batch;
            }
            let now = Instant::now();
            let due = self.retry.iter().position(|batch| batch.is_due(now));
            if self.prefers_new || due.is_none() {
                if let Some(batch) = self.take_new(now) {
                    self.prefers_new = false;
                    return batch;
                }
            }
            if let Some(batch) = due.and_then(|position| self.retry.remove(position)) {
                self.prefers_new = true;
                return batch;
            }
            let times = self.retry.iter().filter_map(|batch| batch.not_before);
            let times = times.chain(self.next_deadline()).chain(self.next_new());
            match times.min() {
                None => self.queue.work().await,
                Some(time) => {
                    let _ = tokio::time::timeout_at(time.into(), self.queue.work()).await;
                }
            }
        }
    }

    /// Takes new records, if a batch of them is to be sent now.
    fn take_new(&mut self, now: Instant) -> Option<Batch> {
        // Failed batches must not fill the memory, so that the queue can still drop its oldest records.
        let failed: usize = self.retry.iter().map(|batch| batch.entries.len()).sum();
        if failed > self.options.max_records / 2 {
            return None;
        }
        let is_ready = self.has_new(now);
        if self.grouping == Grouping::Traces {
            return self.take_trace(now, is_ready);
        }
        if !is_ready {
            return None;
        }
        let entries = self.take(self.limits.records, self.batch_bytes);
        (!entries.is_empty()).then(|| Batch::new(entries))
    }

    /// Returns whether waiting records are to be taken now. Notes since when they wait.
    fn has_new(&mut self, now: Instant) -> bool {
        let is_ready = match self.queue.readiness() {
            Readiness::Full => true,
            Readiness::Partial => {
                let since = *self.partial_since.get_or_insert(now);
                now.saturating_duration_since(since) >= self.options.batch_interval
            }
            Readiness::Empty => {
                self.partial_since = None;
                false
            }
        };
        if is_ready {
            self.partial_since = None;
        }
        is_ready
    }

    /// Takes waiting records, and reads those that are not in memory.
    fn take(&self, records: usize, bytes: usize) -> Vec<Entry> {
        let mut entries = Vec::new();
        for Slot { record, ticket } in self.queue.take(records, bytes) {
            let loaded = match (record, ticket.location) {
                (Some(record), _) => Some(record),
                (None, Some(location)) => self.load(location),
                (None, None) => None,
            };
            match loaded {
                Some(record) if self.destination.supports(&record) => {
                    entries.push(Entry::new(record, ticket))
                }
                Some(_) => self.drop_ticket(ticket, DropCause::Unsupported),
                None => self.drop_ticket(ticket, DropCause::SpoolFailed),
            }
        }
        entries
    }

    fn load(&self, location: Location) -> Option<Arc<Record>> {
        let record = self.queue.load(location);
        if let Err(error) = &record {
            self.errors
                .add(&self.queue.name, ErrorKind::Spool, 1, &error.message);
        }
        record.ok().map(Arc::new)
    }

    fn drop_ticket(&self, ticket: Ticket, cause: DropCause) {
        self.queue
            .resolve_tickets(vec![ticket], &Resolution::Dropped(cause));
    }

    fn take_trace(&mut self, now: Instant, has_new: bool) -> Option<Batch> {
        if has_new {
            for entry in self.take(self.traces.space(), usize::MAX) {
                self.traces.add(entry, now);
            }
        }
        if let Some(generation) = self.queue.flushed_generation() {
            self.traces.release(generation);
        }
        let entries = self.traces.take_ready(now)?;
        let limits = Limits {
            bytes: self.batch_bytes,
            ..self.limits
        };
        let mut batches = split_by_limits(entries, limits).into_iter();
        let first = batches.next();
        self.ready.extend(batches);
        first
    }

    /// Returns when new records are sent that wait now.
    fn next_new(&self) -> Option<Instant> {
        let partial = self
            .partial_since
            .map(|since| after(since, self.options.batch_interval));
        partial.into_iter().chain(self.traces.next_timeout()).min()
    }

    fn next_deadline(&self) -> Option<Instant> {
        let deadline = self.deadline;
        let batches = self.retry.iter().chain(&self.ready);
        batches.filter_map(|batch| batch.deadline(deadline)).min()
    }

    fn drop_expired(&mut self) {
        let deadline = self.deadline;
        let now = Instant::now();
        for batch in self.retry.iter_mut().chain(&mut self.ready) {
            let expired = batch.take_expired(deadline, now);
            if expired.is_empty() {
                continue;
            }
            let message = format!("not delivered within {deadline:?}: {}", batch.reason);
            self.errors.add(
                &self.queue.name,
                ErrorKind::Dropped,
                expired.len(),
                &message,
            );
            self.queue
                .resolve(expired, &Resolution::Dropped(DropCause::Deadline));
        }
        self.retry.retain(|batch| !batch.entries.is_empty());
        self.ready.retain(|batch| !batch.entries.is_empty());
    }

    /// Cuts the records that are over the limit by themselves. One that cannot be cut is sent whole: the vendor decides.
    fn truncate_large(&self, batch: &mut Batch) {
        for entry in &mut batch.entries {
            if entry.size > self.limits.bytes {
                self.truncate(entry, self.limits.bytes);
            }
        }
    }

    fn truncate(&self, entry: &mut Entry, max_bytes: usize) -> bool {
        let Some(record) = truncate(&entry.record, max_bytes) else {
            return false;
        };
        let message = format!("content cut from {} to {max_bytes} bytes", entry.size);
        self.errors
            .add(&self.queue.name, ErrorKind::Truncated, 1, &message);
        self.queue.replace_truncated(entry, record);
        true
    }

    fn apply_result(&mut self, batch: Batch, result: AttemptResult) {
        match result {
            AttemptResult::Outcome(Outcome::Items(items)) => self.apply_items(batch, items),
            AttemptResult::Outcome(Outcome::TooLarge { reason }) => self.shrink(batch, reason),
            AttemptResult::Outcome(Outcome::Retry { reason, after }) => {
                self.retry_batch(batch, reason, after);
            }
            AttemptResult::Outcome(Outcome::InvalidRecord { reason }) => {
                self.isolate(batch, reason)
            }
            AttemptResult::Outcome(Outcome::Rejected { reason }) => {
                self.note_success();
                self.reject(batch.entries, reason);
            }
            AttemptResult::Panicked(message) => {
                let records = batch.entries.len();
                self.errors
                    .add(&self.queue.name, ErrorKind::Panicked, records, &message);
                self.isolate(batch, format!("the destination panicked: {message}"));
            }
        }
    }

    fn apply_items(&mut self, batch: Batch, items: Vec<ItemOutcome>) {
        let missing = ItemOutcome::Retry {
            reason: "the response has no result for the record".to_owned(),
        };
        let items = items.into_iter().chain(std::iter::repeat(missing));
        let mut acknowledged = Vec::with_capacity(batch.entries.len());
        let mut again = Batch {
            failures: batch.failures.saturating_add(1),
            successes_before: batch.successes_before,
            ..Batch::default()
        };
        let mut is_rejected = false;
        for (entry, item) in batch.entries.into_iter().zip(items) {
            match item {
                ItemOutcome::Acknowledged => acknowledged.push(entry),
                ItemOutcome::Rejected { reason } => {
                    is_rejected = true;
                    self.reject(vec![entry], reason);
                }
                ItemOutcome::Retry { reason } => {
                    again.reason = reason;
                    again.entries.push(entry);
                }
            }
        }
        let is_success = is_rejected || !acknowledged.is_empty();
        self.queue.resolve(acknowledged, &Resolution::Acknowledged);
        if !is_success {
            let reason = std::mem::take(&mut again.reason);
            again.failures = batch.failures;
            return self.retry_batch(again, reason, None);
        }
        self.note_success();
        if !again.entries.is_empty() {
            self.retry_items(again);
        }
    }

    /// Sends records again that the vendor could not take, while it took others of their batch.
    fn retry_items(&mut self, mut batch: Batch) {
        let delay = self.options.retry.delay(batch.failures, None);
        batch.not_before = Some(after(Instant::now(), delay));
        batch.successes_before = Some(self.successes);
        let records = batch.entries.len();
        self.errors
            .add(&self.queue.name, ErrorKind::Retry, records, &batch.reason);
        self.queue.set_problem(&batch.reason, delay);
        match self.retry.back_mut() {
            Some(last)
                if self.grouping == Grouping::Records && last.can_merge(&batch, self.limits) =>
            {
                last.entries.append(&mut batch.entries);
            }
            _ => self.retry.push_back(batch),
        }
    }

    /// Sends the whole batch again, after a pause of the destination.
    fn retry_batch(&mut self, mut batch: Batch, reason: String, asked: Option<Duration>) {
        self.consecutive_failures = self.consecutive_failures.saturating_add(1);
        batch.failures = batch.failures.saturating_add(1);
        let policy = &self.options.retry;
        let pause = policy.delay(self.consecutive_failures, asked);
        let now = Instant::now();
        self.resume_at = Some(after(now, pause));
        batch.not_before = Some(after(now, policy.delay(batch.failures, asked)));
        self.queue.set_problem(&reason, pause);
        self.errors.add(
            &self.queue.name,
            ErrorKind::Retry,
            batch.entries.len(),
            &reason,
        );
        let others_succeeded = batch
            .successes_before
            .is_some_and(|before| self.successes > before);
        let splits = self.grouping == Grouping::Records
            && batch.entries.len() > 1
            && (others_succeeded || batch.failures == FAILURES_BEFORE_SPLIT);
        batch.reason = reason;
        batch.successes_before = Some(self.successes);
        if splits {
            self.retry.extend(batch.split());
        } else {
            self.retry.push_back(batch);
        }
    }

    /// Sends less after the vendor refused the request as too large.
    fn shrink(&mut self, mut batch: Batch, reason: String) {
        let bytes = batch.bytes();
        if batch.entries.len() > 1 {
            self.batch_bytes = self.batch_bytes.min((bytes / 2).max(MIN_BYTES));
            return self.send_halves(batch);
        }
        let is_cut = batch
            .entries
            .iter_mut()
            .all(|entry| self.truncate(entry, bytes / 2));
        if is_cut {
            self.ready.push_front(batch);
        } else {
            self.reject(batch.entries, reason);
        }
    }

    /// Sends smaller batches until the record that makes the request fail is alone, and rejects it.
    fn isolate(&mut self, batch: Batch, reason: String) {
        if batch.entries.len() > 1 {
            self.send_halves(batch);
        } else {
            self.note_success();
            self.reject(batch.entries, reason);
        }
    }

    fn send_halves(&mut self, batch: Batch) {
        for half in batch.split().into_iter().rev() {
            self.ready.push_front(half);
        }
    }

    fn reject(&mut self, entries: Vec<Entry>, reason: String) {
        self.errors.add(
            &self.queue.name,
            ErrorKind::Rejected,
            entries.len(),
            &reason,
        );
        self.queue.resolve(entries, &Resolution::Rejected(reason));
    }

    fn note_success(&mut self) {
        self.consecutive_failures = 0;
        self.successes += 1;
        self.queue.clear_problem();
    }
}
