//! One trace with everything that the model has: a nested model call with usage, cost, an image and a tool call, a search
//! with documents, a tool that failed, and scores.

use llm_observatory::model::{
    Content, Cost, Document, Media, Message, Part, PromptVersion, Record, Score, ScoreValue, Span,
    SpanId, SpanKind, Status, TraceId, TraceInfo, UnixNanos, Usage,
};
use serde_json::json;
use std::sync::Arc;

/// When the trace began: 2025-06-15T15:06:40Z.
pub const START: u64 = 1_750_000_000_000_000_000;

pub const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";
pub const ROOT: &str = "00f067aa0ba902b1";
pub const SEARCH: &str = "00f067aa0ba902b2";
pub const AGENT: &str = "00f067aa0ba902b3";
pub const CALL: &str = "00f067aa0ba902b4";
pub const TOOL: &str = "00f067aa0ba902b5";
pub const SCORE: &str = "11111111111111112222222222222222";

/// Returns a time in milliseconds after the start.
pub fn at(millis: u64) -> UnixNanos {
    UnixNanos(START + millis * 1_000_000)
}

/// Returns the trace.
pub fn trace_info() -> Arc<TraceInfo> {
    let mut trace = TraceInfo::new(TRACE.parse().unwrap(), "explain the sky");
    trace.session = Some("s-1".to_owned());
    trace.user = Some("u-7".to_owned());
    trace.tags = vec!["beta".to_owned()];
    trace.metadata.insert("plan".to_owned(), json!("pro"));
    trace.service = Some("support-bot".into());
    trace.environment = Some("production".into());
    trace.release = Some("1.2.3".into());
    Arc::new(trace)
}

/// Returns a span of the trace.
pub fn span(id: &str, parent: Option<&str>, kind: SpanKind, name: &str, times: (u64, u64)) -> Span {
    let mut span = Span::new(trace_info(), kind, name, at(times.0));
    span.id = id.parse().unwrap();
    span.parent = parent.map(|parent| parent.parse().unwrap());
    span.end = at(times.1);
    span
}

/// Returns the model call.
pub fn call() -> Span {
    let mut call = span(CALL, Some(AGENT), SpanKind::Llm, "chat", (40, 840));
    call.first_token = Some(at(140));
    call.model = Some("gpt-4o".to_owned());
    call.response_model = Some("gpt-4o-2024-08-06".to_owned());
    call.response_id = Some("chatcmpl-1".to_owned());
    call.provider = Some("openai".to_owned());
    call.parameters.insert("temperature".to_owned(), json!(0.2));
    call.parameters.insert("max_tokens".to_owned(), json!(100));
    call.system = vec![Message::system("Be brief.")].into();
    let image = Part::Image(Media {
        content: Content::Base64("iVBORw0KGgo=".to_owned()),
        media_type: Some("image/png".to_owned()),
        name: None,
    });
    let text = Part::Text {
        content: "Why is this sky blue?".to_owned(),
    };
    call.input_messages = vec![Message::with_parts("user", [text, image])].into();
    let tool_call = Part::ToolCall {
        id: Some("call_1".to_owned()),
        name: "weather".to_owned(),
        arguments: json!({"city": "Oslo"}),
    };
    let mut reply = Message::with_parts("assistant", [tool_call]);
    reply.finish_reason = Some("tool_call".to_owned());
    call.output_messages = vec![reply].into();
    call.tools = vec![json!({"type": "function", "function": {"name": "weather"}})];
    call.usage = Usage {
        input: Some(120),
        output: Some(30),
        cache_read: Some(20),
        cache_write: None,
        reasoning: Some(10),
    };
    call.cost = Cost {
        input: Some(0.001),
        output: Some(0.002),
        total: Some(0.003),
    };
    call.prompt = Some(PromptVersion {
        name: "sky".to_owned(),
        version: Some("3".to_owned()),
    });
    call.tags = vec!["gpt".to_owned()];
    call.metadata.insert("attempt".to_owned(), json!(1));
    call
}

/// Returns all spans, the root last, as they end.
pub fn spans() -> Vec<Span> {
    let mut root = span(ROOT, None, SpanKind::Workflow, "pipeline", (0, 900));
    root.input = Some(json!({"question": "Why is this sky blue?"}));
    root.output = Some(json!("Rayleigh scattering."));
    root.completes_trace = true;
    let mut search = span(SEARCH, Some(ROOT), SpanKind::Retriever, "search", (10, 30));
    search.input = Some(json!("blue sky"));
    let mut document = Document {
        id: Some("d1".to_owned()),
        content: "Light scatters.".to_owned(),
        score: Some(0.8),
        ..Document::default()
    };
    document.metadata.insert("page".to_owned(), json!(4));
    let other = Document {
        content: "The sea is blue.".to_owned(),
        ..Document::default()
    };
    search.documents = vec![document, other];
    let mut agent = span(AGENT, Some(ROOT), SpanKind::Agent, "assistant", (35, 890));
    agent.input = Some(json!("Why?"));
    agent.output = Some(json!("Scattering."));
    let mut tool = span(TOOL, Some(AGENT), SpanKind::Tool, "weather", (850, 880));
    tool.input = Some(json!({"city": "Oslo"}));
    tool.metadata
        .insert("tool_call_id".to_owned(), json!("call_1"));
    tool.status = Status::Error {
        kind: Some("timeout".to_owned()),
        message: "no reply\nin time".to_owned(),
    };
    vec![search, call(), tool, agent, root]
}

/// Returns a score of a span, or of the trace.
pub fn score(id: &str, span: Option<&str>, name: &str, value: ScoreValue) -> Score {
    Score {
        id: id.parse().unwrap(),
        trace_id: TRACE.parse::<TraceId>().unwrap(),
        root_span_id: None,
        span_id: span.map(|span| span.parse::<SpanId>().unwrap()),
        name: name.to_owned(),
        value,
        comment: None,
        time: at(1_000),
    }
}

/// Returns the spans and a score of the model call.
pub fn records() -> Vec<Record> {
    let mut records: Vec<Record> = spans().into_iter().map(Record::from).collect();
    records.push(score(SCORE, Some(CALL), "helpful", ScoreValue::Number(0.9)).into());
    records
}

/// Returns the spans alone.
pub fn span_records() -> Vec<Record> {
    spans().into_iter().map(Record::from).collect()
}
