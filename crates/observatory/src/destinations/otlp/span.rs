//! Spans of OTLP, independent of their encoding.

use super::attributes::{Attributes, into_owned};
use crate::model::{SpanId, TraceId, UnixNanos};
use std::borrow::Cow;

/// The body of an export request.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Export<'a> {
    /// Spans by the service that recorded them.
    pub(crate) resources: Vec<Resource<'a>>,
}

/// What a span was recorded by.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Service<'a> {
    pub(crate) name: Option<&'a str>,
    pub(crate) environment: Option<&'a str>,
    pub(crate) version: Option<&'a str>,
}

/// A service, with its spans.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Resource<'a> {
    pub(super) service: Service<'a>,
    /// Name, environment and version of the service, and what the vendor requires.
    pub(crate) attributes: Attributes<'a>,
    /// The spans.
    pub(crate) spans: Vec<OtlpSpan<'a>>,
}

/// A span.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct OtlpSpan<'a> {
    pub(crate) trace_id: TraceId,
    pub(crate) id: SpanId,
    pub(crate) parent: Option<SpanId>,
    pub(crate) name: Cow<'a, str>,
    /// Whether the span is a call of another service, such as a model's API.
    pub(crate) is_client: bool,
    pub(crate) start: UnixNanos,
    pub(crate) end: UnixNanos,
    pub(crate) attributes: Attributes<'a>,
    pub(crate) events: Vec<OtlpEvent<'a>>,
    /// The message of the error, where the span failed.
    pub(crate) error: Option<Cow<'a, str>>,
}

/// Something that happened during a span.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct OtlpEvent<'a> {
    pub(crate) time: UnixNanos,
    pub(crate) name: Cow<'a, str>,
    pub(crate) attributes: Attributes<'a>,
}

/// The name and the version of this crate, which is the instrumentation scope of all spans.
pub(crate) const SCOPE: (&str, &str) = (env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"));

impl OtlpSpan<'_> {
    /// Returns the number of its kind: 1 for a step in this process, 3 for a call of another service.
    pub(crate) fn kind(&self) -> i32 {
        if self.is_client { 3 } else { 1 }
    }

    /// Returns the number of its status: 1 for success, 2 for an error.
    pub(crate) fn status_code(&self) -> i32 {
        if self.error.is_some() { 2 } else { 1 }
    }

    /// Returns the same span, copied.
    pub(super) fn into_owned(self) -> OtlpSpan<'static> {
        let events = self.events.into_iter().map(OtlpEvent::into_owned);
        OtlpSpan {
            trace_id: self.trace_id,
            id: self.id,
            parent: self.parent,
            name: into_owned(self.name),
            is_client: self.is_client,
            start: self.start,
            end: self.end,
            attributes: self.attributes.into_owned(),
            events: events.collect(),
            error: self.error.map(into_owned),
        }
    }
}

impl OtlpEvent<'_> {
    fn into_owned(self) -> OtlpEvent<'static> {
        OtlpEvent {
            time: self.time,
            name: into_owned(self.name),
            attributes: self.attributes.into_owned(),
        }
    }
}
