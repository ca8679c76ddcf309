//! OpenInference: the vocabulary of Phoenix and Arize, which others read too.

use super::attributes::{AttributeValue, Attributes};
use super::gen_ai::{tags, value_and_label};
use crate::destinations::chat::{plain_text, url};
use crate::model::{Message, Part, Score, Span, SpanKind};
use serde_json::{Map, Value, json};
use std::borrow::Cow;

/// Adds the attributes of a span.
pub(super) fn describe<'a>(span: &'a Span, attributes: &mut Attributes<'a>) {
    attributes.text("openinference.span.kind", Some(kind(span.kind)));
    let model = span.response_model.as_deref().or(span.model.as_deref());
    if span.kind == SpanKind::Embedding {
        attributes.text("embedding.model_name", model);
    } else {
        attributes.text("llm.model_name", model);
    }
    attributes.text("llm.provider", span.provider.as_deref());
    attributes.text("llm.system", span.provider.as_deref());
    if !span.parameters.is_empty() {
        let parameters = json!(span.parameters).to_string();
        attributes.text("llm.invocation_parameters", Some(parameters));
    }
    describe_usage(span, attributes);
    describe_messages(
        "llm.input_messages",
        span.system.iter().chain(&span.input_messages),
        attributes,
    );
    describe_messages(
        "llm.output_messages",
        span.output_messages.iter(),
        attributes,
    );
    for (index, tool) in span.tools.iter().enumerate() {
        let name = format!("llm.tools.{index}.tool.json_schema");
        attributes.text(name, Some(plain_text(tool)));
    }
    describe_values(span, attributes);
    describe_documents(span, attributes);
    describe_trace(span, attributes);
}

/// Returns the kind of a span.
pub(super) fn kind(kind: SpanKind) -> &'static str {
    match kind {
        SpanKind::Llm => "LLM",
        SpanKind::Embedding => "EMBEDDING",
        SpanKind::Tool => "TOOL",
        SpanKind::Retriever => "RETRIEVER",
        SpanKind::Agent => "AGENT",
        SpanKind::Guardrail => "GUARDRAIL",
        SpanKind::Evaluator => "EVALUATOR",
        SpanKind::Workflow | SpanKind::Span | SpanKind::Event => "CHAIN",
    }
}

fn describe_usage<'a>(span: &'a Span, attributes: &mut Attributes<'a>) {
    let (usage, cost) = (&span.usage, &span.cost);
    attributes.count("llm.token_count.prompt", usage.input);
    attributes.count("llm.token_count.completion", usage.output);
    attributes.count("llm.token_count.total", usage.total());
    attributes.count(
        "llm.token_count.prompt_details.cache_read",
        usage.cache_read,
    );
    attributes.count(
        "llm.token_count.prompt_details.cache_write",
        usage.cache_write,
    );
    attributes.count(
        "llm.token_count.completion_details.reasoning",
        usage.reasoning,
    );
    attributes.number("llm.cost.prompt", cost.input);
    attributes.number("llm.cost.completion", cost.output);
    attributes.number("llm.cost.total", cost.total);
}

fn describe_messages<'a>(
    prefix: &str,
    messages: impl Iterator<Item = &'a Message>,
    attributes: &mut Attributes<'a>,
) {
    for (index, message) in messages.enumerate() {
        let prefix = format!("{prefix}.{index}.message");
        attributes.text(format!("{prefix}.role"), Some(message.role.as_str()));
        let is_text = |part: &Part| matches!(part, Part::Text { .. });
        if !message.parts.is_empty() && message.parts.iter().all(is_text) {
            attributes.text(format!("{prefix}.content"), Some(message.text()));
        } else {
            describe_parts(&prefix, &message.parts, attributes);
        }
    }
}

