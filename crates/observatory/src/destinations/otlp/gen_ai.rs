//! OpenTelemetry's semantic conventions for generative AI.

use super::attributes::{AttributeValue, Attributes};
use super::span::OtlpEvent;
use crate::destinations::chat::plain_text;
use crate::model::{Content, Media, Message, Part, Score, ScoreValue, Span, SpanKind, Status};
use serde_json::{Map, Value, json};

/// The name of the event that holds a score.
pub(super) const EVALUATION: &str = "gen_ai.evaluation.result";

/// Adds the attributes of a span.
pub(super) fn describe(span: &Span, attributes: &mut Attributes) {
    attributes.text("gen_ai.operation.name", operation(span.kind));
    attributes.text("gen_ai.provider.name", span.provider.clone());
    // The name of the provider until version 1.36, which many vendors still read.
    attributes.text("gen_ai.system", span.provider.clone());
    attributes.text("gen_ai.request.model", span.model.clone());
    attributes.text("gen_ai.response.model", span.response_model.clone());
    attributes.text("gen_ai.response.id", span.response_id.clone());
    for (name, value) in &span.parameters {
        attributes.json(format!("gen_ai.request.{name}"), value);
    }
    let reasons = span.output_messages.iter();
    let reasons = reasons.filter_map(|message| message.finish_reason.clone());
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

fn describe_usage(span: &Span, attributes: &mut Attributes) {
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

fn describe_content(span: &Span, attributes: &mut Attributes) {
    let messages = [
        ("gen_ai.input.messages", &span.input_messages),
        ("gen_ai.output.messages", &span.output_messages),
    ];
    for (name, messages) in messages {
        if !messages.is_empty() {
            let messages: Vec<Value> = messages.iter().map(message).collect();
            attributes.text(name, Some(Value::Array(messages).to_string()));
        }
    }
    if !span.system.is_empty() {
        let parts = span
            .system
            .iter()
            .flat_map(|message| &message.parts)
            .map(part);
        let parts = Value::Array(parts.collect()).to_string();
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
            attributes.text("gen_ai.tool.name", Some(span.name.clone()));
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

fn describe_trace(span: &Span, attributes: &mut Attributes) {
    let trace = &span.trace;
    attributes.text("gen_ai.conversation.id", trace.session.clone());
    attributes.text("session.id", trace.session.clone());
    attributes.text("user.id", trace.user.clone());
    if let Some(prompt) = &span.prompt {
        attributes.text("gen_ai.prompt.name", Some(prompt.name.clone()));
        attributes.text("gen_ai.prompt.version", prompt.version.clone());
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
pub(super) fn tags(span: &Span) -> Vec<String> {
    span.trace.tags.iter().chain(&span.tags).cloned().collect()
}

/// Returns a message by the JSON schema of the conventions.
fn message(message: &Message) -> Value {
    let parts: Vec<Value> = message.parts.iter().map(part).collect();
    let mut value = Map::new();
    value.insert("role".to_owned(), json!(message.role.as_str()));
    value.insert("parts".to_owned(), Value::Array(parts));
    if let Some(reason) = &message.finish_reason {
        value.insert("finish_reason".to_owned(), json!(reason));
    }
    Value::Object(value)
}

fn part(part: &Part) -> Value {
    match part {
        Part::Text { content } => json!({"type": "text", "content": content}),
        Part::Reasoning { content } => json!({"type": "reasoning", "content": content}),
        Part::ToolCall {
            id,
            name,
            arguments,
        } => json!({"type": "tool_call", "id": id, "name": name, "arguments": arguments}),
        Part::ToolResult { id, result } => {
            json!({"type": "tool_call_response", "id": id, "response": result})
        }
        Part::Image(media) => media_part(media, "image"),
        Part::File(media) => media_part(media, modality(media)),
    }
}

fn media_part(media: &Media, modality: &str) -> Value {
    let mut part = match &media.content {
        Content::Uri(uri) => json!({"type": "uri", "modality": modality, "uri": uri}),
        Content::Base64(data) => json!({"type": "blob", "modality": modality, "content": data}),
    };
    if let (Some(part), Some(media_type)) = (part.as_object_mut(), &media.media_type) {
        part.insert("mime_type".to_owned(), json!(media_type));
    }
    part
}

fn modality(media: &Media) -> &str {
    let media_type = media.media_type.as_deref().unwrap_or_default();
    match media_type.split_once('/') {
        Some((kind @ ("audio" | "video" | "image"), _)) => kind,
        _ => "document",
    }
}

/// Returns the event that holds a score.
pub(super) fn evaluation(score: &Score) -> OtlpEvent {
    let mut attributes = Attributes::default();
    attributes.text("gen_ai.evaluation.name", Some(score.name.clone()));
    let (value, label) = value_and_label(&score.value);
    attributes.number("gen_ai.evaluation.score.value", value);
    attributes.text("gen_ai.evaluation.score.label", label);
    attributes.text("gen_ai.evaluation.explanation", score.comment.clone());
    OtlpEvent {
        time: score.time,
        name: EVALUATION.to_owned(),
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
