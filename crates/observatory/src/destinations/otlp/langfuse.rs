//! Langfuse's attributes, which take precedence over all others there.

use super::attributes::{AttributeValue, Attributes};
use super::gen_ai::tags;
use crate::destinations::chat::{self, plain_text};
use crate::model::{Span, SpanKind, Status};
use observatory_runtime::Timestamp;
use serde_json::{Map, Value, json};

/// Adds the attributes of a span. Those of the trace are on every span, as the server expects since version 4.
pub(super) fn describe<'a>(span: &'a Span, attributes: &mut Attributes<'a>) {
    attributes.text("langfuse.observation.type", Some(kind(span.kind)));
    attributes.text(
        "langfuse.observation.input",
        input(span).as_ref().map(plain_text),
    );
    attributes.text(
        "langfuse.observation.output",
        chat::output(span).as_ref().map(plain_text),
    );
    let model = span.response_model.as_deref().or(span.model.as_deref());
    attributes.text("langfuse.observation.model.name", model);
    if !span.parameters.is_empty() {
        let parameters = json!(span.parameters).to_string();
        attributes.text("langfuse.observation.model.parameters", Some(parameters));
    }
    attributes.text("langfuse.observation.usage_details", usage(span));
    attributes.text("langfuse.observation.cost_details", cost(span));
    let first_token = span.first_token.map(|time| {
        Timestamp::from_unix_nanos(i128::from(time.0))
            .as_str()
            .to_owned()
    });
    attributes.text("langfuse.observation.completion_start_time", first_token);
    if let Status::Error { kind, message } = &span.status {
        attributes.text("langfuse.observation.level", Some("ERROR"));
        let message = match kind {
            Some(kind) => format!("{kind}: {message}"),
            None => message.clone(),
        };
        attributes.text("langfuse.observation.status_message", Some(message));
    }
    if let Some(prompt) = &span.prompt {
        attributes.text("langfuse.observation.prompt.name", Some(&prompt.name));
        // The server links a prompt by its number.
        match prompt.version.as_deref().map(str::parse) {
            Some(Ok(version)) => {
                attributes.count("langfuse.observation.prompt.version", Some(version))
            }
            _ => attributes.text(
                "langfuse.observation.metadata.prompt_version",
                prompt.version.as_deref(),
            ),
        }
    }
    attributes.text("gen_ai.provider.name", span.provider.as_deref());
    for (name, value) in &span.metadata {
        attributes.json(format!("langfuse.observation.metadata.{name}"), value);
    }
    if span.truncated {
        attributes.set(
            "langfuse.observation.metadata.truncated",
            AttributeValue::Boolean(true),
        );
    }
    describe_trace(span, attributes);
}

fn kind(kind: SpanKind) -> &'static str {
    match kind {
        SpanKind::Llm => "generation",
        SpanKind::Workflow => "chain",
        other => other.as_str(),
    }
}

/// Returns the input; with the tools, where the model had some.
fn input(span: &Span) -> Option<Value> {
    let input = chat::input(span);
    if span.tools.is_empty() {
        return input;
    }
    Some(json!({"messages": input, "tools": span.tools}))
}

/// Returns the counts, which the server adds up: cached and reasoning tokens are not also in `input` and `output`.
fn usage(span: &Span) -> Option<String> {
    let usage = &span.usage;
    if usage.is_empty() {
        return None;
    }
    let cached = usage
        .cache_read
        .unwrap_or(0)
        .saturating_add(usage.cache_write.unwrap_or(0));
    let counts = [
        (
            "input",
            usage.input.map(|input| input.saturating_sub(cached)),
        ),
        ("input_cached_tokens", usage.cache_read),
        ("input_cache_creation", usage.cache_write),
        (
            "output",
            usage
                .output
                .map(|output| output.saturating_sub(usage.reasoning.unwrap_or(0))),
        ),
        ("output_reasoning_tokens", usage.reasoning),
        ("total", usage.total()),
    ];
    let counts = counts
        .into_iter()
        .filter_map(|(name, count)| Some((name.to_owned(), json!(count?))));
    Some(Value::Object(counts.collect()).to_string())
}

fn cost(span: &Span) -> Option<String> {
    let cost = &span.cost;
    let costs = [
        ("input", cost.input),
        ("output", cost.output),
        ("total", cost.total),
    ];
    let costs = costs.into_iter();
    let costs = costs.filter_map(|(name, cost)| Some((name.to_owned(), json!(cost?))));
    let costs: Map<String, Value> = costs.collect();
    (!costs.is_empty()).then(|| Value::Object(costs).to_string())
}

fn describe_trace<'a>(span: &'a Span, attributes: &mut Attributes<'a>) {
    let trace = &span.trace;
    attributes.text("langfuse.trace.name", Some(&trace.name));
    attributes.text("session.id", trace.session.as_deref());
    attributes.text("user.id", trace.user.as_deref());
    attributes.text("langfuse.environment", trace.environment.as_deref());
    attributes.text("langfuse.release", trace.release.as_deref());
    attributes.texts("langfuse.trace.tags", tags(span));
    for (name, value) in &trace.metadata {
        attributes.json(format!("langfuse.trace.metadata.{name}"), value);
    }
    if span.parent.is_none() {
        attributes.set(
            "langfuse.internal.is_app_root",
            AttributeValue::Boolean(true),
        );
    }
}
