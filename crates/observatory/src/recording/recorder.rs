//! The entry to recording.

use super::score::{ScoreBuilder, ScoreTarget};
use super::state::{Shared, TraceState};
use super::{InvalidTraceparent, Trace, Traceparent};
use crate::delivery::Accept;
use crate::model::{ScoreValue, SpanKind, TraceId, TraceInfo};
use std::sync::Arc;

/// What is the same in all traces of a process.
#[derive(Clone, Debug, Default)]
pub(crate) struct Resource {
    /// The service that records.
    pub(crate) service: Option<Arc<str>>,
    /// The deployment environment, such as `production`.
    pub(crate) environment: Option<Arc<str>>,
    /// The version of the service.
    pub(crate) release: Option<Arc<str>>,
}

/// Begins traces. A clone costs two reference counts; all clones record to the same destinations.
#[derive(Clone)]
pub struct Recorder {
    pub(super) shared: Arc<Shared>,
    resource: Arc<Resource>,
}

impl Recorder {
    /// Returns a recorder whose records go to `sink`.
    pub(crate) fn new(sink: Arc<dyn Accept>, resource: Resource) -> Self {
        Self {
            shared: Arc::new(Shared::new(sink)),
            resource: Arc::new(resource),
        }
    }

    /// Begins a trace. Whether it is sampled is decided here, once for all its spans.
    pub fn trace(&self, name: impl Into<String>) -> Trace {
        let state = TraceState::begin(&self.shared);
        let info = Arc::new(self.new_trace_info(state.id, name.into()));
        Trace::begin(state, info, SpanKind::Span, None)
    }

    /// Continues the trace of another process, which sent `traceparent` (W3C Trace Context). The trace's root span here
    /// is a child of the caller's span.
    ///
    /// Where the caller's `sampled` flag is not set, nothing is recorded.
    ///
    /// # Errors
    ///
    /// The text does not follow the standard. [`trace`](Self::trace) begins a new trace instead.
    pub fn continue_trace(
        &self,
        name: impl Into<String>,
        traceparent: &str,
    ) -> Result<Trace, InvalidTraceparent> {
        let caller: Traceparent = traceparent.parse()?;
        let state = TraceState::join(&self.shared, caller.trace_id, caller.is_sampled);
        let info = Arc::new(self.new_trace_info(state.id, name.into()));
        Ok(Trace::begin(
            state,
            info,
            SpanKind::Span,
            Some(caller.span_id),
        ))
    }

    /// Scores a trace or a span that ended before, possibly in another process: a user's feedback, an evaluation at
    /// night. The target is a [`TraceId`], or the ids of a trace and a span. The score is recorded when the returned builder
    /// is dropped.
    pub fn score(
        &self,
        target: impl Into<ScoreTarget>,
        name: impl Into<String>,
        value: impl Into<ScoreValue>,
    ) -> ScoreBuilder {
        ScoreBuilder::new(
            Some(Arc::clone(&self.shared)),
            target.into(),
            name.into(),
            value.into(),
        )
    }

    /// Returns what the spans of a trace share.
    pub(crate) fn new_trace_info(&self, id: TraceId, name: String) -> TraceInfo {
        let mut info = TraceInfo::new(id, name);
        info.service.clone_from(&self.resource.service);
        info.environment.clone_from(&self.resource.environment);
        info.release.clone_from(&self.resource.release);
        info
    }
}

impl std::fmt::Debug for Recorder {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Recorder")
            .field("resource", &self.resource)
            .finish_non_exhaustive()
    }
}
