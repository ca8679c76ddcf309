//! A [`SpanExporter`] for `opentelemetry_sdk`: programs with an OpenTelemetry pipeline reach all destinations.
//!
//! ```
//! use opentelemetry::trace::{Tracer, TracerProvider};
//! use opentelemetry::KeyValue;
//! use opentelemetry_sdk::trace::SdkTracerProvider;
//!
//! let memory = llm_observatory::testing::Memory::new();
//! let provider = SdkTracerProvider::builder()
//!     .with_simple_exporter(memory.recorder().span_exporter())
//!     .build();
//! let tracer = provider.tracer("program");
//! tracer.in_span("chat", |context| {
//!     use opentelemetry::trace::TraceContextExt;
//!     context.span().set_attribute(KeyValue::new("gen_ai.request.model", "gpt-4o"));
//! });
//! let span = memory.span("chat").expect("a span");
//! assert_eq!(span.model.as_deref(), Some("gpt-4o"));
//! ```
//!
//! Attributes and events are read as [`attributes`](crate::attributes). An exported span counts as delivered to
//! OpenTelemetry as soon as it is accepted here; the [`Report`](crate::Report) has what the vendors received.

use crate::attributes::{AttributeValue, Draft, is_marker};
use crate::model::{Record, Span, SpanId, SpanKind, TraceId, TraceInfo, UnixNanos};
use crate::recording::{Recorder, Resource};
use opentelemetry::trace::Status;
use opentelemetry::{Array, KeyValue, Value as OtelValue};
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::SpanData;
use serde_json::{Map, Value, json};
use std::collections::HashMap;
use std::future::{Future, ready};
use std::sync::Arc;

impl Recorder {
    /// Returns an exporter for `opentelemetry_sdk`. See [`otel_exporter`](crate::otel_exporter).
    pub fn span_exporter(&self) -> SpanExporter {
        SpanExporter {
            recorder: self.clone(),
            resource: Resource::default(),
            only_llm_spans: false,
        }
    }
}

/// Exports spans of `opentelemetry_sdk` to the destinations of a recorder. See the [module](crate::otel_exporter).
#[derive(Clone, Debug)]
pub struct SpanExporter {
    recorder: Recorder,
    resource: Resource,
    only_llm_spans: bool,
}

impl SpanExporter {
    /// Leaves out spans without an attribute of a convention for LLM applications. What is below them keeps their id as
    /// its parent. Default: all spans are exported.
    pub fn only_llm_spans(mut self) -> Self {
        self.only_llm_spans = true;
        self
    }

    /// Records the spans of one batch.
    fn record(&self, batch: Vec<SpanData>) {
        let mut traces = self.traces(&batch);
        for data in batch {
            let is_marked = |attribute: &KeyValue| is_marker(attribute.key.as_str());
            if self.only_llm_spans && !data.attributes.iter().any(is_marked) {
                continue;
            }
            let id = TraceId::from_bytes(data.span_context.trace_id().to_bytes());
            let trace = id.and_then(|id| traces.get_mut(&id));
            let span_id = SpanId::from_bytes(data.span_context.span_id().to_bytes());
            // Spans with an invalid context are not recorded by the SDK either.
            if let (Some(trace), Some(span_id)) = (trace, span_id) {
                self.record_span(data, span_id, trace);
            }
        }
    }

    /// Returns what the spans of each trace share. A trace is named after its root span, where that is in the batch.
    fn traces(&self, batch: &[SpanData]) -> HashMap<TraceId, Arc<TraceInfo>> {
        let mut traces: HashMap<TraceId, Arc<TraceInfo>> = HashMap::new();
        for data in batch {
            let Some(id) = TraceId::from_bytes(data.span_context.trace_id().to_bytes()) else {
                continue;
            };
            if is_local_root(data) || !traces.contains_key(&id) {
                let mut info = self.recorder.new_trace_info(id, data.name.to_string());
                info.service = self.resource.service.clone().or(info.service);
                info.environment = self.resource.environment.clone().or(info.environment);
                info.release = self.resource.release.clone().or(info.release);
                traces.insert(id, Arc::new(info));
            }
        }
        traces
    }

