//! Braintrust.
//!
//! ```no_run
//! # fn example() -> Result<(), llm_observatory::destinations::Error> {
//! use llm_observatory::destinations::braintrust;
//!
//! let braintrust = braintrust::from_env()?.project("bot");
//! # Ok(())
//! # }
//! ```
//!
//! Each span is a row of the project's logs. A score in the same batch as its span is in the span's row; any other, and
//! any with a comment, is sent as feedback to the row. Braintrust has scores from 0 to 1: a number outside is refused
//! here, because the vendor would refuse the whole request. A label is metadata of the feedback.

mod prompts;
mod source;

use super::classify::{ItemResult, SEND_TIMEOUT, send_once, set_results};
use super::named::Named;
use super::prompts::PromptSource;
use super::reading::TraceSource;
use super::{BoxFuture, Destination, Error, Limits, Outcome, chat};
use crate::model::{Record, Score, ScoreValue, Span, SpanId, SpanKind, Status, TraceId, UnixNanos};
pub use observatory_braintrust::Client;
use observatory_braintrust::models::{
    CreateProject, FeedbackItemSource, FeedbackProjectLogsEventRequest, FeedbackProjectLogsItem,
    InsertEventMetadata, InsertEventMetrics, InsertProjectLogsEvent, InsertProjectLogsEventRequest,
    SpanAttributes, SpanType,
};
use observatory_braintrust::{Patch, Timestamp, Value};
use serde_json::json;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::OnceCell;

const NO_PROJECT: &str = "no project: set `BRAINTRUST_PARENT` or call `project`";

/// Returns the destination of the key in `BRAINTRUST_API_KEY`. `BRAINTRUST_PARENT` names the project, as
/// `project_name:bot` or `project_id:…`, and `BRAINTRUST_API_URL` another server.
///
/// # Errors
/// If the key is missing, or a value is not valid.
pub fn from_env() -> Result<Braintrust, Error> {
    let braintrust = Braintrust::new(Client::from_env()?);
    let parent = std::env::var("BRAINTRUST_PARENT").unwrap_or_default();
    Ok(match parent.split_once(':') {
        Some(("project_name", name)) => braintrust.project(name),
        Some(("project_id", id)) => braintrust.project_id(id),
        _ => braintrust,
    })
}

/// Delivers to Braintrust.
#[derive(Debug)]
pub struct Braintrust {
    client: Client,
    project: Option<Named>,
    timeout: Duration,
    /// The id of a project that was looked up by name.
    id: OnceCell<String>,
}

impl Braintrust {
    /// Returns the destination of a client. Set the [`project`](Self::project) too.
    pub fn new(client: Client) -> Self {
        Self {
            client,
            project: None,
            timeout: SEND_TIMEOUT,
            id: OnceCell::new(),
        }
    }

    /// Sets the project by name. It is made where it does not exist.
    #[must_use]
    pub fn project(mut self, name: impl Into<String>) -> Self {
        self.project = Some(Named::Name(name.into()));
        self
    }

    /// Sets the project by id.
    #[must_use]
    pub fn project_id(mut self, id: impl Into<String>) -> Self {
        self.project = Some(Named::Id(id.into()));
        self
    }

    /// Sets the time limit of one request. By default 30 seconds.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    async fn send(&self, batch: &[Arc<Record>]) -> Outcome {
        let project = match self.find_project().await {
            Ok(project) => project,
            Err(outcome) => return outcome,
        };
        let (rows, feedback) = rows_and_feedback(batch);
        let mut results = vec![ItemResult::Acknowledged; batch.len()];
        if !rows.is_empty() {
            let (positions, events): (Vec<Vec<usize>>, Vec<_>) = rows.into_iter().unzip();
            let body = InsertProjectLogsEventRequest::new(events);
            let request = self.client.logs().insert(project.clone(), body);
            if let Err(error) = send_once(request, self.timeout).await {
                let outcome = Outcome::from_error(&error);
                // Feedback is sent only after the rows that it scores.
                let Some(refused) = outcome.refusal(positions.len()) else {
                    return outcome;
                };
                set_results(&mut results, positions.into_iter().flatten(), &refused);
            }
        }
        let (scored, feedback): (Vec<usize>, Vec<_>) = feedback.into_iter().unzip();
        let mut items = Vec::new();
        for (position, item) in scored.iter().zip(feedback) {
            match item {
                Ok(item) => items.push(item),
                Err(reason) => {
                    set_results(&mut results, [*position], &ItemResult::Rejected { reason });
                }
            }
        }
        if !items.is_empty() {
            let body = FeedbackProjectLogsEventRequest::new(items);
            let request = self.client.logs().feedback(project, body);
            let result = ItemResult::from_result(send_once(request, self.timeout).await);
            let sent = scored.iter().filter(|position| {
                matches!(results.get(**position), Some(ItemResult::Acknowledged))
            });
            let sent: Vec<usize> = sent.copied().collect();
            set_results(&mut results, sent, &result);
        }
        Outcome::from_items(results)
    }

    /// Returns the id of the project, which is looked up once.
    async fn find_project(&self) -> Result<String, Outcome> {
        let name = match &self.project {
            Some(Named::Id(id)) => return Ok(id.clone()),
            Some(Named::Name(name)) => name,
            None => {
                return Err(Outcome::Rejected {
                    reason: NO_PROJECT.to_owned(),
                });
            }
        };
        let id = self.id.get_or_try_init(|| self.create_project(name)).await;
        id.cloned().map_err(|error| Outcome::from_error(&error))
    }

    /// Creates a project. Where one has the name already, returns that one, unchanged.
    async fn create_project(&self, name: &str) -> Result<String, Error> {
        let body = CreateProject::new(name);
        let request = self.client.projects().create().body(body);
        Ok(send_once(request, self.timeout).await?.id)
    }
}

