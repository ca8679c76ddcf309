//! Messages of a conversation.

use super::node::JsonNode;
use super::part::{parse_arguments, read_part, read_tool_call, reasoning, string, text};
#[cfg(any(feature = "opentelemetry", feature = "tracing"))]
use crate::json;
use crate::model::{Message, Part, Role};
use serde_json::Value;

/// Reads messages of OpenAI's, Anthropic's or OpenTelemetry's shape: a list, one message, or text. Text is a message of
/// `role`, and so are messages without a role.
pub fn read_messages(value: &Value, role: &Role) -> Vec<Message> {
    read_nodes(value, role)
}

/// Reads messages as [`read_messages`], from text that spells a list or an object as JSON. Other text is one message.
#[cfg(any(feature = "opentelemetry", feature = "tracing"))]
pub(crate) fn parse_messages(text: &str, role: &Role) -> Vec<Message> {
    match json::parse_structure(text) {
        Some(node) => read_nodes(&node, role),
        None => vec![Message::new(role.clone(), text)],
    }
}

/// Reads instructions: text, or a list of parts, which is one message.
pub(crate) fn read_system(value: &Value) -> Vec<Message> {
    read_system_nodes(value)
}

fn read_system_nodes<N: JsonNode>(node: &N) -> Vec<Message> {
    let is_parts = |items: &&[N]| items.iter().all(|item| item.property("role").is_none());
    match node.items().filter(is_parts) {
        Some(items) => vec![Message::with_parts(
            Role::System,
            items.iter().map(read_part),
        )],
        None => read_nodes(node, &Role::System),
    }
}

/// Reads instructions from text, which can spell a list or an object as JSON.
#[cfg(any(feature = "opentelemetry", feature = "tracing"))]
pub(crate) fn parse_system(text: &str) -> Vec<Message> {
    match json::parse_structure(text) {
        Some(node) => read_system_nodes(&node),
        None => vec![Message::system(text)],
    }
}

fn read_nodes<N: JsonNode>(node: &N, role: &Role) -> Vec<Message> {
    match node.items() {
        Some(items) => items.iter().filter_map(|item| read(item, role)).collect(),
        None => read(node, role).into_iter().collect(),
    }
}

fn read<N: JsonNode>(node: &N, role: &Role) -> Option<Message> {
    match node.as_text() {
        Some(content) => Some(Message::new(role.clone(), content)),
        None => node.is_object().then(|| read_object(node, role)),
    }
}

fn read_object<N: JsonNode>(value: &N, default_role: &Role) -> Message {
    // LangChain and others put a message into an envelope.
    let value = value
        .property("message")
        .filter(|v| v.is_object())
        .unwrap_or(value);
    let kind = string(value, &["type"]).unwrap_or_default();
    let role = match (string(value, &["role"]), kind) {
        (Some(role), _) => Role::from(role),
        (None, "function_call_output" | "custom_tool_call_output" | "tool_call_response") => {
            Role::Tool
        }
        (None, "function_call" | "custom_tool_call" | "reasoning" | "tool_call") => Role::Assistant,
        (None, _) => default_role.clone(),
    };
    let is_message = ["parts", "content", "tool_calls", "role"]
        .iter()
        .any(|name| value.property(name).is_some());
    let parts = if kind == "reasoning" {
        reasoning_parts(value)
    } else if is_message && (kind.is_empty() || kind == "message") {
        message_parts(value, &role)
    } else {
        vec![read_part(value)]
    };
    Message {
        role,
        parts,
        finish_reason: string(value, &["finish_reason", "stop_reason"]).map(str::to_owned),
    }
}

/// Returns the parts of a message.
pub(super) fn message_parts<N: JsonNode>(value: &N, role: &Role) -> Vec<Part> {
    let mut parts = Vec::new();
    if let Some(content) = string(value, &["reasoning_content", "reasoning"]) {
        parts.push(reasoning(content));
    }
    let content = value
        .property("parts")
        .or_else(|| value.property("content"));
    match (content, string(value, &["tool_call_id"])) {
        (Some(content), Some(id)) if *role == Role::Tool => parts.push(Part::ToolResult {
            id: Some(id.to_owned()),
            result: parse_arguments(content),
        }),
        (Some(content), _) => match content.items() {
            Some(items) => parts.extend(items.iter().map(read_part)),
            None if content.is_object() || content.as_text().is_some() => {
                parts.push(read_part(content));
            }
            None => {}
        },
        (None, _) => {}
    }
    if let Some(refusal) = string(value, &["refusal"]) {
        parts.push(text(refusal));
    }
    let calls = value.property("tool_calls").and_then(N::items);
    let calls = calls.into_iter().flatten();
    // The predecessor of `tool_calls`.
    let calls = calls.chain(value.property("function_call"));
    parts.extend(calls.filter_map(read_tool_call));
    parts
}

/// Returns the parts of a reasoning item of OpenAI's responses.
pub(super) fn reasoning_parts<N: JsonNode>(item: &N) -> Vec<Part> {
    let texts = ["summary", "content"]
        .iter()
        .filter_map(|name| item.property(name)?.items())
        .flatten();
    texts
        .filter_map(|part| string(part, &["text"]).map(reasoning))
        .collect()
}