    fn record_span(&self, data: SpanData, id: SpanId, trace: &mut Arc<TraceInfo>) {
        let start = UnixNanos::from(data.start_time);
        let mut span = Span::new(Arc::clone(trace), SpanKind::Span, data.name.clone(), start);
        span.id = id;
        span.parent = SpanId::from_bytes(data.parent_span_id.to_bytes());
        span.completes_trace = is_local_root(&data);
        let mut draft = Draft::new(Box::new(span));
        for attribute in data.attributes {
            draft.set(attribute.key.as_str(), read_value(attribute.value));
        }
        for event in data.events.events {
            let time = UnixNanos::from(event.timestamp);
            let attributes = read_attributes(event.attributes);
            if let Some(score) = draft.event(&event.name, time, attributes) {
                self.recorder.accept(score);
            }
        }
        if !data.links.links.is_empty() {
            let links = data.links.links.iter().map(|link| {
                let context = &link.span_context;
                json!({
                    "trace_id": context.trace_id().to_string(),
                    "span_id": context.span_id().to_string(),
                })
            });
            draft.set("links", AttributeValue::Json(links.collect()));
        }
        match data.status {
            Status::Unset => {}
            Status::Ok => draft.set("otel.status_code", AttributeValue::Text("ok".into())),
            Status::Error { description } => {
                draft.set("otel.status_code", AttributeValue::Text("error".into()));
                if !description.is_empty() {
                    draft.set("otel.status_description", AttributeValue::Text(description));
                }
            }
        }
        let parent = draft.span.parent;
        let end = UnixNanos::from(data.end_time);
        let is_score = draft.is_score();
        if let Some(score) = draft.take_score(parent, end) {
            self.recorder.accept(score);
        }
        // A score below a span is recorded as such only.
        if !(is_score && parent.is_some()) {
            draft.finish(end);
            // What one span sets for the trace applies to those that ended after it: the ones around it.
            *trace = Arc::clone(&draft.span.trace);
            self.recorder.accept(Record::Span(draft.span));
        }
    }
}

impl opentelemetry_sdk::trace::SpanExporter for SpanExporter {
    fn export(&self, batch: Vec<SpanData>) -> impl Future<Output = OTelSdkResult> + Send {
        self.record(batch);
        ready(Ok(()))
    }

    fn set_resource(&mut self, resource: &opentelemetry_sdk::Resource) {
        let get = |name: &'static str| {
            let value = resource.get(&opentelemetry::Key::from_static_str(name))?;
            Some(value.to_string().into())
        };
        self.resource = Resource {
            service: get("service.name"),
            environment: get("deployment.environment.name")
                .or_else(|| get("deployment.environment")),
            release: get("service.version"),
        };
    }
}

/// Returns whether no span of this process is above the span.
fn is_local_root(data: &SpanData) -> bool {
    data.parent_span_is_remote || data.parent_span_id == opentelemetry::trace::SpanId::INVALID
}

fn read_attributes(attributes: Vec<KeyValue>) -> Map<String, Value> {
    let attributes = attributes.into_iter();
    attributes
        .map(|attribute| {
            let value = read_value(attribute.value).into_value();
            (attribute.key.to_string(), value)
        })
        .collect()
}

fn read_value(value: OtelValue) -> AttributeValue<'static> {
    match value {
        OtelValue::Bool(value) => AttributeValue::Boolean(value),
        OtelValue::I64(value) => AttributeValue::Integer(value),
        OtelValue::F64(value) => AttributeValue::Float(value),
        OtelValue::String(text) => AttributeValue::Text(String::from(text).into()),
        OtelValue::Array(array) => AttributeValue::Json(match array {
            Array::Bool(items) => items.into(),
            Array::I64(items) => items.into(),
            Array::F64(items) => items.into(),
            Array::String(items) => items.into_iter().map(String::from).collect(),
            // A kind of array that a later version adds.
            other => Value::String(other.to_string()),
        }),
        other => AttributeValue::Text(other.to_string().into()),
    }
}
