//! Langfuse.
//!
//! ```no_run
//! # fn example() -> Result<(), llm_observatory::destinations::Error> {
//! use llm_observatory::destinations::langfuse;
//!
//! let langfuse = langfuse::from_env()?;
//! # Ok(())
//! # }
//! ```
//!
//! Spans are sent in the OpenTelemetry protocol, with the header that selects the server's direct write path, so that
//! they are visible at once. Scores are sent one by one, after the spans.

mod prompts;
mod source;

use super::classify::{ItemResult, SEND_TIMEOUT, run_all, send_once, send_spans_first};
use super::otlp::{self, AttributeValue, Export, OtlpSpan, SCOPE, Vocabulary, partial_success};
use super::prompts::PromptSource;
use super::reading::TraceSource;
use super::{BoxFuture, Destination, Error, Limits, Outcome};
use crate::model::{Record, Score, ScoreValue};
pub use observatory_langfuse::Client;
use observatory_langfuse::models::{
    CreateScoreRequest, CreateScoreValue, ExportTracesRequest, OtelAttribute, OtelAttributeValue,
    OtelResource, OtelResourceSpan, OtelScope, OtelScopeSpan, OtelSpan, OtelSpanStatus,
    ScoreDataType,
};
use serde_json::{Value, json};
use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

/// Returns the destination of the keys in `LANGFUSE_PUBLIC_KEY` and `LANGFUSE_SECRET_KEY`. `LANGFUSE_BASE_URL` or
/// `LANGFUSE_HOST` names another server than the European cloud.
///
/// # Errors
/// If a key is missing, or a value is not valid.
pub fn from_env() -> Result<Langfuse, Error> {
    Ok(Langfuse::new(Client::from_env()?))
}

/// Delivers to Langfuse.
#[derive(Clone, Debug)]
pub struct Langfuse {
    client: Client,
    timeout: Duration,
}

impl Langfuse {
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
        send_spans_first(
            batch,
            |spans| async move { self.send_spans(&spans).await },
            |scores| {
                let requests = scores.into_iter().map(|score| self.send_score(score));
                run_all(requests.collect())
            },
        )
        .await
    }

    async fn send_spans(&self, spans: &[Arc<Record>]) -> Outcome {
        let vocabulary = Vocabulary::new(Client::OTLP.conventions);
        let export = Export::new(spans, &vocabulary);
        let request = self.client.opentelemetry().export_traces(body(&export));
        match send_once(request, self.timeout).await {
            Ok(response) => match partial_success(json!(response)) {
                Ok(response) => otlp::partly_rejected(spans, response),
                Err(_) => otlp::acknowledge(spans),
            },
            Err(error) => Outcome::from_error(&error),
        }
    }

    async fn send_score(&self, score: &Score) -> ItemResult {
        let (value, kind) = match &score.value {
            ScoreValue::Number(number) => {
                (CreateScoreValue::Number(*number), ScoreDataType::Numeric)
            }
            ScoreValue::Boolean(passed) => (
                CreateScoreValue::Number(f64::from(u8::from(*passed))),
                ScoreDataType::Boolean,
            ),
            ScoreValue::Category(label) => (
                CreateScoreValue::Text(label.clone()),
                ScoreDataType::Categorical,
            ),
        };
        let mut body = CreateScoreRequest::new(score.name.clone(), value)
            .id(score.id.to_string())
            .trace_id(score.trace_id.to_string())
            .data_type(kind);
        if let Some(span) = score.span_id {
            body = body.observation_id(span.to_string());
        }
        if let Some(comment) = &score.comment {
            body = body.comment(comment.clone());
        }
        ItemResult::from_result(send_once(self.client.scores().create(body), self.timeout).await)
    }
}

impl Destination for Langfuse {
    fn name(&self) -> &str {
        "langfuse"
    }

    fn limits(&self) -> Limits {
        Limits {
            records: Client::OTLP.max_spans,
            bytes: Client::OTLP.max_bytes,
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

/// Returns the body of a request with spans.
fn body(export: &Export<'_>) -> ExportTracesRequest {
    let resources = export.resources.iter().map(|resource| {
        let attributes = attributes(resource.attributes.iter());
        let scope = OtelScope::new().name(SCOPE.0).version(SCOPE.1);
        let spans: Vec<OtelSpan> = resource.spans.iter().map(span).collect();
        OtelResourceSpan::new()
            .resource(OtelResource::new().attributes(attributes))
            .scope_spans(vec![OtelScopeSpan::new().scope(scope).spans(spans)])
    });
    ExportTracesRequest::new(resources.collect::<Vec<_>>())
}

fn span(span: &OtlpSpan<'_>) -> OtelSpan {
    let status = OtelSpanStatus::new()
        .code(i64::from(span.status_code()))
        .message(span.error.clone().map(Cow::into_owned));
    let encoded = OtelSpan::new()
        .trace_id(span.trace_id.to_string())
        .span_id(span.id.to_string())
        .name(span.name.clone())
        .kind(i64::from(span.kind()))
        .start_time_unix_nano(span.start.0.to_string())
        .end_time_unix_nano(span.end.0.to_string())
        .attributes(attributes(span.attributes.iter()))
        .status(status);
    match span.parent {
        Some(parent) => encoded.parent_span_id(parent.to_string()),
        None => encoded,
    }
}

fn attributes<'a>(
    attributes: impl Iterator<Item = (&'a str, &'a AttributeValue<'a>)>,
) -> Vec<OtelAttribute> {
    let encode = |(key, value): (&str, &AttributeValue<'_>)| {
        let empty = OtelAttributeValue::new();
        let value = match value {
            AttributeValue::Text(text) => empty.string_value(text.as_ref()),
            AttributeValue::Integer(integer) => empty.int_value(*integer),
            AttributeValue::Number(number) => empty.double_value(*number),
            AttributeValue::Boolean(boolean) => empty.bool_value(*boolean),
            // The document has no lists; the server reads lists in JSON.
            AttributeValue::Texts(texts) => {
                empty.string_value(Value::from(texts.as_slice()).to_string())
            }
        };
        OtelAttribute::new().key(key).value(value)
    };
    attributes.map(encode).collect()
}
