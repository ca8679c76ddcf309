//! Accepts records and hands them to the workers of all destinations.

use super::background::Background;
use super::content::ContentPolicy;
use super::dead_letters::DeadLetter;
use super::errors::{ErrorKind, Errors};
use super::events::emit_report;
use super::options::DeliveryOptions;
use super::queue::Queue;
use super::report::{DestinationReport, DropCause, Report};
use super::sampling::Sampling;
use super::storage::{Location, OpenStorage, Storage, StorageError};
use super::worker::Worker;
use crate::destinations::{Destination, Grouping};
use crate::model::{Record, TraceId};
use std::future::Future;
use std::io;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;
use tokio::sync::oneshot;

/// How long a blocking flush waits beyond its timeout for the background thread to respond.
const GRACE: Duration = Duration::from_millis(200);

/// Takes records. Never waits on the network.
pub(crate) trait Accept: Send + Sync {
    /// Accepts a record for all destinations.
    fn accept(&self, record: Record);

    /// Returns whether records of the trace are in the sample. A recorder can skip the work for others.
    fn is_sampled(&self, trace: TraceId) -> bool;
}

/// Delivers records to all destinations. Shared by the [`Observatory`](crate::Observatory) and all recorders.
pub(crate) struct Engine {
    routes: Vec<Route>,
    errors: Errors,
    background: Background,
    /// The process whose background thread delivers. A forked child has no such thread, and its locks can be locked.
    process: u32,
    forked: AtomicU64,
    sampled_out: AtomicU64,
    sampling: Sampling,
    content: ContentPolicy,
    storage: Option<Arc<dyn Storage>>,
    /// Whether an error reports that the storage fails. Reset when it works again.
    has_reported_storage: AtomicBool,
}

/// What an engine is started with.
pub(crate) struct EngineSettings {
    pub destinations: Vec<(Arc<dyn Destination>, DeliveryOptions)>,
    pub sampling: Sampling,
    pub content: ContentPolicy,
    pub storage: Option<OpenStorage>,
}

/// A destination and its queue.
struct Route {
    destination: Arc<dyn Destination>,
    queue: Arc<Queue>,
    takes_traces: bool,
    has_reported_unsupported: AtomicBool,
}

impl Engine {
    /// Starts the background thread and one worker for each destination.
    pub fn start(settings: EngineSettings) -> io::Result<Arc<Self>> {
        let errors = Errors::default();
        let background = Background::start()?;
        let opened = settings.storage;
        let (storage, recovered, warnings) = match opened {
            Some(opened) => (
                Some(Arc::from(opened.storage)),
                opened.recovered,
                opened.warnings,
            ),
            None => (None, Vec::new(), Vec::new()),
        };
        let mut routes = Vec::with_capacity(settings.destinations.len());
        for (position, (destination, options)) in settings.destinations.into_iter().enumerate() {
            let stored = storage
                .as_ref()
                .map(|storage| (Arc::clone(storage), position));
            let queue = Arc::new(Queue::new(
                destination.as_ref(),
                options.clone(),
                background.thread_id(),
                errors.clone(),
                stored,
            ));
            for record in recovered
                .iter()
                .filter(|record| record.destinations.contains(&position))
            {
                queue.recover(record.location, record.size);
            }
            let worker = Worker::new(
                Arc::clone(&queue),
                Arc::clone(&destination),
                options,
                errors.clone(),
                storage.is_some(),
            );
            background.spawn(worker.run());
            routes.push(Route {
                takes_traces: destination.grouping() == Grouping::Traces,
                destination,
                queue,
                has_reported_unsupported: AtomicBool::new(false),
            });
        }
        for warning in warnings {
            errors.add("", ErrorKind::Spool, 0, &warning);
        }
        Ok(Arc::new(Self {
            routes,
            errors,
            background,
            storage,
            has_reported_storage: AtomicBool::new(false),
            process: std::process::id(),
            forked: AtomicU64::new(0),
            sampled_out: AtomicU64::new(0),
            sampling: settings.sampling,
            content: settings.content,
        }))
    }

