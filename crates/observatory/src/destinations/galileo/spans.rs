//! Spans of the model as Galileo's.

use crate::destinations::chat;
use crate::destinations::tree::{TraceSpans, Tree};
use crate::destinations::uuid;
use crate::model::{Message, Part, Span, SpanKind, Status, TraceInfo, UnixNanos};
use observatory_galileo::Patch;
use observatory_galileo::models::{
    self, AgentSpan, AgentSpanOutput, Document, DocumentMetadataValue, LlmMetrics, LlmSpan,
    MessageRole, Metrics, RetrieverSpan, TextOrMessageListOrContentPartList, ToolCall,
    ToolCallFunction, ToolSpan, Trace, WorkflowSpan,
};
use observatory_galileo::{Timestamp, Value};
use serde_json::{Map, json};
use std::collections::BTreeMap;

/// The deepest tree that is sent. What is deeper becomes a child of the deepest span, since servers limit the depth of
/// JSON.
const DEEPEST: usize = 40;

/// Returns a trace with its spans.
pub(super) fn trace(trace: &TraceSpans<'_>, tree: &Tree<'_>) -> Trace {
    let (start, end) = trace.times();
    let info = trace.info;
    let mut spans = Vec::new();
    for top in &tree.tops {
        push(top, tree, 0, &mut spans);
    }
    let root = trace.root();
    let text = |value: Option<Value>| value.as_ref().map(chat::plain_text);
    let mut body = Trace::new()
        .id(uuid::of_trace(info.id))
        .external_id(info.id.to_string())
        .name(info.name.clone())
        .created_at(timestamp(start))
        .metrics(Metrics::new().duration_ns(nanos(start, end)))
        .spans(spans)
        .tags(info.tags.clone())
        .user_metadata(trace_metadata(info));
    if let Some(input) = root.and_then(|root| text(chat::input(root))) {
        body = body.input(input);
    }
    if let Some(output) = root.and_then(|root| text(chat::output(root))) {
        body = body.output(output);
    }
    if trace.has_failed() {
        body.status_code(500)
    } else {
        body
    }
}

/// Returns a span with what is below it. Several spans, where its kind can have none below it.
pub(super) fn subtree(top: &Span, tree: &Tree<'_>) -> Vec<models::Span> {
    let mut spans = Vec::new();
    push(top, tree, 0, &mut spans);
    spans
}

/// Adds a span to its siblings. A model call has no children here: they follow it.
fn push(span: &Span, tree: &Tree<'_>, depth: usize, siblings: &mut Vec<models::Span>) {
    let can_hold = !matches!(span.kind, SpanKind::Llm | SpanKind::Embedding) && depth < DEEPEST;
    if can_hold {
        let mut children = Vec::new();
        for child in tree.children(span) {
            push(child, tree, depth + 1, &mut children);
        }
        siblings.push(encode(span, children));
        return;
    }
    // All descendants of what can hold none, without recursion: a damaged trace can be deep.
    let mut open = vec![span];
    while let Some(next) = open.pop() {
        siblings.push(encode(next, Vec::new()));
        open.extend(tree.children(next).iter().rev());
    }
}

fn encode(span: &Span, children: Vec<models::Span>) -> models::Span {
    match span.kind {
        SpanKind::Llm | SpanKind::Embedding => llm(span).into(),
        SpanKind::Tool => tool(span, children).into(),
        SpanKind::Retriever => retriever(span, children).into(),
        SpanKind::Agent => agent(span, children).into(),
        _ => workflow(span, children).into(),
    }
}

/// Returns a body with what spans of all kinds have. Galileo's types of spans have no trait in common.
macro_rules! span_body {
    ($body:ident, $span:ident, $metrics:expr) => {{
        let mut body = $body::new()
            .id(id($span))
            .name($span.name.clone())
            .created_at(timestamp($span.start))
            .metrics($metrics)
            .tags($span.tags.clone())
            .user_metadata(metadata($span));
        body.status_code = status_code($span);
        body
    }};
}

