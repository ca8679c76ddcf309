//! The JSON encoding of OTLP: 64-bit integers are texts, ids are hexadecimal.

use super::attributes::{AttributeValue, Attributes};
use super::span::{Export, OtlpEvent, OtlpSpan, SCOPE};
use crate::json;
use serde::Deserialize;
use serde_json::{Value, json};

/// Encodes an export request.
pub(super) fn encode(export: &Export<'_>) -> Vec<u8> {
    let resources = export.resources.iter().map(|resource| {
        let spans: Vec<Value> = resource.spans.iter().map(span).collect();
        json!({
            "resource": {"attributes": attributes(&resource.attributes)},
            "scopeSpans": [{"scope": {"name": SCOPE.0, "version": SCOPE.1}, "spans": spans}],
        })
    });
    let resources: Vec<Value> = resources.collect();
    json!({"resourceSpans": resources}).to_string().into_bytes()
}

fn span(span: &OtlpSpan<'_>) -> Value {
    let events: Vec<Value> = span.events.iter().map(event).collect();
    let mut value = json!({
        "traceId": span.trace_id.to_string(),
        "spanId": span.id.to_string(),
        "name": span.name,
        "kind": span.kind(),
        "startTimeUnixNano": span.start.0.to_string(),
        "endTimeUnixNano": span.end.0.to_string(),
        "attributes": attributes(&span.attributes),
        "events": events,
        "status": {"code": span.status_code()},
    });
    if let Some(span_value) = value.as_object_mut() {
        if let Some(parent) = span.parent {
            span_value.insert("parentSpanId".to_owned(), json!(parent.to_string()));
        }
        if let Some(message) = &span.error {
            let status = json!({"code": span.status_code(), "message": message});
            span_value.insert("status".to_owned(), status);
        }
    }
    value
}

fn event(event: &OtlpEvent<'_>) -> Value {
    json!({
        "timeUnixNano": event.time.0.to_string(),
        "name": event.name,
        "attributes": attributes(&event.attributes),
    })
}

fn attributes(attributes: &Attributes<'_>) -> Value {
    let pairs = attributes.iter();
    pairs
        .map(|(key, value)| json!({"key": key, "value": attribute_value(value)}))
        .collect()
}

fn attribute_value(value: &AttributeValue<'_>) -> Value {
    match value {
        AttributeValue::Text(text) => json!({"stringValue": text}),
        AttributeValue::Integer(integer) => json!({"intValue": integer.to_string()}),
        AttributeValue::Number(number) => json!({"doubleValue": number}),
        AttributeValue::Boolean(boolean) => json!({"boolValue": boolean}),
        AttributeValue::Texts(texts) => {
            let values: Vec<Value> = texts
                .iter()
                .map(|text| json!({"stringValue": text}))
                .collect();
            json!({"arrayValue": {"values": values}})
        }
    }
}

/// The response to an export request.
#[derive(Debug, Default, Deserialize)]
struct Response {
    #[serde(rename = "partialSuccess", default)]
    partial_success: Option<PartialSuccess>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct PartialSuccess {
    /// A number, or its text as in canonical JSON.
    #[serde(deserialize_with = "json::read_value")]
    rejected_spans: Value,
    error_message: String,
}

/// Returns how many spans were refused, and why. Fails where the body is not a response of OTLP.
pub(in crate::destinations) fn decode_response(body: &[u8]) -> Result<(u64, String), String> {
    let mut response = serde_json::Deserializer::from_slice(body);
    let properties = json::read_map(&mut response).map_err(|error| error.to_string())?;
    response.end().map_err(|error| error.to_string())?;
    partial_success(Value::Object(properties))
}

/// Returns how many spans were refused, and why, of a decoded response.
pub(in crate::destinations) fn partial_success(response: Value) -> Result<(u64, String), String> {
    let response: Response = serde_json::from_value(response).map_err(|error| error.to_string())?;
    let partial = response.partial_success.unwrap_or_default();
    let rejected = match &partial.rejected_spans {
        Value::Null => Some(0),
        Value::String(text) => text.parse().ok(),
        number => number.as_u64(),
    };
    let rejected = rejected.ok_or("`rejectedSpans` is not a count")?;
    Ok((rejected, partial.error_message))
}
