//! Destinations in memory, and records with distinguishable ids.

use llm_observatory::destinations::{
    BoxFuture, Destination, Grouping, ItemOutcome, Limits, Outcome,
};
use llm_observatory::model::{
    Record, Score, ScoreValue, Span, SpanId, SpanKind, TraceId, TraceInfo, UnixNanos,
};
use llm_observatory::{DeliveryOptions, DestinationReport, Observatory, Report, RetryPolicy};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// Long enough for every test on a loaded machine. No test waits for it unless it fails.
pub const LONG: Duration = Duration::from_secs(20);

/// What the destination does with one request.
pub enum Reply {
    /// Keeps all records and acknowledges them.
    Acknowledge,
    /// Responds this.
    Outcome(Outcome),
    /// Keeps all records, but the response never arrives.
    Hang,
    /// Panics.
    Panic,
}

type Script = dyn Fn(&Request) -> Reply + Send + Sync;

/// One request.
#[derive(Clone)]
pub struct Request {
    /// The number of requests before.
    pub number: usize,
    pub records: Vec<Arc<Record>>,
    pub time: Instant,
}

impl Request {
    pub fn names(&self) -> Vec<String> {
        self.records.iter().map(|record| name(record)).collect()
    }

    pub fn has(&self, record: &str) -> bool {
        self.records.iter().any(|other| name(other) == record)
    }
}

/// A destination in memory. Clones share their state.
#[derive(Clone)]
pub struct Memory {
    name: String,
    limits: Limits,
    grouping: Grouping,
    takes_scores: bool,
    script: Arc<Script>,
    requests: Arc<Mutex<Vec<Request>>>,
    stored: Arc<Mutex<Vec<Arc<Record>>>>,
}

impl Memory {
    pub fn new(name: &str) -> Self {
        Self::with_script(name, |_| Reply::Acknowledge)
    }

    pub fn with_script(
        name: &str,
        script: impl Fn(&Request) -> Reply + Send + Sync + 'static,
    ) -> Self {
        Self {
            name: name.to_owned(),
            limits: Limits::default(),
            grouping: Grouping::Records,
            takes_scores: true,
            script: Arc::new(script),
            requests: Arc::default(),
            stored: Arc::default(),
        }
    }

    pub fn limits(mut self, records: usize, bytes: usize) -> Self {
        self.limits = Limits { records, bytes };
        self
    }

    pub fn traces(mut self) -> Self {
        self.grouping = Grouping::Traces;
        self
    }

    pub fn without_scores(mut self) -> Self {
        self.takes_scores = false;
        self
    }

    pub fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap().clone()
    }

    /// The records that the destination has.
    pub fn stored(&self) -> Vec<Arc<Record>> {
        self.stored.lock().unwrap().clone()
    }

    pub fn stored_names(&self) -> Vec<String> {
        self.stored().iter().map(|record| name(record)).collect()
    }
}

impl Destination for Memory {
    fn name(&self) -> &str {
        &self.name
    }

    fn limits(&self) -> Limits {
        self.limits
    }

    fn grouping(&self) -> Grouping {
        self.grouping
    }

    fn supports(&self, record: &Record) -> bool {
        self.takes_scores || matches!(record, Record::Span(_))
    }

    fn deliver<'a>(&'a self, batch: &'a [Arc<Record>]) -> BoxFuture<'a, Outcome> {
        let mut requests = self.requests.lock().unwrap();
        let request = Request {
            number: requests.len(),
            records: batch.to_vec(),
            time: Instant::now(),
        };
        requests.push(request.clone());
        drop(requests);
        let reply = (self.script)(&request);
        Box::pin(async move {
            match reply {
                Reply::Acknowledge => {
                    self.stored.lock().unwrap().extend(batch.iter().cloned());
                    Outcome::Items(vec![ItemOutcome::Acknowledged; batch.len()])
                }
                Reply::Outcome(outcome) => {
                    if let Outcome::Items(items) = &outcome {
                        let stored = batch.iter().zip(items);
                        let stored = stored.filter(|(_, item)| **item == ItemOutcome::Acknowledged);
                        let stored = stored.map(|(record, _)| Arc::clone(record));
                        self.stored.lock().unwrap().extend(stored);
                    }
                    outcome
                }
                Reply::Hang => {
                    self.stored.lock().unwrap().extend(batch.iter().cloned());
                    std::future::pending().await
                }
                Reply::Panic => panic!("the destination has a fault"),
            }
        })
    }
}

pub fn retry(reason: &str, after: Option<Duration>) -> Reply {
    Reply::Outcome(Outcome::Retry {
        reason: reason.to_owned(),
        after,
    })
}

/// A finished span of a trace of its own.
pub fn span(name: &str) -> Record {
    span_of(TraceId::random(), name).into()
}

/// A finished span of this trace.
pub fn span_of(trace: TraceId, name: &str) -> Span {
    let trace = Arc::new(TraceInfo::new(trace, "trace"));
    let mut span = Span::new(trace, SpanKind::Llm, name, UnixNanos(1));
    span.id = SpanId::random();
    span
}

pub fn spans(observatory: &Observatory, count: usize) {
    for number in 0..count {
        observatory.record(span(&number.to_string()));
    }
}

pub fn name(record: &Record) -> String {
    match record {
        Record::Span(span) => span.name.clone(),
        Record::Score(score) => score.name.clone(),
        _ => String::new(),
    }
}

/// Options with short times.
pub fn quick() -> DeliveryOptions {
    let retry = RetryPolicy::new().initial_backoff(Duration::from_millis(4));
    DeliveryOptions::new()
        .batch_interval(Duration::from_millis(5))
        .retry(retry.max_backoff(Duration::from_millis(20)))
}

/// Checks that all records are accounted for, and returns the report of the destination.
pub fn checked<'a>(report: &'a Report, name: &str) -> &'a DestinationReport {
    for report in &report.destinations {
        assert_eq!(
            report.accepted,
            report.acknowledged + report.rejected + report.dropped() + report.pending,
            "{report}"
        );
    }
    report.destination(name).unwrap()
}

/// Waits until the condition holds.
pub fn eventually(mut condition: impl FnMut() -> bool) {
    let start = Instant::now();
    while !condition() {
        assert!(start.elapsed() < LONG, "the condition never became true");
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// A score of a trace of its own.
pub fn score(name: &str) -> Score {
    score_of(TraceId::random(), name)
}

/// A score of this trace.
pub fn score_of(trace: TraceId, name: &str) -> Score {
    Score {
        id: TraceId::random(),
        trace_id: trace,
        root_span_id: None,
        span_id: None,
        name: name.to_owned(),
        value: ScoreValue::Number(0.9),
        comment: None,
        time: UnixNanos(1),
    }
}

/// A folder that is deleted at the end of the test.
pub struct Folder(pub PathBuf);

impl Folder {
    pub fn new() -> Self {
        let path = std::env::temp_dir().join(format!("llm-observatory-{}", TraceId::random()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub fn files(&self, extension: &str) -> Vec<PathBuf> {
        let files = std::fs::read_dir(&self.0)
            .unwrap()
            .map(|entry| entry.unwrap().path());
        let mut files: Vec<_> = files
            .filter(|path| path.extension().is_some_and(|other| other == extension))
            .collect();
        files.sort();
        files
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
