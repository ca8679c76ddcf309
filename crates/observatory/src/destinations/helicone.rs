//! Helicone.
//!
//! ```no_run
//! # fn example() -> Result<(), llm_observatory::destinations::Error> {
//! use llm_observatory::destinations::helicone;
//!
//! let helicone = helicone::from_env()?;
//! # Ok(())
//! # }
//! ```
//!
//! Helicone has requests, not spans: each span is one logged request, whose session is the trace and whose path in the
//! session is the span's way from the root. The operation for OpenTelemetry traces is not used: it gives spans new random
//! ids, so that a repeated delivery is kept twice and no score finds its span, and it drops all input but text.
//!
//! The id of a request is derived from the ids of trace and span. A score of a whole trace belongs to no request, and is
//! not supported.

mod prompts;
mod source;

use super::classify::{ItemResult, SEND_TIMEOUT, capped, run_all, send_once};
use super::prompts::PromptSource;
use super::reading::TraceSource;
use super::{BoxFuture, Destination, Error, Limits, Outcome, chat};
use crate::model::{Record, Score, ScoreValue, Span, SpanId, SpanKind, Status, TraceId, UnixNanos};
pub use observatory_helicone::Client;
use observatory_helicone::models::{
    Provider, ScoreRequest, TypedAsyncLogModel, TypedProviderRequest, TypedProviderResponse,
    TypedTiming,
};
use observatory_runtime::Timestamp;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

/// The longest way from the root that a path in a session shows.
const LONGEST_PATH: usize = 32;

/// What the vendor's helpers send instead of the URL of a model's API.
const NO_URL: &str = "custom-model-nopath";

/// Returns the destination of the key in `HELICONE_API_KEY`, which also selects the region.
///
/// # Errors
/// If the key is missing or not valid.
pub fn from_env() -> Result<Helicone, Error> {
    Ok(Helicone::new(Client::from_env()?))
}

/// Delivers to Helicone.
#[derive(Clone, Debug)]
pub struct Helicone {
    client: Client,
    timeout: Duration,
}

impl Helicone {
    /// Returns the destination of a client.
    pub fn new(client: Client) -> Self {
        Self {
            client,
            timeout: SEND_TIMEOUT,
        }
    }

    /// Sets the time limit of one request. By default 30 seconds.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    async fn send(&self, batch: &[Arc<Record>]) -> Outcome {
        let spans = batch.iter().filter_map(|record| match &**record {
            Record::Span(span) => Some(((span.trace.id, span.id), &**span)),
            Record::Score(_) => None,
        });
        let spans: HashMap<(TraceId, SpanId), &Span> = spans.collect();
        // Scores come after the spans that they score.
        let (mut first, mut second) = (Vec::new(), Vec::new());
        let (mut spans_at, mut scores_at) = (Vec::new(), Vec::new());
        for (index, record) in batch.iter().enumerate() {
            match &**record {
                Record::Span(span) => {
                    first.push(self.send_span(span, &spans));
                    spans_at.push(index);
                }
                Record::Score(score) => {
                    second.push(self.send_score(score));
                    scores_at.push(index);
                }
            }
        }
        let first = spans_at.into_iter().zip(run_all(first).await);
        let mut results: Vec<(usize, ItemResult)> = first.collect();
        results.extend(scores_at.into_iter().zip(run_all(second).await));
        results.sort_by_key(|(index, _)| *index);
        Outcome::from_items(results.into_iter().map(|(_, result)| result).collect())
    }

    async fn send_span(
        &self,
        span: &Span,
        spans: &HashMap<(TraceId, SpanId), &Span>,
    ) -> ItemResult {
        let request = self.client.trace().log_custom_typed(log(span, spans));
        match send_once(request, self.timeout).await {
            Ok(response) => match refusal(&response) {
                Some(reason) => ItemResult::Rejected { reason },
                None => ItemResult::Acknowledged,
            },
            Err(error) => ItemResult::from_result(Err::<(), _>(error)),
        }
    }

    async fn send_score(&self, score: &Score) -> ItemResult {
        let Some((span, value)) = score.span_id.zip(score_value(&score.value)) else {
            return ItemResult::Rejected {
                reason: "Helicone has scores of single spans only, as numbers or booleans"
                    .to_owned(),
            };
        };
        let id = request_id(score.trace_id, span);
        let body = ScoreRequest::new(BTreeMap::from([(score.name.clone(), value)]));
        let request = self.client.request().add_scores(id, body);
        ItemResult::from_result(send_once(request, self.timeout).await)
    }
}

