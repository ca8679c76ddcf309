//! Adaline.
//!
//! ```no_run
//! # fn example() -> Result<(), llm_observatory::destinations::Error> {
//! use llm_observatory::destinations::adaline;
//!
//! let adaline = adaline::from_env()?.project("id of the project");
//! # Ok(())
//! # }
//! ```
//!
//! A trace is sent with its spans when its root has ended. Spans that end later are sent one by one, with the ids of
//! trace and parent. Input and output of a model call are the bodies of OpenAI's chat completions, in which Adaline
//! finds messages and tokens. The API has no scores.

mod prompts;
mod source;

use super::classify::{ItemResult, SEND_TIMEOUT, run_all, send_once};
use super::prompts::PromptSource;
use super::reading::TraceSource;
use super::tree::{TraceSpans, group_by_trace};
use super::{BoxFuture, Destination, Error, Grouping, ItemOutcome, Outcome, chat};
use crate::model::{Record, Span, SpanKind, Status};
pub use observatory_adaline::Client;
use observatory_adaline::models::{
    CreateLogSpanRequest, CreateLogSpanRequestSpan, CreateLogTraceRequest,
    CreateLogTraceRequestSpan, CreateLogTraceRequestTrace, LogAttributesValue, LogSpanContent,
    LogSpanEmbeddingsContent, LogSpanFunctionContent, LogSpanGuardrailContent, LogSpanModelContent,
    LogSpanOtherContent, LogSpanRetrievalContent, LogSpanStatus, LogSpanToolContent, LogStatus,
};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

/// The longest name and label, provider and model, and id, in characters. Longer ones are refused.
const LONGEST_NAME: usize = 256;
const LONGEST_MODEL: usize = 512;
const LONGEST_ID: usize = 128;

/// The lengths of ids of prompts and deployments.
const PROMPT_ID_LENGTHS: std::ops::RangeInclusive<usize> = 20..=80;

const NO_PROJECT: &str = "no project: set `ADALINE_PROJECT_ID` or call `project`";

/// Returns the destination of the key in `ADALINE_API_KEY`. `ADALINE_PROJECT_ID` names the project, and
/// `ADALINE_BASE_URL` another server.
///
/// # Errors
/// If the key is missing, or a value is not valid.
pub fn from_env() -> Result<Adaline, Error> {
    let mut adaline = Adaline::new(Client::from_env()?);
    adaline.project = std::env::var("ADALINE_PROJECT_ID").ok();
    Ok(adaline)
}

/// Delivers to Adaline.
#[derive(Clone, Debug)]
pub struct Adaline {
    client: Client,
    project: Option<String>,
    timeout: Duration,
}

impl Adaline {
    /// Returns the destination of a client. Set the [`project`](Self::project) too.
    pub fn new(client: Client) -> Self {
        Self {
            client,
            project: None,
            timeout: SEND_TIMEOUT,
        }
    }

    /// Sets the id of the project.
    #[must_use]
    pub fn project(mut self, id: impl Into<String>) -> Self {
        self.project = Some(id.into());
        self
    }

    /// Sets the time limit of one request. By default 30 seconds.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    async fn send(&self, batch: &[Arc<Record>]) -> Outcome {
        let Some(project) = &self.project else {
            return Outcome::Rejected {
                reason: NO_PROJECT.to_owned(),
            };
        };
        let mut traces = group_by_trace(batch);
        if let ([trace], true) = (
            traces.as_mut_slice(),
            batch.iter().all(|record| is_span(record)),
        ) {
            if trace.root().is_some() {
                return self.send_trace(project, trace).await;
            }
        }
        let unsupported = ItemResult::Rejected {
            reason: "Adaline's API has no scores".to_owned(),
        };
        let mut results = vec![unsupported; batch.len()];
        for trace in &traces {
            let sent = match trace.root() {
                Some(_) => {
                    let outcome = self.send_trace(project, trace).await;
                    vec![ItemResult::from(&outcome); trace.spans.len()]
                }
                None => self.send_late_spans(project, trace).await,
            };
            for ((index, _), result) in trace.spans.iter().zip(sent) {
                if let Some(place) = results.get_mut(*index) {
                    *place = result;
                }
            }
        }
        Outcome::from_items(results)
    }

    /// Sends a trace with its spans, in one request.
    async fn send_trace(&self, project: &str, trace: &TraceSpans<'_>) -> Outcome {
        let spans = trace.spans.iter().map(|(_, span)| trace_span(span));
        let body = CreateLogTraceRequest::new(project, trace_body(trace));
        let body = body.spans(spans.collect::<Vec<_>>());
        match send_once(self.client.logs().create_trace(body), self.timeout).await {
            Ok(_) => Outcome::Items(vec![ItemOutcome::Acknowledged; trace.spans.len()]),
            Err(error) => Outcome::from_error(&error),
        }
    }

    /// Sends spans whose trace was sent before.
    async fn send_late_spans(&self, project: &str, trace: &TraceSpans<'_>) -> Vec<ItemResult> {
        let mut requests = Vec::with_capacity(trace.spans.len());
        for (_, span) in &trace.spans {
            let body = CreateLogSpanRequest::new(project, late_span(span));
            requests.push(send_once(
                self.client.logs().create_span(body),
                self.timeout,
            ));
        }
        let sent = run_all(requests).await;
        sent.into_iter().map(ItemResult::from_result).collect()
    }
}