impl Destination for Braintrust {
    fn name(&self) -> &str {
        "braintrust"
    }

    fn limits(&self) -> Limits {
        Limits {
            records: Client::OTLP.max_spans,
            bytes: Client::OTLP.max_bytes,
        }
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

/// The rows of a batch, each with the positions of its span and the scores in it; and the rest of the scores, each with
/// its position, as feedback or the reason why it cannot be sent.
type RowsAndFeedback = (
    Vec<(Vec<usize>, InsertProjectLogsEvent)>,
    Vec<(usize, Result<FeedbackProjectLogsItem, String>)>,
);

fn rows_and_feedback(batch: &[Arc<Record>]) -> RowsAndFeedback {
    let mut rows = Vec::new();
    let mut known = HashMap::new();
    for (position, record) in batch.iter().enumerate() {
        if let Record::Span(span) = &**record {
            known.insert((span.trace.id, span.parent.map(|_| span.id)), rows.len());
            known.insert((span.trace.id, Some(span.id)), rows.len());
            rows.push((vec![position], row(span)));
        }
    }
    let mut feedback = Vec::new();
    for (position, record) in batch.iter().enumerate() {
        let Record::Score(score) = &**record else {
            continue;
        };
        let value = score_number(&score.value);
        let place = known.get(&(score.trace_id, score.span_id)).copied();
        let row = place.and_then(|place| rows.get_mut(place));
        match (value, row) {
            (Err(reason), _) => feedback.push((position, Err(reason))),
            (Ok(Some(number)), Some((positions, row))) if score.comment.is_none() => {
                positions.push(position);
                let mut scores = std::mem::take(&mut row.scores).unwrap_or_default();
                scores.insert(score.name.clone(), Some(number));
                row.scores = Patch::Value(scores);
            }
            (Ok(number), _) => feedback.push((position, Ok(feedback_item(score, number)))),
        }
    }
    (rows, feedback)
}

/// Returns a score as a number from 0 to 1, or `None` for a label.
fn score_number(value: &ScoreValue) -> Result<Option<f64>, String> {
    match value {
        ScoreValue::Number(number) if (0.0..=1.0).contains(number) => Ok(Some(*number)),
        ScoreValue::Number(number) => Err(format!(
            "Braintrust has scores from 0 to 1, this one is {number}"
        )),
        ScoreValue::Boolean(passed) => Ok(Some(f64::from(u8::from(*passed)))),
        ScoreValue::Category(_) => Ok(None),
    }
}

fn feedback_item(score: &Score, number: Option<f64>) -> FeedbackProjectLogsItem {
    let mut item = FeedbackProjectLogsItem::new(row_id(score.trace_id, score.span_id))
        .source(FeedbackItemSource::Api);
    if let Some(number) = number {
        item = item.scores(BTreeMap::from([(score.name.clone(), Some(number))]));
    }
    if let ScoreValue::Category(label) = &score.value {
        item = item.metadata(BTreeMap::from([(score.name.clone(), json!(label))]));
    }
    match &score.comment {
        Some(comment) => item.comment(comment.clone()),
        None => item,
    }
}

/// Returns the id of the row of a span. That of the root is the trace's, so that scores of a trace find it.
fn row_id(trace: TraceId, span: Option<SpanId>) -> String {
    match span {
        Some(span) => format!("{trace}-{span}"),
        None => trace.to_string(),
    }
}

fn row(span: &Span) -> InsertProjectLogsEvent {
    let kind = match span.kind {
        SpanKind::Llm | SpanKind::Embedding => SpanType::Llm,
        SpanKind::Tool => SpanType::Tool,
        SpanKind::Evaluator => SpanType::Score,
        SpanKind::Retriever | SpanKind::Guardrail => SpanType::Function,
        _ => SpanType::Task,
    };
    let mut row = InsertProjectLogsEvent::new()
        .id(row_id(span.trace.id, span.parent.map(|_| span.id)))
        .span_id(span.id.to_string())
        .root_span_id(span.trace.id.to_string())
        .created(Timestamp::from_unix_nanos(i128::from(span.start.0)))
        .span_attributes(SpanAttributes::new().name(span.name.clone()).type_(kind))
        .metadata(metadata(span))
        .metrics(metrics(span));
    row.input = chat::input(span);
    row.output = chat::output(span);
    if let Some(parent) = span.parent {
        row.span_parents = Patch::Value(vec![parent.to_string()]);
    }
    let trace_tags = span.trace.tags.iter().filter(|_| span.parent.is_none());
    let tags: Vec<String> = trace_tags.chain(&span.tags).cloned().collect();
    if !tags.is_empty() {
        row.tags = Patch::Value(tags);
    }
    if let Status::Error { kind, message } = &span.status {
        row.error = Some(match kind {
            Some(kind) => json!({"type": kind, "message": message}),
            None => json!(message),
        });
    }
    row
}

fn metadata(span: &Span) -> InsertEventMetadata {
    let trace = &span.trace;
    let mut metadata = InsertEventMetadata::new();
    let model = span.response_model.clone().or_else(|| span.model.clone());
    metadata.model = model.map_or(Patch::Absent, Patch::Value);
    let extra = &mut metadata.extra;
    let own = trace
        .metadata
        .iter()
        .chain(&span.metadata)
        .chain(&span.parameters);
    extra.extend(
        own.filter(|(name, _)| *name != "model")
            .map(|(name, value)| (name.clone(), value.clone())),
    );
    let texts = [
        ("provider", span.provider.as_deref()),
        ("response_id", span.response_id.as_deref()),
        ("session_id", trace.session.as_deref()),
        ("user_id", trace.user.as_deref()),
        ("service", trace.service.as_deref()),
        ("environment", trace.environment.as_deref()),
        ("release", trace.release.as_deref()),
    ];
    for (name, text) in texts {
        if let Some(text) = text {
            extra.insert(name.to_owned(), json!(text));
        }
    }
    let values = [
        ("tools", (!span.tools.is_empty()).then(|| json!(span.tools))),
        ("prompt", span.prompt.as_ref().map(|prompt| json!(prompt))),
        ("truncated", span.truncated.then_some(Value::Bool(true))),
    ];
    for (name, value) in values {
        if let Some(value) = value {
            extra.insert(name.to_owned(), value);
        }
    }
    metadata
}

fn metrics(span: &Span) -> InsertEventMetrics {
    let usage = &span.usage;
    let mut metrics = InsertEventMetrics::new()
        .start(seconds(span.start))
        .end(seconds(span.end));
    metrics.prompt_tokens = count(usage.input);
    metrics.completion_tokens = count(usage.output);
    metrics.tokens = count(usage.total());
    #[allow(
        clippy::cast_precision_loss,
        reason = "counts of tokens are below 2^53"
    )]
    let tokens = |count: Option<u64>| count.map(|count| count as f64);
    let first_token = span
        .first_token
        .map(|time| time.since(span.start).as_secs_f64());
    let extra = [
        ("prompt_cached_tokens", tokens(usage.cache_read)),
        ("prompt_cache_creation_tokens", tokens(usage.cache_write)),
        ("completion_reasoning_tokens", tokens(usage.reasoning)),
        ("time_to_first_token", first_token),
        ("estimated_cost", span.cost.total),
    ];
    for (name, value) in extra {
        if let Some(value) = value.filter(|value| value.is_finite()) {
            metrics.extra.insert(name.to_owned(), value);
        }
    }
    metrics
}

fn count(count: Option<u64>) -> Patch<i64> {
    let count = count.map(|count| i64::try_from(count).unwrap_or(i64::MAX));
    count.map_or(Patch::Absent, Patch::Value)
}

#[allow(
    clippy::cast_precision_loss,
    reason = "microseconds are kept, which is what Braintrust shows"
)]
fn seconds(time: UnixNanos) -> f64 {
    (time.0 / 1_000) as f64 / 1e6
}
