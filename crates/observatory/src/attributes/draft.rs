//! A span that is put together from attributes.

use super::AttributeValue;
use super::indexed::{MessageDraft, finish_messages, read_documents, set_document};
use super::lookup::{Indexes, find_field};
use super::status::StatusDraft;
use super::tables::Field;
use crate::model::{
    Document, PromptVersion, Role, Score, ScoreId, ScoreValue, Span, SpanId, SpanKind, UnixNanos,
};
use crate::providers::{parse_messages, parse_system, read_messages, read_system};
use serde_json::Value;
use std::collections::BTreeMap;
use std::mem::take;
use std::sync::Arc;
use std::time::Duration;

/// A span that is put together from attributes and events, in any order.
#[derive(Debug)]
pub(crate) struct Draft {
    pub(crate) span: Box<Span>,
    /// What can be decided only when all attributes have arrived.
    pub(super) rest: Rest,
}

#[derive(Debug, Default)]
pub(super) struct Rest {
    has_kind: bool,
    /// A name that was given explicitly.
    name: Option<String>,
    /// The name of the tool, agent or workflow, and the attribute that has it.
    subject: Option<(String, String)>,
    finish_reasons: Vec<String>,
    first_token: Option<Duration>,
    pub(super) status: StatusDraft,
    /// Most spans have none of it.
    rare: Option<Box<Rare>>,
}

/// What only some conventions have.
#[derive(Debug, Default)]
struct Rare {
    input_messages: BTreeMap<u32, MessageDraft>,
    output_messages: BTreeMap<u32, MessageDraft>,
    documents: BTreeMap<u32, Document>,
    embedded: Vec<Value>,
    evaluation: Evaluation,
}

impl Rest {
    fn rare(&mut self) -> &mut Rare {
        self.rare.get_or_insert_default()
    }
}

/// A result of an evaluation.
#[derive(Debug, Default)]
pub(super) struct Evaluation {
    name: Option<String>,
    value: Option<f64>,
    label: Option<String>,
    comment: Option<String>,
}

impl Draft {
    /// Begins with a span that has no attributes.
    pub(crate) fn new(span: Box<Span>) -> Self {
        Self {
            span,
            rest: Rest::default(),
        }
    }

    /// Adds an attribute. What no convention names becomes metadata.
    pub(crate) fn set(&mut self, name: &str, value: AttributeValue<'_>) {
        match find_field(name) {
            Some((field, indexes)) => self.set_field(name, field, indexes, value),
            None => {
                self.span
                    .metadata
                    .insert(name.to_owned(), value.into_value());
            }
        }
    }

    fn set_field(&mut self, name: &str, field: Field, indexes: Indexes, value: AttributeValue<'_>) {
        let (span, rest) = (&mut *self.span, &mut self.rest);
        match field {
            Field::Name => rest.name = Some(value.into_text()),
            Field::Operation | Field::Kind => self.set_kind(name, value),
            Field::Subject => rest.subject = Some((name.to_owned(), value.into_text())),
            Field::Provider => span.provider = Some(value.into_text()),
            Field::Model => span.model = Some(value.into_text()),
            Field::ResponseModel => span.response_model = Some(value.into_text()),
            Field::ResponseId => span.response_id = Some(value.into_text()),
            Field::FinishReasons => rest.finish_reasons = value.into_texts(),
            Field::Parameter(name) => {
                span.parameters.insert(name.to_owned(), value.into_json());
            }
            Field::Parameters => span.parameters.extend(value.into_object()),
            Field::System => span.system = value.to_messages(parse_system, read_system),
            Field::InputMessages => {
                span.input_messages = value.to_messages(
                    |text| parse_messages(text, &Role::User),
                    |value| read_messages(value, &Role::User),
                );
            }
            Field::OutputMessages => {
                span.output_messages = value.to_messages(
                    |text| parse_messages(text, &Role::Assistant),
                    |value| read_messages(value, &Role::Assistant),
                );
            }
            Field::Tools => match value.into_json() {
                Value::Array(tools) => span.tools = tools,
                tool => span.tools = vec![tool],
            },
            Field::Tool => span.tools.push(value.into_json()),
            Field::Input => span.input = Some(value.into_json()),
            Field::Output => span.output = Some(value.into_json()),
            Field::Session => Arc::make_mut(&mut span.trace).session = Some(value.into_text()),
            Field::User => Arc::make_mut(&mut span.trace).user = Some(value.into_text()),
            Field::Tags => Arc::make_mut(&mut span.trace).tags = value.into_texts(),
            Field::Metadata => span.metadata.extend(value.into_object()),
            Field::PromptName => prompt(span).name = value.into_text(),
            Field::PromptVersion => prompt(span).version = Some(value.into_text()),
            Field::FirstToken => {
                let seconds = value.as_number();
                rest.first_token = seconds.and_then(|s| Duration::try_from_secs_f64(s).ok());
            }
            Field::Documents => span.documents = read_documents(value.into_json()),
            Field::Ignored => {}
            Field::InputMessage(field) => {
                let message = rest.rare().input_messages.entry(indexes[0]).or_default();
                message.set(field, indexes[1], value);
            }
            Field::OutputMessage(field) => {
                let message = rest.rare().output_messages.entry(indexes[0]).or_default();
                message.set(field, indexes[1], value);
            }
            Field::Document(field) => {
                let document = rest.rare().documents.entry(indexes[0]).or_default();
                set_document(document, field, value);
            }
            Field::EmbeddingText => rest.rare().embedded.push(value.into_value()),
            field => self.set_figure(field, value),
        }
    }

