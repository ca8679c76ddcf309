//! A trace that is being recorded.

use super::active_span::{ActiveSpan, SpanBuilder};
use super::context::Context;
use super::payload::Payload;
use super::score::{ScoreBuilder, ScoreTarget};
use super::state::TraceState;
use crate::model::{ScoreValue, SpanId, SpanKind, TraceId, TraceInfo};
use serde_json::Value;
use std::error::Error;
use std::sync::Arc;

/// A trace that is being recorded, and its root span. The root span ends when this is dropped.
///
/// What describes the trace (session, user, tags, metadata) belongs at its beginning: spans that were started earlier
/// do not have it.
#[derive(Debug)]
pub struct Trace {
    root: ActiveSpan,
}

impl Trace {
    /// Begins the trace's root span in this process, below `parent` of another process.
    pub(super) fn begin(
        state: Arc<TraceState>,
        info: Arc<TraceInfo>,
        kind: SpanKind,
        parent: Option<SpanId>,
    ) -> Self {
        let name = info.name.clone();
        let info = state.is_sampled.then_some(info);
        let root = SpanBuilder::new(state, info.as_ref(), parent, kind, name);
        drop(info);
        Self { root: root.start() }
    }

    /// Returns the id of the trace.
    pub fn id(&self) -> TraceId {
        self.root.trace_id()
    }

    /// Sets the session (conversation, thread) of which the trace is a part.
    pub fn session(self, session: impl Into<String>) -> Self {
        self.with_info(|info| info.session = Some(session.into()))
    }

    /// Sets the end user.
    pub fn user(self, user: impl Into<String>) -> Self {
        self.with_info(|info| info.user = Some(user.into()))
    }

    /// Adds a label to filter by.
    pub fn tag(self, tag: impl Into<String>) -> Self {
        self.with_info(|info| info.tags.push(tag.into()))
    }

    /// Adds labels to filter by.
    pub fn tags<T: Into<String>>(self, tags: impl IntoIterator<Item = T>) -> Self {
        self.with_info(|info| info.tags.extend(tags.into_iter().map(Into::into)))
    }

    /// Adds a further value. A value of the same name is replaced.
    pub fn metadata(self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.with_info(|info| {
            info.metadata.insert(name.into(), value.into());
        })
    }

    /// Sets what the root span does. Default: [`SpanKind::Span`].
    pub fn kind(mut self, kind: SpanKind) -> Self {
        if let Some(span) = self.root.span_mut() {
            span.kind = kind;
        }
        self
    }

    /// Sets the input of the whole trace.
    pub fn input(mut self, input: impl Into<Payload>) -> Self {
        self.root.input(input);
        self
    }

    /// Sets the output of the whole trace.
    pub fn output(&mut self, output: impl Into<Payload>) -> &mut Self {
        self.root.output(output);
        self
    }

    /// Marks the trace as failed. See [`ActiveSpan::error`].
    pub fn error<E: Error + ?Sized>(&mut self, error: &E) -> &mut Self {
        self.root.error(error);
        self
    }

    /// Marks the trace as failed, with a message.
    pub fn fail(&mut self, message: impl Into<String>) -> &mut Self {
        self.root.fail(message);
        self
    }

    /// Returns the root span.
    pub fn root(&mut self) -> &mut ActiveSpan {
        &mut self.root
    }

    /// Returns the root span alone, which then is the trace.
    pub(super) fn into_root(self) -> ActiveSpan {
        self.root
    }

    /// Returns the header `traceparent` for requests to services that continue the trace. See
    /// [`ActiveSpan::traceparent`].
    pub fn traceparent(&self) -> String {
        self.root.traceparent()
    }

    /// Returns a reference to the root span by which other tasks and observed functions start children.
    pub fn context(&self) -> Context {
        self.root.context()
    }

    /// Scores the trace. The score is recorded when the returned builder is dropped.
    pub fn score(&self, name: impl Into<String>, value: impl Into<ScoreValue>) -> ScoreBuilder {
        let state = &self.root.trace;
        let shared = state.is_sampled.then(|| Arc::clone(&state.shared));
        ScoreBuilder::new(
            shared,
            ScoreTarget::trace_of(state.id, self.root.id),
            name.into(),
            value.into(),
        )
    }

    /// Ends the root span now.
    pub fn end(mut self) {
        self.root.end();
    }

    /// Returns a span below the root span.
    pub(super) fn child(&self, kind: SpanKind, name: String) -> SpanBuilder {
        self.root.child(kind, name)
    }

    fn with_info(mut self, set: impl FnOnce(&mut TraceInfo)) -> Self {
        if let Some(span) = self.root.span_mut() {
            set(Arc::make_mut(&mut span.trace));
        }
        self
    }
}
