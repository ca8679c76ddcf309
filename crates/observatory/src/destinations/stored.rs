//! What vendors return of traces, as the model has it.

use crate::json::{self, BorrowedJson};
use crate::model::{
    Document, Role, ScoreId, Span, SpanId, SpanKind, TraceId, TraceInfo, UnixNanos,
};
use crate::providers::{ProviderRequest, ProviderResponse, read_messages};
use observatory_runtime::{Endpoint, Error, RequestExt, Timestamp};
use serde_json::{Map, Value};
use std::time::Duration;

/// Sends a request that reads, with the retries of its client.
pub(super) async fn read<E, T>(request: E, timeout: Duration) -> Result<T, Error>
where
    E: Endpoint + RequestExt + IntoFuture<Output = Result<T, Error>>,
{
    RequestExt::timeout(request, timeout).await
}

/// Returns `None` instead of an error that reports that what was asked for does not exist.
pub(super) fn found<T>(result: Result<T, Error>) -> Result<Option<T>, Error> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.status().is_some_and(|status| status == 404) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Returns the id of a trace: 32 hexadecimal digits, also in the form of a UUID. Another id is hashed.
pub(super) fn trace_id(text: &str) -> TraceId {
    let id: Option<TraceId> = text.replace('-', "").parse().ok();
    let hashed = || TraceId::from_bytes(hash(text).to_be_bytes());
    id.or_else(hashed).unwrap_or_else(TraceId::random)
}

/// Returns the id of a span: 16 hexadecimal digits. Of a UUID, the bytes are taken that this crate puts into one; another id
/// is hashed.
pub(super) fn span_id(text: &str) -> SpanId {
    let of_uuid = || {
        let uuid: TraceId = text.replace('-', "").parse().ok()?;
        let [a, b, c, d, e, f, _, g, _, h, ..] = uuid.to_bytes();
        SpanId::from_bytes([a, b, c, d, e, f, g, h])
    };
    let hashed = || {
        let [a, b, c, d, e, f, g, h, ..] = hash(text).to_be_bytes();
        SpanId::from_bytes([a, b, c, d, e, f, g, h])
    };
    let id: Option<SpanId> = text.parse().ok();
    id.or_else(of_uuid)
        .or_else(hashed)
        .unwrap_or_else(SpanId::random)
}

/// Returns the id of a score that the vendor stores without one, the same each time it is read.
pub(super) fn score_id(subject: &str, name: &str) -> ScoreId {
    trace_id(&format!("{subject}/{name}"))
}