    /// Sets what is a number, or belongs to status and evaluation.
    fn set_figure(&mut self, field: Field, value: AttributeValue<'_>) {
        let (usage, cost) = (&mut self.span.usage, &mut self.span.cost);
        let status = &mut self.rest.status;
        match field {
            Field::InputTokens => usage.input = value.as_count(),
            Field::OutputTokens => usage.output = value.as_count(),
            Field::CacheReadTokens => usage.cache_read = value.as_count(),
            Field::CacheWriteTokens => usage.cache_write = value.as_count(),
            Field::ReasoningTokens => usage.reasoning = value.as_count(),
            Field::InputCost => cost.input = value.as_number(),
            Field::OutputCost => cost.output = value.as_number(),
            Field::TotalCost => cost.total = value.as_number(),
            Field::StatusCode => status.set_code(value),
            Field::StatusMessage => status.set_message(value.into_text()),
            Field::Error => status.set_error(value),
            Field::ErrorType => status.fail(Some(value.into_text()), None),
            Field::EvaluationName => self.evaluation().name = Some(value.into_text()),
            Field::EvaluationValue => self.evaluation().value = value.as_number(),
            Field::EvaluationLabel => self.evaluation().label = Some(value.into_text()),
            Field::EvaluationComment => self.evaluation().comment = Some(value.into_text()),
            _ => {}
        }
    }

    fn evaluation(&mut self) -> &mut Evaluation {
        &mut self.rest.rare().evaluation
    }

    /// Sets the kind. The name of an operation that has no kind of its own is kept as metadata.
    fn set_kind(&mut self, name: &str, value: AttributeValue<'_>) {
        let kind = match &value {
            AttributeValue::Text(text) => read_kind(text),
            _ => None,
        };
        match kind {
            Some(kind) => {
                self.span.kind = kind;
                self.rest.has_kind = true;
            }
            None => {
                let text = value.into_text();
                self.span.metadata.insert(name.to_owned(), text.into());
            }
        }
    }

    /// Returns whether the span only carries the result of an evaluation, and is not a step of the program.
    pub(crate) fn is_score(&self) -> bool {
        let evaluation = self.rest.rare.as_ref().map(|rare| &rare.evaluation);
        evaluation.is_some_and(|evaluation| evaluation.name.is_some()) && !self.rest.has_kind
    }

