//! The protobuf encoding of OTLP.
//!
//! The messages are declared here, with the fields that this crate sets: the crate `opentelemetry-proto` brings the whole
//! SDK of OpenTelemetry with it. Numbers of fields are those of opentelemetry-proto 1.x, which never change.

use super::attributes::{AttributeValue, Attributes};
use super::span::{self, SCOPE};
use prost::Message;

/// Encodes an export request.
pub(super) fn encode(export: span::Export) -> Vec<u8> {
    let resource_spans = export.resources.into_iter().map(|resource| ResourceSpans {
        resource: Some(Resource {
            attributes: key_values(resource.attributes),
        }),
        scope_spans: vec![ScopeSpans {
            scope: Some(Scope {
                name: SCOPE.0.to_owned(),
                version: SCOPE.1.to_owned(),
            }),
            spans: resource.spans.into_iter().map(Span::from).collect(),
        }],
    });
    let request = Request {
        resource_spans: resource_spans.collect(),
    };
    request.encode_to_vec()
}

/// Returns how many spans were refused, and why. Fails where the body is not a response of OTLP.
pub(super) fn decode_response(body: &[u8]) -> Result<(u64, String), String> {
    let response = Response::decode(body).map_err(|error| error.to_string())?;
    let partial = response.partial_success.unwrap_or_default();
    let rejected = u64::try_from(partial.rejected_spans);
    let rejected = rejected.map_err(|_| "`rejected_spans` is negative")?;
    Ok((rejected, partial.error_message))
}

#[derive(Message)]
struct Request {
    #[prost(message, repeated, tag = "1")]
    resource_spans: Vec<ResourceSpans>,
}

#[derive(Message)]
struct Response {
    #[prost(message, optional, tag = "1")]
    partial_success: Option<PartialSuccess>,
}

#[derive(Message)]
struct PartialSuccess {
    #[prost(int64, tag = "1")]
    rejected_spans: i64,
    #[prost(string, tag = "2")]
    error_message: String,
}

#[derive(Message)]
struct ResourceSpans {
    #[prost(message, optional, tag = "1")]
    resource: Option<Resource>,
    #[prost(message, repeated, tag = "2")]
    scope_spans: Vec<ScopeSpans>,
}

#[derive(Message)]
struct Resource {
    #[prost(message, repeated, tag = "1")]
    attributes: Vec<KeyValue>,
}

#[derive(Message)]
struct ScopeSpans {
    #[prost(message, optional, tag = "1")]
    scope: Option<Scope>,
    #[prost(message, repeated, tag = "2")]
    spans: Vec<Span>,
}

#[derive(Message)]
struct Scope {
    #[prost(string, tag = "1")]
    name: String,
    #[prost(string, tag = "2")]
    version: String,
}

#[derive(Message)]
struct Span {
    #[prost(bytes = "vec", tag = "1")]
    trace_id: Vec<u8>,
    #[prost(bytes = "vec", tag = "2")]
    span_id: Vec<u8>,
    #[prost(bytes = "vec", tag = "4")]
    parent_span_id: Vec<u8>,
    #[prost(string, tag = "5")]
    name: String,
    #[prost(int32, tag = "6")]
    kind: i32,
    #[prost(fixed64, tag = "7")]
    start_time_unix_nano: u64,
    #[prost(fixed64, tag = "8")]
    end_time_unix_nano: u64,
    #[prost(message, repeated, tag = "9")]
    attributes: Vec<KeyValue>,
    #[prost(message, repeated, tag = "11")]
    events: Vec<Event>,
    #[prost(message, optional, tag = "15")]
    status: Option<Status>,
}

#[derive(Message)]
struct Event {
    #[prost(fixed64, tag = "1")]
    time_unix_nano: u64,
    #[prost(string, tag = "2")]
    name: String,
    #[prost(message, repeated, tag = "3")]
    attributes: Vec<KeyValue>,
}

#[derive(Message)]
struct Status {
    #[prost(string, tag = "2")]
    message: String,
    #[prost(int32, tag = "3")]
    code: i32,
}

#[derive(Message)]
struct KeyValue {
    #[prost(string, tag = "1")]
    key: String,
    #[prost(message, optional, tag = "2")]
    value: Option<AnyValue>,
}

#[derive(Message)]
struct AnyValue {
    #[prost(oneof = "OneValue", tags = "1, 2, 3, 4, 5")]
    value: Option<OneValue>,
}

#[derive(prost::Oneof)]
enum OneValue {
    #[prost(string, tag = "1")]
    Text(String),
    #[prost(bool, tag = "2")]
    Boolean(bool),
    #[prost(int64, tag = "3")]
    Integer(i64),
    #[prost(double, tag = "4")]
    Number(f64),
    #[prost(message, tag = "5")]
    Values(Values),
}

#[derive(Message)]
struct Values {
    #[prost(message, repeated, tag = "1")]
    values: Vec<AnyValue>,
}

impl From<span::OtlpSpan> for Span {
    fn from(span: span::OtlpSpan) -> Self {
        let (kind, code) = (span.kind(), span.status_code());
        let parent = span.parent.map(|id| id.to_bytes().to_vec());
        Self {
            trace_id: span.trace_id.to_bytes().to_vec(),
            span_id: span.id.to_bytes().to_vec(),
            parent_span_id: parent.unwrap_or_default(),
            name: span.name,
            kind,
            start_time_unix_nano: span.start.0,
            end_time_unix_nano: span.end.0,
            attributes: key_values(span.attributes),
            events: span.events.into_iter().map(Event::from).collect(),
            status: Some(Status {
                message: span.error.unwrap_or_default(),
                code,
            }),
        }
    }
}

impl From<span::OtlpEvent> for Event {
    fn from(event: span::OtlpEvent) -> Self {
        Self {
            time_unix_nano: event.time.0,
            name: event.name,
            attributes: key_values(event.attributes),
        }
    }
}

fn key_values(attributes: Attributes) -> Vec<KeyValue> {
    let pairs = attributes.into_iter();
    pairs
        .map(|(key, value)| KeyValue {
            key: key.into_owned(),
            value: Some(AnyValue::from(value)),
        })
        .collect()
}

impl From<AttributeValue> for AnyValue {
    fn from(value: AttributeValue) -> Self {
        let value = match value {
            AttributeValue::Text(text) => OneValue::Text(text),
            AttributeValue::Integer(integer) => OneValue::Integer(integer),
            AttributeValue::Number(number) => OneValue::Number(number),
            AttributeValue::Boolean(boolean) => OneValue::Boolean(boolean),
            AttributeValue::Texts(texts) => {
                let values = texts.into_iter().map(AttributeValue::Text).map(Self::from);
                OneValue::Values(Values {
                    values: values.collect(),
                })
            }
        };
        Self { value: Some(value) }
    }
}
