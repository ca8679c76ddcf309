//! Records in memory, for tests of programs that record.
//!
//! ```
//! use llm_observatory::model::SpanKind;
//! use llm_observatory::recording::Recorder;
//! use llm_observatory::testing::Memory;
//!
//! fn program_under_test(recorder: &Recorder) {
//!     let trace = recorder.trace("request");
//!     trace.tool("lookup").input("Lima").record();
//! }
//!
//! let memory = Memory::new();
//! program_under_test(&memory.recorder());
//!
//! let tool = memory.span("lookup").expect("a span");
//! assert_eq!(tool.kind, SpanKind::Tool);
//! assert_eq!(tool.input, Some("Lima".into()));
//! assert!(memory.span("request").is_some_and(|root| root.completes_trace));
//! ```

use crate::delivery::Accept;
use crate::destinations::{BoxFuture, Destination, ItemOutcome, Outcome};
use crate::model::{Record, Score, Span, TraceId};
use crate::recording::{Recorder, Resource};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Keeps records in memory. Clones share them.
///
/// [`recorder`](Self::recorder) records here at once, without the delivery engine. As a [`Destination`] it receives what
/// the engine delivers.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    records: Arc<Mutex<Vec<Arc<Record>>>>,
}

impl Memory {
    /// Returns an empty memory.
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns a recorder whose records are here as soon as they are made. All traces are sampled.
    pub fn recorder(&self) -> Recorder {
        Recorder::new(Arc::new(self.clone()), Resource::default())
    }

    /// Returns all records, in the order in which they arrived.
    pub fn records(&self) -> Vec<Arc<Record>> {
        self.lock().clone()
    }

    /// Returns all spans, in the order in which they ended.
    pub fn spans(&self) -> Vec<Span> {
        let records = self.lock();
        let spans = records.iter().filter_map(|record| match &**record {
            Record::Span(span) => Some((**span).clone()),
            Record::Score(_) => None,
        });
        spans.collect()
    }

    /// Returns the first span with this name.
    pub fn span(&self, name: &str) -> Option<Span> {
        self.spans().into_iter().find(|span| span.name == name)
    }

    /// Returns all scores, in the order in which they were recorded.
    pub fn scores(&self) -> Vec<Score> {
        let records = self.lock();
        let scores = records.iter().filter_map(|record| match &**record {
            Record::Score(score) => Some((**score).clone()),
            Record::Span(_) => None,
        });
        scores.collect()
    }

    /// Removes all records.
    pub fn clear(&self) {
        self.lock().clear();
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Arc<Record>>> {
        self.records.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Accept for Memory {
    fn accept(&self, record: Record) {
        self.lock().push(Arc::new(record));
    }

    fn is_sampled(&self, _trace: TraceId) -> bool {
        true
    }
}

impl Destination for Memory {
    fn name(&self) -> &str {
        "memory"
    }

    fn deliver<'a>(&'a self, batch: &'a [Arc<Record>]) -> BoxFuture<'a, Outcome> {
        self.lock().extend(batch.iter().cloned());
        let outcome = Outcome::Items(vec![ItemOutcome::Acknowledged; batch.len()]);
        Box::pin(std::future::ready(outcome))
    }
}