fn describe_parts<'a>(prefix: &str, parts: &'a [Part], attributes: &mut Attributes<'a>) {
    let (mut contents, mut calls) = (0, 0);
    for part in parts {
        if let Part::ToolCall {
            id,
            name,
            arguments,
        } = part
        {
            let prefix = format!("{prefix}.tool_calls.{calls}.tool_call");
            calls += 1;
            attributes.text(format!("{prefix}.id"), id.as_deref());
            attributes.text(format!("{prefix}.function.name"), Some(name));
            let arguments = plain_text(arguments);
            attributes.text(format!("{prefix}.function.arguments"), Some(arguments));
            continue;
        }
        if let Part::ToolResult { id, result } = part {
            attributes.text(format!("{prefix}.tool_call_id"), id.as_deref());
            attributes.text(format!("{prefix}.content"), Some(plain_text(result)));
            continue;
        }
        let prefix = format!("{prefix}.contents.{contents}.message_content");
        contents += 1;
        let (kind, name, content) = match part {
            Part::Reasoning { content } => ("reasoning", "text", content.into()),
            Part::Image(media) => ("image", "image.image.url", Cow::Owned(url(media))),
            Part::File(media) => ("file", "file.file.url", Cow::Owned(url(media))),
            Part::Text { content } => ("text", "text", content.into()),
            Part::ToolCall { .. } | Part::ToolResult { .. } => continue,
        };
        attributes.text(format!("{prefix}.type"), Some(kind));
        attributes.text(format!("{prefix}.{name}"), Some(content));
    }
}

fn describe_values<'a>(span: &'a Span, attributes: &mut Attributes<'a>) {
    // Phoenix shows these two in lists of spans.
    let last = span.input_messages.last().map(Message::text);
    let first = span.output_messages.first().map(Message::text);
    let input = span.input.clone().or(last.map(Value::String));
    let output = span.output.clone().or(first.map(Value::String));
    for (name, value) in [("input", input), ("output", output)] {
        if let Some(value) = value {
            let is_text = value.is_string();
            let media_type = if is_text {
                "text/plain"
            } else {
                "application/json"
            };
            attributes.text(format!("{name}.value"), Some(plain_text(&value)));
            attributes.text(format!("{name}.mime_type"), Some(media_type));
        }
    }
    if span.kind == SpanKind::Tool {
        attributes.text("tool.name", Some(&span.name));
        attributes.text("tool.parameters", span.input.as_ref().map(plain_text));
    }
}

fn describe_documents<'a>(span: &'a Span, attributes: &mut Attributes<'a>) {
    for (index, document) in span.documents.iter().enumerate() {
        let prefix = format!("retrieval.documents.{index}.document");
        attributes.text(format!("{prefix}.id"), document.id.as_deref());
        attributes.text(format!("{prefix}.content"), Some(&document.content));
        attributes.number(format!("{prefix}.score"), document.score);
        if !document.metadata.is_empty() {
            let metadata = json!(document.metadata).to_string();
            attributes.text(format!("{prefix}.metadata"), Some(metadata));
        }
    }
}

fn describe_trace<'a>(span: &'a Span, attributes: &mut Attributes<'a>) {
    let trace = &span.trace;
    attributes.text("session.id", trace.session.as_deref());
    attributes.text("user.id", trace.user.as_deref());
    attributes.texts("tag.tags", tags(span));
    if let Some(prompt) = &span.prompt {
        attributes.text("llm.prompt_template.name", Some(&prompt.name));
        attributes.text("llm.prompt_template.version", prompt.version.as_deref());
    }
    let mut metadata: Map<String, Value> = trace.metadata.clone();
    metadata.extend(span.metadata.clone());
    if span.truncated {
        metadata.insert("truncated".to_owned(), Value::Bool(true));
    }
    if !metadata.is_empty() {
        attributes.text("metadata", Some(Value::Object(metadata).to_string()));
    }
}

/// Adds a score as the annotation with this number.
pub(super) fn annotate<'a>(score: &'a Score, index: usize, attributes: &mut Attributes<'a>) {
    let prefix = format!("annotations.{index}.annotation");
    attributes.text(format!("{prefix}.name"), Some(&score.name));
    let (value, label) = value_and_label(&score.value);
    attributes.number(format!("{prefix}.score"), value);
    attributes.text(format!("{prefix}.label"), label);
    attributes.text(format!("{prefix}.explanation"), score.comment.as_deref());
    attributes.set(
        format!("{prefix}.annotator_kind"),
        AttributeValue::Text("CODE".into()),
    );
}
