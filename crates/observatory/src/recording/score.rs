//! Scores of traces and spans.

use super::state::Shared;
use crate::model::{Record, Score, ScoreId, ScoreValue, SpanId, TraceId, UnixNanos};
use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

/// What is scored: a trace, or one of its spans.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScoreTarget {
    trace_id: TraceId,
    span_id: Option<SpanId>,
    root_span_id: Option<SpanId>,
}

impl ScoreTarget {
    /// The whole trace with this root span.
    pub(super) fn trace_of(trace_id: TraceId, root: SpanId) -> Self {
        Self {
            trace_id,
            span_id: None,
            root_span_id: Some(root),
        }
    }
}

impl From<TraceId> for ScoreTarget {
    fn from(trace_id: TraceId) -> Self {
        Self {
            trace_id,
            span_id: None,
            root_span_id: None,
        }
    }
}

impl From<(TraceId, SpanId)> for ScoreTarget {
    fn from((trace_id, span_id): (TraceId, SpanId)) -> Self {
        Self {
            trace_id,
            span_id: Some(span_id),
            root_span_id: None,
        }
    }
}

/// A score, which is recorded when this is dropped.
pub struct ScoreBuilder {
    /// `None` where the trace is not sampled.
    shared: Option<Arc<Shared>>,
    /// Taken when it is recorded.
    score: Option<Box<Score>>,
}

impl ScoreBuilder {
    pub(super) fn new(
        shared: Option<Arc<Shared>>,
        target: ScoreTarget,
        name: String,
        value: ScoreValue,
    ) -> Self {
        let score = shared.as_ref().map(|shared| {
            Box::new(Score {
                id: ScoreId::random(),
                trace_id: target.trace_id,
                span_id: target.span_id,
                root_span_id: target.root_span_id,
                name,
                value,
                comment: None,
                time: shared.clock.now(),
            })
        });
        Self { shared, score }
    }

    /// Sets why the score was given.
    pub fn comment(mut self, comment: impl Into<String>) -> Self {
        if let Some(score) = &mut self.score {
            score.comment = Some(comment.into());
        }
        self
    }

    /// Sets the id by which vendors recognize the score. A score recorded again with the same id replaces the first one.
    pub fn id(mut self, id: ScoreId) -> Self {
        if let Some(score) = &mut self.score {
            score.id = id;
        }
        self
    }

    /// Sets the time of the judgment. Default: now.
    pub fn scored_at(mut self, time: SystemTime) -> Self {
        if let Some(score) = &mut self.score {
            score.time = UnixNanos::from(time);
        }
        self
    }
}

impl Drop for ScoreBuilder {
    fn drop(&mut self) {
        if let (Some(shared), Some(score)) = (&self.shared, self.score.take()) {
            shared.accept(Record::Score(score));
        }
    }
}

impl fmt::Debug for ScoreBuilder {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("ScoreBuilder")
            .field("score", &self.score)
            .finish_non_exhaustive()
    }
}
