//! Recording for other observers of a program, which have handles of their own: the layer for `tracing` and the exporter of
//! OpenTelemetry.

use super::Recorder;
use crate::model::Record;
#[cfg(feature = "tracing")]
use {
    super::{Context, state::TraceState},
    crate::model::{Score, Span, SpanId, SpanKind, TraceInfo, UnixNanos},
    std::sync::Arc,
};

impl Recorder {
    /// Records what was put together elsewhere.
    #[cfg(feature = "opentelemetry")]
    pub(crate) fn accept(&self, record: impl Into<Record>) {
        self.shared.accept(record.into());
    }

    /// Returns the present time.
    #[cfg(feature = "tracing")]
    pub(crate) fn now(&self) -> UnixNanos {
        self.shared.clock.now()
    }

    /// Begins a trace. Its root span is opened with [`Context::open_root`].
    #[cfg(feature = "tracing")]
    pub(crate) fn begin_trace(&self, name: &str) -> Context {
        let state = TraceState::begin(&self.shared);
        let info =
            (state.is_sampled).then(|| Arc::new(self.new_trace_info(state.id, name.to_owned())));
        Context::new(state, info, SpanId::random())
    }
}

#[cfg(feature = "tracing")]
impl Context {
    /// Opens a span below this one; `None` where the trace is not sampled.
    pub(crate) fn open_child(&self, name: &str, start: UnixNanos) -> Option<Box<Span>> {
        let mut span = self.open_root(name, start)?;
        span.parent = Some(self.id());
        Some(span)
    }

    /// Opens the root span of a trace; `None` where the trace is not sampled.
    pub(crate) fn open_root(&self, name: &str, start: UnixNanos) -> Option<Box<Span>> {
        let info = Arc::clone(self.info.as_ref()?);
        self.trace.open_span();
        Some(Box::new(Span::new(info, SpanKind::Span, name, start)))
    }

    /// Returns the context of a span that was opened here.
    pub(crate) fn of(&self, span: &Span) -> Self {
        let info = Some(Arc::clone(&span.trace));
        Self::new(Arc::clone(&self.trace), info, span.id)
    }

    /// Returns whether spans below this one share `info`.
    pub(crate) fn has_info(&self, info: &Arc<TraceInfo>) -> bool {
        self.info.as_ref().is_some_and(|own| Arc::ptr_eq(own, info))
    }

    /// Records a span that was opened here.
    pub(crate) fn end(&self, span: Box<Span>) {
        self.trace.end_span(span);
    }

    /// Drops a span that was opened here and is not recorded.
    pub(crate) fn discard(&self, span: Box<Span>) {
        drop(span);
        self.trace.discard_span();
    }

    /// Records a score.
    pub(crate) fn score(&self, score: Score) {
        self.trace.shared.accept(Record::from(score));
    }
}