fn llm(span: &Span) -> LlmSpan {
    let usage = &span.usage;
    let mut metrics = LlmMetrics::new().duration_ns(nanos(span.start, span.end));
    metrics.num_input_tokens = count(usage.input);
    metrics.num_output_tokens = count(usage.output);
    metrics.num_total_tokens = count(usage.total());
    let first_token = span.first_token.map(|time| nanos(span.start, time));
    metrics.time_to_first_token_ns = first_token.map_or(Patch::Absent, Patch::Value);
    let extra = [
        ("num_cached_input_tokens", usage.cache_read),
        ("num_reasoning_tokens", usage.reasoning),
    ];
    for (name, tokens) in extra {
        if let Some(tokens) = tokens {
            metrics.extra.insert(name.to_owned(), json!(tokens));
        }
    }
    let mut input: Vec<models::Message> = span
        .system
        .iter()
        .chain(&span.input_messages)
        .flat_map(message)
        .collect();
    if let (true, Some(value)) = (input.is_empty(), &span.input) {
        input.push(models::Message::user(chat::plain_text(value)));
    }
    let output = span.output_messages.iter().flat_map(message).next();
    let output = output.or_else(|| {
        span.output
            .as_ref()
            .map(|value| models::Message::assistant(chat::plain_text(value)))
    });
    let mut body = span_body!(LlmSpan, span, metrics).input(input);
    body.output = Some(output.unwrap_or_else(|| models::Message::assistant("")));
    let model = span.response_model.clone().or_else(|| span.model.clone());
    body.model = model.map_or(Patch::Absent, Patch::Value);
    let temperature = span.parameters.get("temperature").and_then(Value::as_f64);
    body.temperature = temperature.map_or(Patch::Absent, Patch::Value);
    let reason = span
        .output_messages
        .iter()
        .find_map(|message| message.finish_reason.clone());
    body.finish_reason = reason.map_or(Patch::Absent, Patch::Value);
    let tools: Vec<BTreeMap<String, Value>> = span
        .tools
        .iter()
        .filter_map(|tool| Some(tool.as_object()?.clone().into_iter().collect()))
        .collect();
    if !tools.is_empty() {
        body.tools = Patch::Value(tools);
    }
    body
}

fn tool(span: &Span, children: Vec<models::Span>) -> ToolSpan {
    let mut body = span_body!(ToolSpan, span, metrics(span))
        .input(text(chat::input(span)))
        .output(text(chat::output(span)))
        .spans(children);
    let call = span.metadata.get("tool_call_id").and_then(Value::as_str);
    body.tool_call_id = call.map_or(Patch::Absent, |call| Patch::Value(call.to_owned()));
    body
}

fn retriever(span: &Span, children: Vec<models::Span>) -> RetrieverSpan {
    let documents = span.documents.iter().map(|document| {
        let mut metadata = document_metadata(&document.metadata);
        if let Some(id) = &document.id {
            metadata.insert("id".to_owned(), DocumentMetadataValue::Text(id.clone()));
        }
        if let Some(score) = document.score.filter(|score| score.is_finite()) {
            metadata.insert("score".to_owned(), DocumentMetadataValue::Number(score));
        }
        Document::new(document.content.clone()).metadata(metadata)
    });
    let mut documents: Vec<Document> = documents.collect();
    if let (true, Some(output)) = (documents.is_empty(), &span.output) {
        documents.push(Document::new(chat::plain_text(output)));
    }
    let mut body = span_body!(RetrieverSpan, span, metrics(span))
        .input(text(chat::input(span)))
        .spans(children);
    body.output = Some(documents);
    body
}

fn agent(span: &Span, children: Vec<models::Span>) -> AgentSpan {
    span_body!(AgentSpan, span, metrics(span))
        .input(step_input(span))
        .output(AgentSpanOutput::Text(text(chat::output(span))))
        .spans(children)
}

fn workflow(span: &Span, children: Vec<models::Span>) -> WorkflowSpan {
    span_body!(WorkflowSpan, span, metrics(span))
        .input(step_input(span))
        .output(AgentSpanOutput::Text(text(chat::output(span))))
        .spans(children)
}

fn step_input(span: &Span) -> TextOrMessageListOrContentPartList {
    TextOrMessageListOrContentPartList::Text(text(chat::input(span)))
}

