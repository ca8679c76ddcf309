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

    /// Begins a trace, and opens its root span; `None` where the trace is not sampled.
    #[cfg(feature = "tracing")]
    pub(crate) fn begin_trace(&self, name: &str, start: UnixNanos) -> (Context, Option<Box<Span>>) {
        let state = TraceState::begin(&self.shared);
        if !state.is_sampled {
            return (Context::new(state, None, SpanId::random()), None);
        }
        let info = Arc::new(self.new_trace_info(state.id, name.to_owned()));
        let span = state.open(&info, name, start);
        (Context::new(state, Some(info), span.id), Some(span))
    }
}

#[cfg(feature = "tracing")]
impl TraceState {
    fn open(&self, info: &Arc<TraceInfo>, name: &str, start: UnixNanos) -> Box<Span> {
        self.open_span();
        let info = Arc::clone(info);
        Box::new(Span::new(info, SpanKind::Span, name, start))
    }
}

#[cfg(feature = "tracing")]
impl Context {
    /// Opens a span below this one; `None` where the trace is not sampled.
    pub(crate) fn open_child(&self, name: &str, start: UnixNanos) -> Option<Box<Span>> {
        let mut span = self.trace.open(self.info.as_ref()?, name, start);
        span.parent = Some(self.id());
        Some(span)
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

    /// Forgets a span that was opened here and is not recorded.
    pub(crate) fn discard(&self) {
        self.trace.discard_span();
    }

    /// Records a score.
    pub(crate) fn score(&self, score: Score) {
        self.trace.shared.accept(Record::from(score));
    }
}