    /// Returns the score that the attributes describe, of a span of the same trace, or of the trace.
    pub(crate) fn take_score(&mut self, target: Option<SpanId>, time: UnixNanos) -> Option<Score> {
        let evaluation = take(&mut self.rest.rare.as_mut()?.evaluation);
        let name = evaluation.name?;
        let (value, label) = match (evaluation.value, evaluation.label) {
            (Some(value), label) => (ScoreValue::Number(value), label),
            (None, Some(label)) => (ScoreValue::Category(label), None),
            (None, None) => return None,
        };
        let comment = match (label, evaluation.comment) {
            (Some(label), Some(comment)) => Some(format!("{label}: {comment}")),
            (label, comment) => label.or(comment),
        };
        Some(Score {
            id: ScoreId::random(),
            trace_id: self.span.trace.id,
            root_span_id: None,
            span_id: target,
            name,
            value,
            comment,
            time,
        })
    }

    /// Completes the span, which ended at `end`.
    pub(crate) fn finish(&mut self, end: UnixNanos) {
        let (span, rest) = (&mut *self.span, &mut self.rest);
        span.end = end.max(span.start);
        if let Some(rare) = rest.rare.take() {
            rare.finish(span);
        }
        let reasons = take(&mut rest.finish_reasons);
        span.output_messages.set_finish_reasons(reasons);
        if let Some(after) = rest.first_token {
            let nanos = u64::try_from(after.as_nanos()).unwrap_or(u64::MAX);
            span.first_token = Some(UnixNanos(span.start.0.saturating_add(nanos)));
        }
        if !rest.has_kind && is_model_call(span) {
            span.kind = SpanKind::Llm;
        }
        if let Some(name) = rest.name.take() {
            span.name = name;
        }
        if let Some((attribute, subject)) = rest.subject.take() {
            match span.kind {
                SpanKind::Tool | SpanKind::Agent | SpanKind::Workflow => span.name = subject,
                _ => {
                    span.metadata.insert(attribute, subject.into());
                }
            }
        }
        span.status = take(&mut rest.status).finish();
    }
}

impl Rare {
    fn finish(self, span: &mut Span) {
        finish_messages(self.input_messages, &Role::User, &mut span.input_messages);
        finish_messages(
            self.output_messages,
            &Role::Assistant,
            &mut span.output_messages,
        );
        span.documents.extend(self.documents.into_values());
        if !self.embedded.is_empty() && span.input.is_none() {
            span.input = Some(Value::Array(self.embedded));
        }
    }
}

/// Operations of the GenAI conventions, and kinds of OpenInference and OpenLLMetry.
const KINDS: &[(&str, SpanKind)] = &[
    ("chat", SpanKind::Llm),
    ("text_completion", SpanKind::Llm),
    ("generate_content", SpanKind::Llm),
    ("completion", SpanKind::Llm),
    ("llm", SpanKind::Llm),
    ("embeddings", SpanKind::Embedding),
    ("embedding", SpanKind::Embedding),
    ("execute_tool", SpanKind::Tool),
    ("tool", SpanKind::Tool),
    ("retrieval", SpanKind::Retriever),
    ("retriever", SpanKind::Retriever),
    ("rerank", SpanKind::Retriever),
    ("reranker", SpanKind::Retriever),
    ("create_agent", SpanKind::Agent),
    ("invoke_agent", SpanKind::Agent),
    ("agent", SpanKind::Agent),
    ("invoke_workflow", SpanKind::Workflow),
    ("workflow", SpanKind::Workflow),
    ("chain", SpanKind::Workflow),
    ("guardrail", SpanKind::Guardrail),
    ("evaluator", SpanKind::Evaluator),
];

/// Returns the kind by its name, in upper or lower case.
fn read_kind(name: &str) -> Option<SpanKind> {
    let mut kinds = KINDS.iter();
    let kind = kinds.find(|(other, _)| other.eq_ignore_ascii_case(name));
    kind.map(|(_, kind)| *kind)
}

fn is_model_call(span: &Span) -> bool {
    span.model.is_some()
        || !span.usage.is_empty()
        || !span.input_messages.is_empty()
        || !span.output_messages.is_empty()
}

fn prompt(span: &mut Span) -> &mut PromptVersion {
    span.prompt.get_or_insert_with(|| PromptVersion {
        name: String::new(),
        version: None,
    })
}
