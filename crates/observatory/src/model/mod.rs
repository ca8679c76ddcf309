//! What is recorded, independent of any vendor.
//!
//! The vocabulary is that of OpenTelemetry's GenAI conventions. Ids and times are fixed when a record is made, so that a
//! repeated delivery is recognized by the vendor.

mod id;
mod message;
mod messages;
mod score;
mod size;
mod span;
mod time;
mod trace;
mod usage;

pub use id::{InvalidId, SpanId, TraceId};
pub use message::{Content, Media, Message, Part, Role};
pub use messages::Messages;
pub use score::{Score, ScoreId, ScoreValue};
pub use span::{Document, Event, Span, SpanKind, Status};
pub use time::{Clock, UnixNanos};
pub use trace::{PromptVersion, TraceInfo};
pub use usage::{Cost, Usage};

use serde::{Deserialize, Serialize};

/// One unit of delivery: it is accepted, acknowledged, rejected or dropped as a whole.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Record {
    /// An ended span. A trace is the set of spans with its id.
    Span(Box<Span>),
    /// A score of a trace or a span.
    Score(Box<Score>),
}

impl Record {
    /// Returns the trace to which the record belongs.
    pub fn trace_id(&self) -> TraceId {
        match self {
            Self::Span(span) => span.trace.id,
            Self::Score(score) => score.trace_id,
        }
    }
}

impl From<Span> for Record {
    fn from(span: Span) -> Self {
        Self::Span(Box::new(span))
    }
}

impl From<Score> for Record {
    fn from(score: Score) -> Self {
        Self::Score(Box::new(score))
    }
}
