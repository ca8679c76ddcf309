//! A span before and while it runs.

use super::context::Context;
use super::failure::panic_status;
use super::score::{ScoreBuilder, ScoreTarget};
use super::state::TraceState;
use super::traceparent::Traceparent;
use crate::model::{ScoreValue, Span, SpanId, SpanKind, Status, TraceId, TraceInfo, UnixNanos};
use crate::providers::ResponseStream;
use std::fmt;
use std::mem;
use std::sync::Arc;
use std::time::SystemTime;

/// The data of a span.
pub(super) enum Content {
    /// The span collects data.
    Open(Box<Span>),
    /// The span has been recorded. Spans can still be started below it.
    Ended(Arc<TraceInfo>),
    /// The trace is not sampled.
    Unsampled,
}

/// A span that has not started.
///
/// [`start`](Self::start) starts it. Without that nothing is recorded.
#[must_use = "`start` starts the span"]
pub struct SpanBuilder {
    pub(super) trace: Arc<TraceState>,
    pub(super) id: SpanId,
    pub(super) content: Content,
}

impl SpanBuilder {
    /// Returns a span below `parent`. Without `info` the trace is not sampled.
    pub(super) fn new(
        trace: Arc<TraceState>,
        info: Option<&Arc<TraceInfo>>,
        parent: Option<SpanId>,
        kind: SpanKind,
        name: String,
    ) -> Self {
        match info {
            Some(info) => {
                let mut span = Box::new(Span::new(Arc::clone(info), kind, name, UnixNanos(0)));
                span.parent = parent;
                Self {
                    trace,
                    id: span.id,
                    content: Content::Open(span),
                }
            }
            None => Self {
                trace,
                id: SpanId::random(),
                content: Content::Unsampled,
            },
        }
    }

    pub(super) fn span_mut(&mut self) -> Option<&mut Span> {
        match &mut self.content {
            Content::Open(span) => Some(span),
            Content::Ended(_) | Content::Unsampled => None,
        }
    }

    /// Starts the span now, or at the time given by [`started_at`](Self::started_at).
    pub fn start(mut self) -> ActiveSpan {
        let now = self.trace.shared.clock.now();
        if let Some(span) = self.span_mut() {
            if span.start == UnixNanos(0) {
                span.start = now;
            }
            self.trace.open_span();
        }
        ActiveSpan {
            trace: self.trace,
            id: self.id,
            content: self.content,
            stream: None,
            started_while_panicking: std::thread::panicking(),
        }
    }

    /// Starts and ends the span at once: for an event, or for a step that is over already.
    pub fn record(self) {
        self.start().end();
    }

    /// Sets the time of the start, for a step that began before it is recorded.
    pub fn started_at(mut self, time: SystemTime) -> Self {
        if let Some(span) = self.span_mut() {
            span.start = time.into();
        }
        self
    }
}

/// A span that runs. It ends with [`end`](Self::end), at the latest when it is dropped; what is set after that is
/// ignored.
///
/// Spans started from it are its children. They can outlive it, and run in other tasks and threads.
pub struct ActiveSpan {
    pub(super) trace: Arc<TraceState>,
    pub(super) id: SpanId,
    pub(super) content: Content,
    /// The streamed response that is being read.
    pub(super) stream: Option<Box<ResponseStream>>,
    started_while_panicking: bool,
}

impl ActiveSpan {
    /// Returns the id of the span.
    pub fn id(&self) -> SpanId {
        self.id
    }

    /// Returns the id of the trace.
    pub fn trace_id(&self) -> TraceId {
        self.trace.id
    }

    /// Returns the header `traceparent` (W3C Trace Context) for requests that this span sends. Services that continue
    /// the trace become its children.
    pub fn traceparent(&self) -> String {
        let traceparent = Traceparent {
            trace_id: self.trace.id,
            span_id: self.id,
            is_sampled: self.trace.is_sampled,
        };
        traceparent.to_string()
    }

    /// Returns a reference to this span by which other tasks and observed functions start children.
    pub fn context(&self) -> Context {
        Context::new(Arc::clone(&self.trace), self.info().cloned(), self.id)
    }

    /// Scores the span. The score is recorded when the returned builder is dropped.
    pub fn score(&self, name: impl Into<String>, value: impl Into<ScoreValue>) -> ScoreBuilder {
        let shared = (self.trace.is_sampled).then(|| Arc::clone(&self.trace.shared));
        let target = ScoreTarget::from((self.trace.id, self.id));
        ScoreBuilder::new(shared, target, name.into(), value.into())
    }

    /// Marks the arrival of the first token of a streamed response. Later calls change nothing.
    pub fn first_token(&mut self) -> &mut Self {
        let now = self.trace.shared.clock.now();
        if let Some(span) = self.span_mut() {
            span.first_token.get_or_insert(now);
        }
        self
    }

    /// Ends the span now and records it.
    pub fn end(&mut self) {
        let ended = match &self.content {
            Content::Open(span) => Content::Ended(Arc::clone(&span.trace)),
            Content::Ended(_) | Content::Unsampled => return,
        };
        if self.stream.is_some() {
            self.finish_stream();
        }
        if let Content::Open(mut span) = mem::replace(&mut self.content, ended) {
            let end = self.trace.shared.clock.now();
            span.end = match span.kind {
                SpanKind::Event => span.start,
                _ => end.max(span.start),
            };
            self.trace.end_span(span);
        }
    }

    pub(super) fn span_mut(&mut self) -> Option<&mut Span> {
        match &mut self.content {
            Content::Open(span) => Some(span),
            Content::Ended(_) | Content::Unsampled => None,
        }
    }

    /// Returns what the spans of the trace share; `None` where the trace is not sampled.
    pub(super) fn info(&self) -> Option<&Arc<TraceInfo>> {
        match &self.content {
            Content::Open(span) => Some(&span.trace),
            Content::Ended(info) => Some(info),
            Content::Unsampled => None,
        }
    }

    /// Returns a span below this one.
    pub(super) fn child(&self, kind: SpanKind, name: String) -> SpanBuilder {
        SpanBuilder::new(
            Arc::clone(&self.trace),
            self.info(),
            Some(self.id),
            kind,
            name,
        )
    }
}

impl Drop for ActiveSpan {
    fn drop(&mut self) {
        if std::thread::panicking() && !self.started_while_panicking {
            if let Some(span) = self.span_mut().filter(|span| span.status == Status::Ok) {
                span.status = panic_status();
            }
        }
        self.end();
    }
}

impl fmt::Debug for ActiveSpan {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_open = matches!(self.content, Content::Open(_));
        out.debug_struct("ActiveSpan")
            .field("trace_id", &self.trace.id)
            .field("id", &self.id)
            .field("is_open", &is_open)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for SpanBuilder {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("SpanBuilder")
            .field("trace_id", &self.trace.id)
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}