/// Returns the 128-bit FNV-1a hash, which is the same in every version of this crate.
fn hash(text: &str) -> u128 {
    text.bytes()
        .fold(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d, |hash, byte| {
            (hash ^ u128::from(byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b)
        })
}

/// Returns a time; the epoch where the text is not one.
pub(super) fn time(timestamp: &Timestamp) -> UnixNanos {
    let nanos = timestamp
        .unix_nanos()
        .and_then(|nanos| nanos.try_into().ok());
    UnixNanos(nanos.unwrap_or_default())
}

/// Returns a time of a query.
pub(super) fn timestamp(time: UnixNanos) -> Timestamp {
    Timestamp::from_unix_nanos(i128::from(time.0))
}

/// Returns a time in milliseconds since the epoch.
pub(super) fn from_millis(millis: i64) -> UnixNanos {
    UnixNanos(
        u64::try_from(millis)
            .unwrap_or_default()
            .saturating_mul(1_000_000),
    )
}

/// Returns a count that the vendor has as a number.
pub(super) fn count(number: f64) -> Option<u64> {
    // The digits after the point of a count are zero.
    (number >= 0.0).then_some(number as u64)
}

/// Returns the kind of a span by the vendor's name.
pub(super) fn kind(name: &str) -> SpanKind {
    match name.to_ascii_lowercase().as_str() {
        "llm" | "generation" | "model" | "modelstream" => SpanKind::Llm,
        "embedding" | "embeddings" => SpanKind::Embedding,
        "tool" => SpanKind::Tool,
        "retriever" | "retrieval" => SpanKind::Retriever,
        "agent" => SpanKind::Agent,
        "workflow" | "chain" => SpanKind::Workflow,
        "guardrail" => SpanKind::Guardrail,
        "evaluator" | "score" => SpanKind::Evaluator,
        "event" => SpanKind::Event,
        _ => SpanKind::Span,
    }
}

/// Sets the input: messages where it is a conversation, the properties of a request where it is one.
pub(super) fn set_input(span: &mut Span, input: Option<Value>) {
    let Some(input) = input.map(parse).filter(|input| !input.is_null()) else {
        return;
    };
    let mut messages = if input.get("messages").is_some() {
        let request = ProviderRequest::read(&input);
        span.system = request.system.into();
        span.tools = request.tools;
        span.model = span.model.take().or(request.model);
        span.parameters.extend(request.parameters);
        request.messages
    } else if is_conversation(&input) {
        read_messages(&input, &Role::User)
    } else {
        span.input = Some(input);
        return;
    };
    let instructions = messages
        .iter()
        .take_while(|message| message.role == Role::System);
    let instructions = instructions.count();
    if instructions < messages.len() {
        span.system.extend(messages.drain(..instructions));
    }
    span.input_messages = messages.into();
}

/// Sets the output: messages where it has them, the documents of a search, or a value.
pub(super) fn set_output(span: &mut Span, output: Option<Value>) {
    let Some(output) = output.map(parse).filter(|output| !output.is_null()) else {
        return;
    };
    if output.get("choices").is_some() {
        let response = ProviderResponse::read(&output);
        span.output_messages = response.messages.into();
        span.response_id = response.id;
        span.response_model = response.model;
        if span.usage.is_empty() {
            span.usage = response.usage;
        }
    } else if is_conversation(&output) {
        span.output_messages = read_messages(&output, &Role::Assistant).into();
    } else if let (SpanKind::Retriever, Some(documents)) = (span.kind, documents(&output)) {
        span.documents = documents;
    } else {
        span.output = Some(output);
    }
}

/// Returns a list or an object that is spelled as text.
pub(super) fn parse(value: Value) -> Value {
    let parsed = value.as_str().and_then(json::parse_structure);
    parsed.map(BorrowedJson::into_value).unwrap_or(value)
}

/// Returns the properties of an object, also where it is spelled as text.
pub(super) fn object(value: Value) -> Map<String, Value> {
    match parse(value) {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

/// Takes a text out of an object. Another value is dropped.
pub(super) fn take_text(object: &mut Map<String, Value>, name: &str) -> Option<String> {
    match object.remove(name) {
        Some(Value::String(text)) => Some(text),
        _ => None,
    }
}

/// Sets what the vendor has no field for, and so was sent with the metadata of the trace.
pub(super) fn set_info(info: &mut TraceInfo, name: &str, value: &str) {
    match name {
        "user" => info.user = Some(value.to_owned()),
        "service" => info.service = Some(value.into()),
        "environment" => info.environment = Some(value.into()),
        "release" => info.release = Some(value.into()),
        _ => {
            info.metadata.insert(name.to_owned(), value.into());
        }
    }
}

fn is_conversation(value: &Value) -> bool {
    let is_message = |value: &Value| value.get("role").is_some_and(Value::is_string);
    match value {
        Value::Array(items) => !items.is_empty() && items.iter().all(is_message),
        value => is_message(value),
    }
}

fn documents(value: &Value) -> Option<Vec<Document>> {
    let items = value.as_array()?;
    let is_document = |item: &Value| item.get("content").is_some_and(Value::is_string);
    items
        .iter()
        .all(is_document)
        .then(|| serde_json::from_value(value.clone()).ok())
        .flatten()
}
