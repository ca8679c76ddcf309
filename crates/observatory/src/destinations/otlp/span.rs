//! Spans of OTLP, independent of their encoding.

use super::attributes::Attributes;
use crate::model::{SpanId, TraceId, UnixNanos};

/// The body of an export request.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Export {
    /// Spans by the service that recorded them.
    pub(crate) resources: Vec<Resource>,
}

/// A service, with its spans.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Resource {
    /// Name, environment and version of the service.
    pub(crate) attributes: Attributes,
    /// The spans.
    pub(crate) spans: Vec<OtlpSpan>,
}

/// A span.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct OtlpSpan {
    pub(crate) trace_id: TraceId,
    pub(crate) id: SpanId,
    pub(crate) parent: Option<SpanId>,
    pub(crate) name: String,
    /// Whether the span is a call of another service, such as a model's API.
    pub(crate) is_client: bool,
    pub(crate) start: UnixNanos,
    pub(crate) end: UnixNanos,
    pub(crate) attributes: Attributes,
    pub(crate) events: Vec<OtlpEvent>,
    /// The message of the error, where the span failed.
    pub(crate) error: Option<String>,
}

/// Something that happened during a span.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct OtlpEvent {
    pub(crate) time: UnixNanos,
    pub(crate) name: String,
    pub(crate) attributes: Attributes,
}

/// The name and the version of this crate, which is the instrumentation scope of all spans.
pub(crate) const SCOPE: (&str, &str) = (env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"));

impl OtlpSpan {
    /// Returns the number of its kind: 1 for a step in this process, 3 for a call of another service.
    pub(crate) fn kind(&self) -> i32 {
        if self.is_client { 3 } else { 1 }
    }

    /// Returns the number of its status: 1 for success, 2 for an error.
    pub(crate) fn status_code(&self) -> i32 {
        if self.error.is_some() { 2 } else { 1 }
    }
}
