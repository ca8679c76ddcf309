//! Scores of traces and spans.

use super::{SpanId, TraceId, UnixNanos};
use serde::{Deserialize, Serialize};

/// The id of a score, by which vendors recognize a repeated delivery. Has the form of a trace id.
pub type ScoreId = TraceId;

/// The value of a score.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ScoreValue {
    /// A number. Its scale is the evaluation's.
    Number(f64),
    /// Passed or failed.
    Boolean(bool),
    /// One of several labels.
    Category(String),
}

impl From<f64> for ScoreValue {
    fn from(value: f64) -> Self {
        Self::Number(value)
    }
}

impl From<i32> for ScoreValue {
    fn from(value: i32) -> Self {
        Self::Number(value.into())
    }
}

impl From<bool> for ScoreValue {
    fn from(value: bool) -> Self {
        Self::Boolean(value)
    }
}

impl From<&str> for ScoreValue {
    fn from(value: &str) -> Self {
        Self::Category(value.to_owned())
    }
}

impl From<String> for ScoreValue {
    fn from(value: String) -> Self {
        Self::Category(value)
    }
}

/// A judgment of a trace, or of one of its spans.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Score {
    /// The id of the score.
    pub id: ScoreId,
    /// The trace that is scored.
    pub trace_id: TraceId,
    /// The span that is scored; `None` for the whole trace.
    pub span_id: Option<SpanId>,
    /// The root span of the trace, where it is known. Some vendors attach scores to spans only.
    #[serde(default)]
    pub root_span_id: Option<SpanId>,
    /// What is measured, such as `helpful`.
    pub name: String,
    /// The result.
    pub value: ScoreValue,
    /// Why.
    pub comment: Option<String>,
    /// When the score was made.
    pub time: UnixNanos,
}