impl Destination for Adaline {
    fn name(&self) -> &str {
        "adaline"
    }

    fn grouping(&self) -> Grouping {
        Grouping::Traces
    }

    fn supports(&self, record: &Record) -> bool {
        is_span(record)
    }

    fn missing(&self) -> Option<&str> {
        self.project.is_none().then_some(NO_PROJECT)
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

fn is_span(record: &Record) -> bool {
    matches!(record, Record::Span(_))
}

fn trace_body(trace: &TraceSpans<'_>) -> CreateLogTraceRequestTrace {
    let info = trace.info;
    let (start, end) = trace.times();
    let status = if trace.has_failed() {
        LogStatus::Failure
    } else {
        LogStatus::Success
    };
    let mut attributes = attributes(&info.metadata);
    let texts = [
        ("user", info.user.as_deref()),
        ("service", info.service.as_deref()),
        ("environment", info.environment.as_deref()),
        ("release", info.release.as_deref()),
    ];
    for (name, text) in texts {
        if let Some(text) = text {
            attributes.insert(name.to_owned(), LogAttributesValue::Text(text.to_owned()));
        }
    }
    let mut body = CreateLogTraceRequestTrace::new(millis(start), name(&info.name), status)
        .ended_at(millis(end))
        .reference_id(info.id.to_string());
    if let Some(session) = session(&info.session) {
        body = body.session_id(session);
    }
    if !attributes.is_empty() {
        body = body.attributes(attributes);
    }
    let tags = tags(&info.tags);
    if tags.is_empty() {
        body
    } else {
        body.tags(tags)
    }
}

fn trace_span(span: &Span) -> CreateLogTraceRequestSpan {
    let (start, end) = (millis(span.start), millis(span.end));
    let mut body =
        CreateLogTraceRequestSpan::new(start, end, name(&span.name), status(span), content(span))
            .reference_id(span.id.to_string());
    if let Some(parent) = span.parent {
        body = body.parent_reference_id(parent.to_string());
    }
    if let Some(session) = session(&span.trace.session) {
        body = body.session_id(session);
    }
    if let Some((prompt, deployment)) = deployed_prompt(span) {
        body = body.prompt_id(prompt).deployment_id(deployment);
    }
    let attributes = span_attributes(span);
    if !attributes.is_empty() {
        body = body.attributes(attributes);
    }
    let tags = tags(&span.tags);
    if tags.is_empty() {
        body
    } else {
        body.tags(tags)
    }
}

fn late_span(span: &Span) -> CreateLogSpanRequestSpan {
    let known = trace_span(span);
    let mut body = CreateLogSpanRequestSpan::new(
        known.started_at,
        known.ended_at,
        known.name,
        known.status,
        known.content,
    )
    .trace_reference_id(span.trace.id.to_string());
    body.reference_id = known.reference_id;
    body.parent_reference_id = known.parent_reference_id;
    body.session_id = known.session_id;
    body.prompt_id = known.prompt_id;
    body.deployment_id = known.deployment_id;
    body.attributes = known.attributes;
    body.tags = known.tags;
    body
}

/// Returns the ids of the prompt and of its deployment. A prompt of another vendor has a name and a number.
fn deployed_prompt(span: &Span) -> Option<(&str, &str)> {
    let prompt = span.prompt.as_ref()?;
    let is_id = |text: &str| {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
        PROMPT_ID_LENGTHS.contains(&text.len()) && text.chars().all(is_plain)
    };
    let ids = (prompt.name.as_str(), prompt.version.as_deref()?);
    (is_id(ids.0) && is_id(ids.1)).then_some(ids)
}

fn status(span: &Span) -> LogSpanStatus {
    match span.status {
        Status::Ok => LogSpanStatus::Success,
        Status::Error { .. } => LogSpanStatus::Failure,
    }
}

fn content(span: &Span) -> LogSpanContent {
    if span.kind == SpanKind::Llm {
        return model_content(span).into();
    }
    // Both are required, and at least one character long.
    let json = |value: Option<Value>| value.unwrap_or(Value::Null).to_string();
    let input = json(chat::input(span));
    let output = match &span.status {
        Status::Error { message, .. } if span.output.is_none() => {
            json(Some(json!({"error": message})))
        }
        _ => json(chat::output(span)),
    };
    match span.kind {
        SpanKind::Embedding => LogSpanEmbeddingsContent::new(input, output).into(),
        SpanKind::Tool => LogSpanToolContent::new(input, output).into(),
        SpanKind::Retriever => LogSpanRetrievalContent::new(input, output).into(),
        SpanKind::Guardrail => LogSpanGuardrailContent::new(input, output).into(),
        SpanKind::Agent | SpanKind::Workflow => LogSpanFunctionContent::new(input, output).into(),
        _ => LogSpanOtherContent::new(input, output).into(),
    }
}

fn model_content(span: &Span) -> LogSpanModelContent {
    let mut content = LogSpanModelContent::new()
        .input(Value::Object(chat::request(span)).to_string())
        .output(Value::Object(chat::response(span)).to_string());
    let model = span.response_model.as_ref().or(span.model.as_ref());
    if let Some(model) = model.filter(|model| !model.is_empty()) {
        content = content.model(cut(model, LONGEST_MODEL));
    }
    if let Some(provider) = span
        .provider
        .as_ref()
        .filter(|provider| !provider.is_empty())
    {
        content = content.provider(cut(provider, LONGEST_MODEL));
    }
    match span
        .cost
        .total
        .filter(|cost| cost.is_finite() && *cost >= 0.0)
    {
        Some(cost) => content.cost(cost),
        None => content,
    }
}

/// Returns metadata, and what Adaline has no field for.
fn span_attributes(span: &Span) -> BTreeMap<String, LogAttributesValue> {
    let mut attributes = attributes(&span.metadata);
    if let Status::Error { kind, message } = &span.status {
        let texts = [("error", Some(message)), ("error_type", kind.as_ref())];
        for (name, text) in texts {
            if let Some(text) = text {
                attributes.insert(name.to_owned(), LogAttributesValue::Text(text.clone()));
            }
        }
    }
    if let Some(prompt) = &span.prompt {
        let version = prompt.version.as_deref().unwrap_or("?");
        let text = format!("{} {version}", prompt.name);
        attributes.insert("prompt".to_owned(), LogAttributesValue::Text(text));
    }
    if let Some(first) = span.first_token {
        let seconds = first.since(span.start).as_secs_f64();
        let name = "time_to_first_token".to_owned();
        attributes.insert(name, LogAttributesValue::Number(seconds));
    }
    if span.truncated {
        attributes.insert("truncated".to_owned(), LogAttributesValue::Bool(true));
    }
    attributes
}

fn attributes(metadata: &Map<String, Value>) -> BTreeMap<String, LogAttributesValue> {
    let attributes = metadata.iter().map(|(name, value)| {
        let number = value.as_f64().filter(|number| number.is_finite());
        let value = match (value, number) {
            (Value::Bool(value), _) => LogAttributesValue::Bool(*value),
            (_, Some(number)) => LogAttributesValue::Number(number),
            (other, None) => LogAttributesValue::Text(chat::plain_text(other)),
        };
        (name.clone(), value)
    });
    attributes.collect()
}

fn tags(tags: &[String]) -> Vec<String> {
    let tags = tags.iter().filter(|tag| !tag.is_empty());
    tags.map(|tag| cut(tag, LONGEST_NAME)).collect()
}

/// Returns a name, which must not be empty.
fn name(name: &str) -> String {
    match name {
        "" => "unnamed".to_owned(),
        name => cut(name, LONGEST_NAME),
    }
}

fn session(session: &Option<String>) -> Option<String> {
    let session = session.as_deref().filter(|session| !session.is_empty())?;
    Some(cut(session, LONGEST_ID))
}

fn cut(text: &str, longest: usize) -> String {
    text.chars().take(longest).collect()
}

fn millis(time: crate::model::UnixNanos) -> i64 {
    i64::try_from(time.as_millis()).unwrap_or(i64::MAX)
}