    /// Waits until all records that were accepted before have their final result, at most as long as the timeout.
    pub async fn flush(&self, timeout: Duration) -> Report {
        if self.can_wait() {
            let (sender, receiver) = oneshot::channel();
            self.start_flush(timeout, move || {
                let _ = sender.send(());
            });
            // An error means that the background thread has ended: nothing more will be delivered.
            let _ = receiver.await;
        }
        self.reported()
    }

    /// As [`Self::flush`], for code that cannot wait asynchronously.
    pub fn flush_blocking(&self, timeout: Duration) -> Report {
        if self.can_wait() {
            let (sender, receiver) = mpsc::channel();
            self.start_flush(timeout, move || {
                let _ = sender.send(());
            });
            let _ = receiver.recv_timeout(timeout.saturating_add(GRACE));
        }
        self.reported()
    }

    /// Returns the report after a flush, which is an event too.
    fn reported(&self) -> Report {
        let report = self.report();
        if !self.is_forked() {
            emit_report(&report);
        }
        report
    }

    /// Runs a future on the background thread; `None` where that has ended.
    pub async fn run<T: Send + 'static>(
        &self,
        future: impl Future<Output = T> + Send + 'static,
    ) -> Option<T> {
        if self.is_forked() || self.background.is_stopped() {
            return None;
        }
        let (sender, receiver) = oneshot::channel();
        self.background.spawn(async move {
            let _ = sender.send(future.await);
        });
        receiver.await.ok()
    }

    /// Returns the destination with this name.
    pub fn destination(&self, name: &str) -> Option<&Arc<dyn Destination>> {
        let mut destinations = self.routes.iter().map(|route| &route.destination);
        destinations.find(|destination| destination.name() == name)
    }

    /// Asks all workers to send everything now, without waiting.
    pub fn request_flush(&self) {
        if self.is_forked() {
            return;
        }
        for route in &self.routes {
            route.queue.start_flush();
        }
    }

    /// Asks all workers to send everything now, and calls `done` on the background thread. The flush has begun when this
    /// returns; the caller's runtime and its timers are not used.
    fn start_flush(&self, timeout: Duration, done: impl FnOnce() + Send + 'static) {
        let waits = self.flush_waits();
        self.background.spawn(async move {
            let all = async {
                for wait in waits {
                    wait.await;
                }
            };
            let _ = tokio::time::timeout(timeout, all).await;
            done();
        });
    }

    fn flush_waits(&self) -> Vec<impl Future<Output = ()> + Send + use<>> {
        let queues = self.routes.iter().map(|route| Arc::clone(&route.queue));
        let flush = |queue: Arc<Queue>| {
            let generation = queue.start_flush();
            async move { queue.flushed(generation).await }
        };
        queues.map(flush).collect()
    }

    /// Returns whether a flush can make progress: not in a forked child, and not on the thread that delivers.
    fn can_wait(&self) -> bool {
        !self.is_forked() && thread::current().id() != self.background.thread_id()
    }

    pub fn report(&self) -> Report {
        if self.is_forked() {
            return self.forked_report();
        }
        Report {
            destinations: self
                .routes
                .iter()
                .map(|route| route.queue.report())
                .collect(),
            sampled_out: self.sampled_out.load(Ordering::Relaxed),
        }
    }

    /// Returns a report of the records of a forked child, without a lock.
    fn forked_report(&self) -> Report {
        let forked = self.forked.load(Ordering::Relaxed);
        let report = |route: &Route| DestinationReport {
            name: route.queue.name.clone(),
            accepted: forked,
            dropped: [(DropCause::Forked, forked)].into(),
            ..DestinationReport::default()
        };
        Report {
            destinations: self.routes.iter().map(report).collect(),
            sampled_out: 0,
        }
    }

    pub fn errors(&self) -> Errors {
        self.errors.clone()
    }

    pub fn dead_letters(&self) -> Vec<DeadLetter> {
        if self.is_forked() {
            return Vec::new();
        }
        self.routes
            .iter()
            .flat_map(|route| route.queue.dead_letters())
            .collect()
    }

    /// Flushes, and ends the background thread. Records that come later are dropped.
    pub fn shut_down(&self, timeout: Duration) {
        if self.is_forked() {
            return;
        }
        for route in &self.routes {
            route.queue.close();
        }
        let report = self.flush_blocking(timeout);
        let pending = report
            .destinations
            .iter()
            .filter(|report| report.pending > 0);
        // With a storage, the next process delivers them.
        for destination in pending.filter(|_| self.storage.is_none()) {
            let records = usize::try_from(destination.pending).unwrap_or(usize::MAX);
            let message = format!("not delivered within {timeout:?} after the end");
            self.errors
                .add(&destination.name, ErrorKind::Dropped, records, &message);
        }
        if let Some(storage) = &self.storage {
            storage.close();
        }
        self.errors.close();
        self.background.stop();
    }

    /// Writes the record to the storage, if there is one and a destination for the record.
    fn store(&self, record: &Record) -> Result<Option<Location>, StorageError> {
        let Some(storage) = &self.storage else {
            return Ok(None);
        };
        let routes = self
            .routes
            .iter()
            .filter(|route| route.destination.supports(record));
        match routes.count() {
            0 => Ok(None),
            destinations => {
                let location = storage.append(record, destinations)?;
                self.has_reported_storage.store(false, Ordering::Relaxed);
                Ok(Some(location))
            }
        }
    }

    /// Counts a record as dropped that could not be stored.
    #[cold]
    fn drop_everywhere(&self, record: &Record, error: &StorageError) {
        if !self.has_reported_storage.swap(true, Ordering::Relaxed) {
            let message = format!("{}; further records are only counted", error.message);
            self.errors.add("", ErrorKind::Spool, 1, &message);
        }
        for route in &self.routes {
            let is_supported = route.destination.supports(record);
            let cause = if is_supported {
                error.cause
            } else {
                DropCause::Unsupported
            };
            route.queue.count_dropped(cause);
        }
    }

    fn is_forked(&self) -> bool {
        std::process::id() != self.process
    }

    fn report_unsupported(&self, route: &Route) {
        if !route.has_reported_unsupported.swap(true, Ordering::Relaxed) {
            let message = "the vendor's API has no place for it; further ones are only counted";
            self.errors
                .add(&route.queue.name, ErrorKind::Unsupported, 1, message);
        }
    }
}

impl Accept for Engine {
    fn accept(&self, mut record: Record) {
        if self.is_forked() {
            self.forked.fetch_add(1, Ordering::Relaxed);
            return;
        }
        if !self.is_sampled(record.trace_id()) {
            self.sampled_out.fetch_add(1, Ordering::Relaxed);
            return;
        }
        if self.content.apply(&mut record).is_err() {
            let message = "the masking function panicked; the record has no content";
            self.errors.add("", ErrorKind::Masking, 1, message);
        }
        let size = record.estimated_size();
        let completes_trace = matches!(&record, Record::Span(span) if span.completes_trace);
        let record = Arc::new(record);
        let location = match self.store(&record) {
            Ok(location) => location,
            Err(error) => return self.drop_everywhere(&record, &error),
        };
        for route in &self.routes {
            if !route.destination.supports(&record) {
                route.queue.count_dropped(DropCause::Unsupported);
                self.report_unsupported(route);
                continue;
            }
            let is_urgent = route.takes_traces && completes_trace;
            route.queue.push(&record, size, location, is_urgent);
        }
    }

    fn is_sampled(&self, trace: TraceId) -> bool {
        self.sampling.contains(trace)
    }
}