/// Returns a message; each result of a tool is a message of its own. Images and files are text: Galileo takes only files
/// that were uploaded to it before.
fn message(message: &Message) -> Vec<models::Message> {
    let mut texts = Vec::new();
    let mut calls = Vec::new();
    let mut results = Vec::new();
    for part in &message.parts {
        match part {
            Part::Text { content } | Part::Reasoning { content } => texts.push(content.clone()),
            Part::ToolCall {
                id,
                name,
                arguments,
            } => {
                let function = ToolCallFunction::new(name.clone(), chat::plain_text(arguments));
                calls.push(ToolCall::new(id.clone().unwrap_or_default(), function));
            }
            Part::ToolResult { id, result } => results.push(models::Message::tool(
                id.clone().unwrap_or_default(),
                chat::plain_text(result),
            )),
            Part::Image(media) | Part::File(media) => texts.push(chat::url(media)),
        }
    }
    let mut messages = Vec::new();
    if results.is_empty() || !texts.is_empty() || !calls.is_empty() {
        let role = MessageRole::from(message.role.as_str());
        let mut body = models::Message::new(texts.join("\n"), role);
        if !calls.is_empty() {
            body.tool_calls = Patch::Value(calls);
        }
        messages.push(body);
    }
    messages.extend(results);
    messages
}

fn document_metadata(metadata: &Map<String, Value>) -> BTreeMap<String, DocumentMetadataValue> {
    let values = metadata.iter().map(|(name, value)| {
        let value = match (value, value.as_i64(), value.as_f64()) {
            (Value::Bool(value), ..) => DocumentMetadataValue::Bool(*value),
            (_, Some(integer), _) => DocumentMetadataValue::Integer(integer),
            (_, None, Some(number)) => DocumentMetadataValue::Number(number),
            (other, ..) => DocumentMetadataValue::Text(chat::plain_text(other)),
        };
        (name.clone(), value)
    });
    values.collect()
}

fn trace_metadata(info: &TraceInfo) -> BTreeMap<String, String> {
    let mut metadata = texts(&info.metadata);
    let more = [
        ("user", info.user.as_deref()),
        ("service", info.service.as_deref()),
        ("environment", info.environment.as_deref()),
        ("release", info.release.as_deref()),
    ];
    for (name, value) in more {
        if let Some(value) = value {
            metadata.insert(name.to_owned(), value.to_owned());
        }
    }
    metadata
}

/// Returns metadata, and what Galileo has no field for.
fn metadata(span: &Span) -> BTreeMap<String, String> {
    let mut metadata = texts(&span.metadata);
    let mut add = |name: &str, value: Option<String>| {
        if let Some(value) = value {
            metadata.insert(name.to_owned(), value);
        }
    };
    add("provider", span.provider.clone());
    add("response_id", span.response_id.clone());
    add("cost_usd", span.cost.total.map(|cost| cost.to_string()));
    let has_kind = !matches!(
        span.kind,
        SpanKind::Llm | SpanKind::Tool | SpanKind::Retriever | SpanKind::Agent
    );
    add("kind", has_kind.then(|| span.kind.as_str().to_owned()));
    if !span.parameters.is_empty() {
        add("parameters", Some(json!(span.parameters).to_string()));
    }
    if let Some(prompt) = &span.prompt {
        add("prompt", Some(prompt.name.clone()));
        add("prompt_version", prompt.version.clone());
    }
    if let Status::Error { kind, message } = &span.status {
        add("error", Some(message.clone()));
        add("error_type", kind.clone());
    }
    add("truncated", span.truncated.then(|| "true".to_owned()));
    metadata
}

fn texts(metadata: &Map<String, Value>) -> BTreeMap<String, String> {
    let texts = metadata.iter();
    texts
        .map(|(name, value)| (name.clone(), chat::plain_text(value)))
        .collect()
}

fn metrics(span: &Span) -> Metrics {
    Metrics::new().duration_ns(nanos(span.start, span.end))
}

fn id(span: &Span) -> String {
    uuid::of_span(span.trace.id, span.id)
}

fn text(value: Option<Value>) -> String {
    value.as_ref().map(chat::plain_text).unwrap_or_default()
}

fn count(count: Option<u64>) -> Patch<i64> {
    let count = count.map(|count| i64::try_from(count).unwrap_or(i64::MAX));
    count.map_or(Patch::Absent, Patch::Value)
}

fn status_code(span: &Span) -> Patch<i64> {
    match span.status {
        Status::Ok => Patch::Absent,
        Status::Error { .. } => Patch::Value(500),
    }
}

fn nanos(start: UnixNanos, end: UnixNanos) -> i64 {
    i64::try_from(end.since(start).as_nanos()).unwrap_or(i64::MAX)
}

fn timestamp(time: UnixNanos) -> Timestamp {
    Timestamp::from_unix_nanos(i128::from(time.0))
}