impl Destination for Helicone {
    fn name(&self) -> &str {
        "helicone"
    }

    /// Few records, since each is a request: the time limit of a batch is that of its requests, one after the other.
    fn limits(&self) -> Limits {
        Limits {
            records: 64,
            ..Limits::default()
        }
    }

    fn supports(&self, record: &Record) -> bool {
        match record {
            Record::Span(_) => true,
            Record::Score(score) => score.span_id.is_some() && score_value(&score.value).is_some(),
        }
    }

    fn prompt_source(&self) -> Option<&dyn PromptSource> {
        Some(self)
    }

    fn source(&self) -> Option<&dyn TraceSource> {
        Some(self)
    }

    fn deliver<'a>(&'a self, batch: &'a [Arc<Record>]) -> BoxFuture<'a, Outcome> {
        Box::pin(self.send(batch))
    }
}

/// Returns the form of a score, or `None` for a label.
fn score_value(value: &ScoreValue) -> Option<observatory_helicone::models::NumberOrBool> {
    match value {
        ScoreValue::Number(number) => Some((*number).into()),
        ScoreValue::Boolean(passed) => Some((*passed).into()),
        ScoreValue::Category(_) => None,
    }
}

/// Returns the reasons for which the server did not accept a request, which it gives with status 200.
fn refusal(response: &Value) -> Option<String> {
    if response.get("isValid") != Some(&Value::Bool(false)) {
        return None;
    }
    let errors = response.get("errors").and_then(Value::as_array);
    let errors = errors.into_iter().flatten().map(|error| {
        let text = |name: &str| error.get(name).and_then(Value::as_str).unwrap_or("?");
        format!("{}: {}", text("field"), text("message"))
    });
    Some(capped(&errors.collect::<Vec<_>>().join("; ")))
}

fn log(span: &Span, spans: &HashMap<(TraceId, SpanId), &Span>) -> TypedAsyncLogModel {
    let (request, response) = bodies(span);
    let provider_request = TypedProviderRequest::new(NO_URL, into_map(request), meta(span, spans));
    // Helicone distinguishes success and failure by the status.
    let status = match span.status {
        Status::Ok => 200,
        Status::Error { .. } => 500,
    };
    let provider_response =
        TypedProviderResponse::new(status, BTreeMap::new()).json(into_map(response));
    let mut timing = TypedTiming::new(time(span.start), time(span.end));
    if let Some(first) = span.first_token {
        timing = timing.time_to_first_token(first.since(span.start).as_secs_f64() * 1000.0);
    }
    TypedAsyncLogModel::new(provider_request, provider_response)
        .timing(timing)
        .provider(provider(span))
}

/// Returns the bodies of request and response: those of chat completions for a call of a model.
fn bodies(span: &Span) -> (Map<String, Value>, Map<String, Value>) {
    let value = |value: Option<Value>| value.unwrap_or(Value::Null);
    let text = |value: Option<Value>| value.as_ref().map(chat::plain_text).unwrap_or_default();
    let (input, output) = (chat::input(span), chat::output(span));
    let (status, error) = match &span.status {
        Status::Ok => ("success", None),
        Status::Error { message, .. } => ("error", Some(message.clone())),
    };
    // The forms of the vendor's own helpers for other steps than model calls.
    let (request, response) = match span.kind {
        SpanKind::Llm | SpanKind::Embedding => {
            return (chat::request(span), chat::response(span));
        }
        SpanKind::Tool => (
            json!({"_type": "tool", "toolName": span.name, "input": value(input)}),
            json!({
                "_type": "tool",
                "toolName": span.name,
                "status": status,
                "message": error.unwrap_or_else(|| text(output)),
                "metadata": {},
            }),
        ),
        SpanKind::Retriever => (
            json!({"_type": "vector_db", "operation": "search", "text": text(input)}),
            json!({
                "_type": "vector_db",
                "status": status,
                "message": error.unwrap_or_else(|| format!("{} documents", span.documents.len())),
                "metadata": {"output": value(output)},
            }),
        ),
        _ => (
            json!({"_type": "data", "name": span.name, "input": value(input)}),
            json!({
                "_type": "data",
                "name": span.name,
                "status": status,
                "message": error.unwrap_or_else(|| text(output)),
                "metadata": {},
            }),
        ),
    };
    let object = |value: Value| match value {
        Value::Object(map) => map,
        _ => Map::new(),
    };
    (object(request), object(response))
}

