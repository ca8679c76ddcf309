//! Messages of a conversation.

use super::part::{parse_arguments, read_part, read_tool_call, reasoning, string, text};
use crate::model::{Message, Part, Role};
use serde_json::Value;

/// Reads messages of OpenAI's, Anthropic's or OpenTelemetry's shape: a list, one message, or text. Text is a message of
/// `role`, and so are messages without a role.
pub fn read_messages(value: &Value, role: &Role) -> Vec<Message> {
    match value {
        Value::Array(items) => items.iter().filter_map(|item| read(item, role)).collect(),
        value => read(value, role).into_iter().collect(),
    }
}

fn read(value: &Value, role: &Role) -> Option<Message> {
    match value {
        Value::String(content) => Some(Message::new(role.clone(), content)),
        Value::Object(_) => Some(read_object(value, role)),
        _ => None,
    }
}

fn read_object(value: &Value, default_role: &Role) -> Message {
    // LangChain and others put a message into an envelope.
    let value = value
        .get("message")
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
        .any(|name| value.get(name).is_some());
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
pub(super) fn message_parts(value: &Value, role: &Role) -> Vec<Part> {
    let mut parts = Vec::new();
    if let Some(content) = string(value, &["reasoning_content", "reasoning"]) {
        parts.push(reasoning(content));
    }
    let content = value.get("parts").or_else(|| value.get("content"));
    match (content, string(value, &["tool_call_id"])) {
        (Some(content), Some(id)) if *role == Role::Tool => parts.push(Part::ToolResult {
            id: Some(id.to_owned()),
            result: parse_arguments(content),
        }),
        (Some(Value::Array(items)), _) => parts.extend(items.iter().map(read_part)),
        (Some(Value::String(content)), _) => parts.push(text(content)),
        (Some(value @ Value::Object(_)), _) => parts.push(read_part(value)),
        _ => {}
    }
    if let Some(refusal) = string(value, &["refusal"]) {
        parts.push(text(refusal));
    }
    let calls = value.get("tool_calls").and_then(Value::as_array);
    let calls = calls.into_iter().flatten();
    // The predecessor of `tool_calls`.
    let calls = calls.chain(value.get("function_call"));
    parts.extend(calls.filter_map(read_tool_call));
    parts
}

/// Returns the parts of a reasoning item of OpenAI's responses.
pub(super) fn reasoning_parts(item: &Value) -> Vec<Part> {
    let texts = ["summary", "content"]
        .iter()
        .filter_map(|name| item.get(name)?.as_array())
        .flatten();
    texts
        .filter_map(|part| string(part, &["text"]).map(reasoning))
        .collect()
}
