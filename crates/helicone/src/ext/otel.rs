//! Constructors of OpenTelemetry traces. The API description requires many counts that are usually zero.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::models::{
    InstrumentationScope, OtelTrace, Resource, ResourceAttribute,
    ResourceAttributeValue, ResourceSpans, ScopeSpans, Span, SpanAttribute,
    SpanAttributeValue, SpanStatus,
};

impl OtelTrace {
    /// Creates a trace with the spans of one service.
    #[must_use]
    pub fn for_service(
        name: impl Into<String>,
        spans: impl IntoIterator<Item = Span>,
    ) -> Self {
        let name = ResourceAttributeValue::new().string_value(name.into());
        let resource = Resource::new(0, [ResourceAttribute::new(name, "service.name")]);
        let scope =
            InstrumentationScope::new(env!("CARGO_PKG_VERSION"), env!("CARGO_PKG_NAME"));
        let spans: Vec<Span> = spans.into_iter().collect();
        Self::new([ResourceSpans::new([ScopeSpans::new(spans, scope)], resource)])
    }
}

impl Span {
    /// Creates a span of kind "internal" with status "ok".
    ///
    /// `trace_id` is 16 bytes in hexadecimal, and `span_id` is 8 bytes.
    #[must_use]
    pub fn internal(
        trace_id: impl Into<String>,
        span_id: impl Into<String>,
        name: impl Into<String>,
        start: SystemTime,
        end: SystemTime,
    ) -> Self {
        Self {
            trace_id: trace_id.into(),
            span_id: span_id.into(),
            parent_span_id: None,
            name: name.into(),
            kind: 1,
            start_time_unix_nano: unix_nanos(start),
            end_time_unix_nano: unix_nanos(end),
            attributes: Vec::new(),
            status: SpanStatus::new(1),
            events: Vec::new(),
            links: Vec::new(),
            dropped_attributes_count: 0,
            dropped_events_count: 0,
            dropped_links_count: 0,
            flags: None,
        }
    }

    /// Adds attributes.
    #[must_use]
    pub fn with_attributes(
        mut self,
        attributes: impl IntoIterator<Item = SpanAttribute>,
    ) -> Self {
        self.attributes.extend(attributes);
        self
    }
}

impl SpanAttribute {
    /// Creates a string attribute, such as `gen_ai.response.model`.
    #[must_use]
    pub fn string(key: impl Into<String>, value: impl Into<String>) -> Self {
        Self::new(SpanAttributeValue::new().string_value(value.into()), key)
    }

    /// Creates an integer attribute, such as `gen_ai.usage.prompt_tokens`.
    #[must_use]
    pub fn integer(key: impl Into<String>, value: impl Into<i64>) -> Self {
        Self::new(SpanAttributeValue::new().int_value(value.into()), key)
    }

    /// Creates a floating-point attribute, such as `gen_ai.request.temperature`.
    #[must_use]
    pub fn double(key: impl Into<String>, value: f64) -> Self {
        Self::new(SpanAttributeValue::new().double_value(value), key)
    }

    /// Creates a boolean attribute.
    #[must_use]
    pub fn boolean(key: impl Into<String>, value: bool) -> Self {
        Self::new(SpanAttributeValue::new().bool_value(value), key)
    }
}

/// Returns the nanoseconds since the Unix epoch as text, or zero for earlier times.
fn unix_nanos(time: SystemTime) -> String {
    let duration = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    duration.as_nanos().to_string()
}
