//! OpenTelemetry's semantic conventions for generative AI.

use super::attributes::{AttributeValue, Attributes};
use super::message_json;
use super::span::OtlpEvent;
use crate::destinations::chat::plain_text;
use crate::model::{Score, ScoreValue, Span, SpanKind, Status};
use serde_json::json;
use std::borrow::Cow;

/// The name of the event that holds a score.
pub(super) const EVALUATION: &str = "gen_ai.evaluation.result";

/// Adds the attributes of a span.
pub(super) fn describe<'a>(span: &'a Span, attributes: &mut Attributes<'a>) {
    attributes.text("gen_ai.operation.name", operation(span.kind));
    attributes.text("gen_ai.provider.name", span.provider.as_deref());
    // The name of the provider until version 1.36, which many vendors still read.
    attributes.text("gen_ai.system", span.provider.as_deref());
    attributes.text("gen_ai.request.model", span.model.as_deref());
    attributes.text("gen_ai.response.model", span.response_model.as_deref());
    attributes.text("gen_ai.response.id", span.response_id.as_deref());
    for (name, value) in &span.parameters {
        attributes.json(format!("gen_ai.request.{name}"), value);
    }
    let reasons = span.output_messages.iter();
    let reasons = reasons.filter_map(|message| message.finish_reason.as_deref());
    let reasons = reasons.map(Cow::Borrowed);
    attributes.texts("gen_ai.response.finish_reasons", reasons.collect());
    attributes.number(
        "gen_ai.response.time_to_first_chunk",
        span.first_token
            .map(|time| time.since(span.start).as_secs_f64()),
    );
    describe_usage(span, attributes);
    describe_content(span, attributes);
    describe_trace(span, attributes);
    if let Status::Error { kind, .. } = &span.status {
        // The value for an error whose type is not known.
        let kind = kind.as_deref().unwrap_or("_OTHER");
        attributes.text("error.type", Some(kind));
    }
}

fn operation(kind: SpanKind) -> Option<&'static str> {
    Some(match kind {
        SpanKind::Llm => "chat",
        SpanKind::Embedding => "embeddings",
        SpanKind::Tool => "execute_tool",
        SpanKind::Retriever => "retrieval",
        SpanKind::Agent => "invoke_agent",
        SpanKind::Workflow => "invoke_workflow",
        _ => return None,
    })
}

fn describe_usage<'a>(span: &'a Span, attributes: &mut Attributes<'a>) {
    let usage = &span.usage;
    attributes.count("gen_ai.usage.input_tokens", usage.input);
    attributes.count("gen_ai.usage.output_tokens", usage.output);
    attributes.count("gen_ai.usage.cache_read.input_tokens", usage.cache_read);
    attributes.count(
        "gen_ai.usage.cache_creation.input_tokens",
        usage.cache_write,
    );
    attributes.count("gen_ai.usage.reasoning.output_tokens", usage.reasoning);
    // Not in the conventions; the name that several vendors read.
    attributes.number("gen_ai.usage.cost", span.cost.total);
}

fn describe_content<'a>(span: &'a Span, attributes: &mut Attributes<'a>) {
    let messages = [
        ("gen_ai.input.messages", &span.input_messages),
        ("gen_ai.output.messages", &span.output_messages),
    ];
    for (name, messages) in messages {
        if !messages.is_empty() {
            attributes.text(name, Some(message_json::messages(messages)));
        }
    }
    if !span.system.is_empty() {
        let parts = message_json::parts(&span.system);
        attributes.text("gen_ai.system_instructions", Some(parts));
    }
    if !span.tools.is_empty() {
        attributes.text(
            "gen_ai.tool.definitions",
            Some(json!(span.tools).to_string()),
        );
    }
    let (input, output) = match span.kind {
        SpanKind::Tool => {
            attributes.text("gen_ai.tool.name", Some(&span.name));
            ("gen_ai.tool.call.arguments", "gen_ai.tool.call.result")
        }
        SpanKind::Retriever => ("gen_ai.retrieval.query.text", "output.value"),
        // The conventions have no names for the input and output of other steps; these are OpenInference's.
        _ => ("input.value", "output.value"),
    };
    for (name, value) in [(input, &span.input), (output, &span.output)] {
        attributes.text(name, value.as_ref().map(plain_text));
    }
    if !span.documents.is_empty() {
        let documents = json!(span.documents).to_string();
        attributes.text("gen_ai.retrieval.documents", Some(documents));
    }
}

fn describe_trace<'a>(span: &'a Span, attributes: &mut Attributes<'a>) {
    let trace = &span.trace;
    attributes.text("gen_ai.conversation.id", trace.session.as_deref());
    attributes.text("session.id", trace.session.as_deref());
    attributes.text("user.id", trace.user.as_deref());
    if let Some(prompt) = &span.prompt {
        attributes.text("gen_ai.prompt.name", Some(&prompt.name));
        attributes.text("gen_ai.prompt.version", prompt.version.as_deref());
    }
    attributes.texts("tag.tags", tags(span));
    for (name, value) in trace.metadata.iter().chain(&span.metadata) {
        attributes.json(format!("metadata.{name}"), value);
    }
    if span.truncated {
        attributes.set("llm_observatory.truncated", AttributeValue::Boolean(true));
    }
}

/// Returns the labels of the trace and of the span.
pub(super) fn tags(span: &Span) -> Vec<Cow<'_, str>> {
    let tags = span.trace.tags.iter().chain(&span.tags);
    tags.map(|tag| Cow::Borrowed(tag.as_str())).collect()
}

/// Returns the event that holds a score.
pub(super) fn evaluation(score: &Score) -> OtlpEvent<'_> {
    let mut attributes = Attributes::default();
    attributes.text("gen_ai.evaluation.name", Some(&score.name));
    let (value, label) = value_and_label(&score.value);
    attributes.number("gen_ai.evaluation.score.value", value);
    attributes.text("gen_ai.evaluation.score.label", label);
    attributes.text("gen_ai.evaluation.explanation", score.comment.as_deref());
    OtlpEvent {
        time: score.time,
        name: Cow::Borrowed(EVALUATION),
        attributes,
    }
}

/// Returns the number and the label of a score. A boolean has both.
pub(super) fn value_and_label(value: &ScoreValue) -> (Option<f64>, Option<&str>) {
    match value {
        ScoreValue::Number(number) => (Some(*number), None),
        ScoreValue::Boolean(true) => (Some(1.0), Some("true")),
        ScoreValue::Boolean(false) => (Some(0.0), Some("false")),
        ScoreValue::Category(label) => (None, Some(label)),
    }
}