/// Returns Helicone's headers, which this operation takes in the body.
fn meta(span: &Span, spans: &HashMap<(TraceId, SpanId), &Span>) -> BTreeMap<String, String> {
    let trace = &span.trace;
    let mut meta = BTreeMap::new();
    let mut add = |name: &str, value: Option<&str>| {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            meta.insert(format!("Helicone-{name}"), header_text(value));
        }
    };
    add("Request-Id", Some(&request_id(trace.id, span.id)));
    add("User-Id", trace.user.as_deref());
    add("Session-Id", Some(&trace.id.to_string()));
    add("Session-Name", Some(&trace.name));
    add("Session-Path", Some(&path(span, spans)));
    add("Property-Conversation", trace.session.as_deref());
    add("Property-Environment", trace.environment.as_deref());
    add("Property-Release", trace.release.as_deref());
    add("Property-Service", trace.service.as_deref());
    add("Property-Name", Some(&span.name));
    add("Property-Kind", Some(span.kind.as_str()));
    let cost = span.cost.total.map(|cost| cost.to_string());
    add("Property-Cost-USD", cost.as_deref());
    if let Some(prompt) = &span.prompt {
        add("Property-Prompt", Some(&prompt.name));
        add("Property-Prompt-Version", prompt.version.as_deref());
    }
    let tags: Vec<&str> = trace
        .tags
        .iter()
        .chain(&span.tags)
        .map(String::as_str)
        .collect();
    add("Property-Tags", Some(&tags.join(",")));
    if span.truncated {
        add("Property-Truncated", Some("true"));
    }
    for (name, value) in trace.metadata.iter().chain(&span.metadata) {
        let name: String = name
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
            .collect();
        add(&format!("Property-{name}"), Some(&chat::plain_text(value)));
    }
    meta
}

/// Returns the names of a span and of its ancestors in the batch.
fn path(span: &Span, spans: &HashMap<(TraceId, SpanId), &Span>) -> String {
    let mut names = Vec::new();
    let mut next = Some(span);
    while let Some(span) = next.filter(|_| names.len() < LONGEST_PATH) {
        names.push(span.name.replace('/', "-"));
        next = span
            .parent
            .and_then(|parent| spans.get(&(span.trace.id, parent)).copied());
    }
    names.reverse();
    format!("/{}", names.join("/"))
}

/// Returns a text that fits into a header: the server makes headers of these values.
fn header_text(text: &str) -> String {
    let is_plain = |c: char| c == ' ' || c.is_ascii_graphic();
    text.chars()
        .map(|c| if is_plain(c) { c } else { '?' })
        .collect()
}

fn provider(span: &Span) -> Provider {
    let name = span
        .provider
        .as_deref()
        .unwrap_or_default()
        .to_ascii_uppercase();
    match Provider::from(name.as_str()) {
        Provider::Unknown(_) => Provider::Custom,
        known => known,
    }
}

fn time(time: UnixNanos) -> String {
    Timestamp::from_unix_nanos(i128::from(time.0))
        .as_str()
        .to_owned()
}

fn into_map(map: Map<String, Value>) -> BTreeMap<String, Value> {
    map.into_iter().collect()
}

/// Returns the id of the request that a span is: a UUID (RFC 9562, version 8) of the ids.
fn request_id(trace: TraceId, span: SpanId) -> String {
    super::uuid::of_span(trace, span)
}
