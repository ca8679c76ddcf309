//! What all spans of a trace share while they are open.

use crate::delivery::Accept;
use crate::model::{Clock, Record, Span, TraceId};
use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

/// What all traces of a recorder share.
pub(crate) struct Shared {
    /// A sink never panics, so that a panic elsewhere leaves it consistent.
    sink: AssertUnwindSafe<Arc<dyn Accept>>,
    pub(crate) clock: Clock,
    /// Open traces that began in another process, so that two requests of one trace count their spans together. Traces
    /// that begin here are not in it: recording them takes no lock.
    continued: Mutex<HashMap<TraceId, Weak<TraceState>>>,
}

impl Shared {
    pub(crate) fn new(sink: Arc<dyn Accept>) -> Self {
        Self {
            sink: AssertUnwindSafe(sink),
            clock: Clock::start(),
            continued: Mutex::new(HashMap::new()),
        }
    }

    pub(crate) fn accept(&self, record: Record) {
        self.sink.accept(record);
    }

    fn continued(&self) -> MutexGuard<'_, HashMap<TraceId, Weak<TraceState>>> {
        self.continued
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// A trace of which spans can be open.
pub(crate) struct TraceState {
    pub(crate) shared: Arc<Shared>,
    pub(crate) id: TraceId,
    pub(crate) is_sampled: bool,
    is_continued: bool,
    open_spans: AtomicUsize,
}

impl TraceState {
    /// Begins a trace in this process.
    pub(crate) fn begin(shared: &Arc<Shared>) -> Arc<Self> {
        let id = TraceId::random();
        Arc::new(Self {
            is_sampled: shared.sink.is_sampled(id),
            shared: Arc::clone(shared),
            id,
            is_continued: false,
            open_spans: AtomicUsize::new(0),
        })
    }

    /// Joins a trace that began in another process, which the caller does or does not sample.
    pub(crate) fn join(shared: &Arc<Shared>, id: TraceId, is_sampled: bool) -> Arc<Self> {
        let is_sampled = is_sampled && shared.sink.is_sampled(id);
        let mut continued = shared.continued();
        let open = continued.get(&id).and_then(Weak::upgrade);
        if let Some(state) = open.filter(|state| state.is_sampled == is_sampled) {
            return state;
        }
        let state = Arc::new(Self {
            shared: Arc::clone(shared),
            id,
            is_sampled,
            is_continued: true,
            open_spans: AtomicUsize::new(0),
        });
        continued.insert(id, Arc::downgrade(&state));
        state
    }

    /// Counts a span that starts.
    pub(crate) fn open_span(&self) {
        self.open_spans.fetch_add(1, Ordering::Relaxed);
    }

    /// Forgets a span that was counted by [`open_span`](Self::open_span).
    #[cfg(feature = "tracing")]
    pub(crate) fn discard_span(&self) {
        self.open_spans.fetch_sub(1, Ordering::AcqRel);
    }

    /// Records a span that was counted by [`open_span`](Self::open_span).
    pub(crate) fn end_span(&self, mut span: Box<Span>) {
        // Acquire and release, so that the last span to end is recorded after what other threads did before theirs ended.
        span.completes_trace = self.open_spans.fetch_sub(1, Ordering::AcqRel) == 1;
        self.shared.accept(Record::Span(span));
    }
}

impl Drop for TraceState {
    fn drop(&mut self) {
        if self.is_continued {
            let mut continued = self.shared.continued();
            // Another request may have joined the trace again in the meantime.
            if continued
                .get(&self.id)
                .is_some_and(|open| open.strong_count() == 0)
            {
                continued.remove(&self.id);
            }
        }
    }
}
