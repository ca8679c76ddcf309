//! Accepts records and hands them to the workers of all destinations.

use super::background::Background;
use super::dead_letters::DeadLetter;
use super::errors::{ErrorKind, Errors};
use super::options::DeliveryOptions;
use super::queue::Queue;
use super::report::{DestinationReport, DropCause, Report};
use super::sampling::Sampling;
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
    pub fn start(
        destinations: Vec<(Arc<dyn Destination>, DeliveryOptions)>,
        sampling: Sampling,
    ) -> io::Result<Arc<Self>> {
        let errors = Errors::default();
        let background = Background::start()?;
        let mut routes = Vec::with_capacity(destinations.len());
        for (destination, options) in destinations {
            let name = destination.name().to_owned();
            let queue = Arc::new(Queue::new(name, options.clone(), destination.limits()));
            queue.set_background(background.thread_id());
            let worker = Worker::new(
                Arc::clone(&queue),
                Arc::clone(&destination),
                options,
                errors.clone(),
            );
            background.spawn(worker.run());
            routes.push(Route {
                takes_traces: destination.grouping() == Grouping::Traces,
                destination,
                queue,
                has_reported_unsupported: AtomicBool::new(false),
            });
        }
        Ok(Arc::new(Self {
            routes,
            errors,
            background,
            process: std::process::id(),
            forked: AtomicU64::new(0),
            sampled_out: AtomicU64::new(0),
            sampling,
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
        self.report()
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
        self.report()
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
        for destination in report
            .destinations
            .iter()
            .filter(|report| report.pending > 0)
        {
            let records = usize::try_from(destination.pending).unwrap_or(usize::MAX);
            let message = format!("not delivered within {timeout:?} after the end");
            self.errors
                .add(&destination.name, ErrorKind::Dropped, records, &message);
        }
        self.errors.close();
        self.background.stop();
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
    fn accept(&self, record: Record) {
        if self.is_forked() {
            self.forked.fetch_add(1, Ordering::Relaxed);
            return;
        }
        if !self.is_sampled(record.trace_id()) {
            self.sampled_out.fetch_add(1, Ordering::Relaxed);
            return;
        }
        let size = record.estimated_size();
        let completes_trace = matches!(&record, Record::Span(span) if span.completes_trace);
        let record = Arc::new(record);
        for route in &self.routes {
            if !route.destination.supports(&record) {
                route.queue.count_dropped(DropCause::Unsupported);
                self.report_unsupported(route);
                continue;
            }
            let wake = route.takes_traces && completes_trace;
            // A dropped record is counted; an error for each would hide the others.
            let _ = route.queue.push(&record, size, wake);
        }
    }

    fn is_sampled(&self, trace: TraceId) -> bool {
        self.sampling.contains(trace)
    }
}
