//! Messages as the chat completions API of OpenAI has them. Most vendors show this form as a conversation.

use crate::model::{Content, Media, Message, Part, Span};
use serde_json::{Map, Value, json};

/// Returns the input of a span: its messages, or else its value.
pub(super) fn input(span: &Span) -> Option<Value> {
    let messages = input_messages(span);
    if messages.is_empty() {
        return span.input.clone();
    }
    Some(Value::Array(messages))
}

/// Returns the output of a span: its only message, its messages, its value, or the documents that it found.
pub(super) fn output(span: &Span) -> Option<Value> {
    let mut messages: Vec<Value> = span.output_messages.iter().flat_map(message).collect();
    match messages.len() {
        0 if span.output.is_none() && !span.documents.is_empty() => {
            serde_json::to_value(&span.documents).ok()
        }
        0 => span.output.clone(),
        1 => messages.pop(),
        _ => Some(Value::Array(messages)),
    }
}

/// Returns the instructions and the conversation that were sent.
pub(super) fn input_messages(span: &Span) -> Vec<Value> {
    let messages = span.system.iter().chain(&span.input_messages);
    messages.flat_map(message).collect()
}

/// Returns the body of the request of a model call: model, messages, parameters and tools.
#[cfg(any(feature = "adaline", feature = "helicone"))]
pub(super) fn request(span: &Span) -> Map<String, Value> {
    let mut body = span.parameters.clone();
    if let Some(model) = &span.model {
        body.insert("model".to_owned(), json!(model));
    }
    match &span.input {
        Some(input) if span.input_messages.is_empty() => {
            body.insert("input".to_owned(), input.clone());
        }
        _ => {
            body.insert("messages".to_owned(), Value::Array(input_messages(span)));
        }
    }
    if !span.tools.is_empty() {
        body.insert("tools".to_owned(), json!(span.tools));
    }
    body
}

/// Returns the body of the response of a model call: model, choices and usage.
#[cfg(any(feature = "adaline", feature = "helicone"))]
pub(super) fn response(span: &Span) -> Map<String, Value> {
    let mut body = Map::new();
    let model = span.response_model.as_ref().or(span.model.as_ref());
    let texts = [("id", span.response_id.as_ref()), ("model", model)];
    for (name, text) in texts {
        if let Some(text) = text {
            body.insert(name.to_owned(), json!(text));
        }
    }
    let choices = span.output_messages.iter().enumerate();
    let choices = choices.flat_map(|(index, output)| {
        message(output).into_iter().map(move |message| {
            json!({"index": index, "message": message, "finish_reason": output.finish_reason})
        })
    });
    body.insert("choices".to_owned(), choices.collect());
    if let Some(output) = &span.output {
        body.insert("output".to_owned(), output.clone());
    }
    if let Some(usage) = usage(span) {
        body.insert("usage".to_owned(), usage);
    }
    if let crate::model::Status::Error { kind, message } = &span.status {
        let error = json!({"type": kind, "message": message});
        body.insert("error".to_owned(), error);
    }
    body
}

#[cfg(any(feature = "adaline", feature = "helicone"))]
fn usage(span: &Span) -> Option<Value> {
    let usage = &span.usage;
    if usage.is_empty() {
        return None;
    }
    let mut counts = Map::new();
    let pairs = [
        ("prompt_tokens", usage.input),
        ("completion_tokens", usage.output),
        ("total_tokens", usage.total()),
    ];
    for (name, count) in pairs {
        if let Some(count) = count {
            counts.insert(name.to_owned(), json!(count));
        }
    }
    if let Some(cached) = usage.cache_read {
        counts.insert(
            "prompt_tokens_details".to_owned(),
            json!({"cached_tokens": cached}),
        );
    }
    if let Some(reasoning) = usage.reasoning {
        let details = json!({"reasoning_tokens": reasoning});
        counts.insert("completion_tokens_details".to_owned(), details);
    }
    Some(Value::Object(counts))
}

/// Returns a message in the form of the API. Each result of a tool is a message of its own there.
pub(super) fn message(message: &Message) -> Vec<Value> {
    let mut content = Vec::new();
    let mut tool_calls = Vec::new();
    let mut reasoning = String::new();
    let mut results = Vec::new();
    for part in &message.parts {
        match part {
            Part::Text { content: text } => content.push(json!({"type": "text", "text": text})),
            Part::Reasoning { content: text } => reasoning.push_str(text),
            Part::ToolCall {
                id,
                name,
                arguments,
            } => tool_calls.push(json!({
                "id": id.clone().unwrap_or_default(),
                "type": "function",
                "function": {"name": name, "arguments": plain_text(arguments)},
            })),
            Part::ToolResult { id, result } => results.push(json!({
                "role": "tool",
                "tool_call_id": id.clone().unwrap_or_default(),
                "content": plain_text(result),
            })),
            Part::Image(media) => {
                content.push(json!({"type": "image_url", "image_url": {"url": url(media)}}));
            }
            Part::File(media) => content.push(json!({
                "type": "file",
                "file": {"filename": media.name, "file_data": url(media)},
            })),
        }
    }
    let mut messages = Vec::new();
    if results.is_empty() || !content.is_empty() || !tool_calls.is_empty() {
        messages.push(Value::Object(body(message, content, tool_calls, reasoning)));
    }
    messages.extend(results);
    messages
}

fn body(
    message: &Message,
    content: Vec<Value>,
    tool_calls: Vec<Value>,
    reasoning: String,
) -> Map<String, Value> {
    let mut body = Map::new();
    body.insert("role".to_owned(), json!(message.role.as_str()));
    let is_text = |part: &Value| part.get("type").and_then(Value::as_str) == Some("text");
    let content = match content.as_slice() {
        [] if !tool_calls.is_empty() => Value::Null,
        parts if parts.iter().all(is_text) => json!(message.text()),
        _ => Value::Array(content),
    };
    body.insert("content".to_owned(), content);
    if !reasoning.is_empty() {
        body.insert("reasoning_content".to_owned(), json!(reasoning));
    }
    if !tool_calls.is_empty() {
        body.insert("tool_calls".to_owned(), Value::Array(tool_calls));
    }
    body
}

/// Returns where an image or a file can be fetched; its content as a `data:` URL.
pub(super) fn url(media: &Media) -> String {
    match &media.content {
        Content::Uri(uri) => uri.clone(),
        Content::Base64(data) => {
            let media_type = media.media_type.as_deref();
            let media_type = media_type.unwrap_or("application/octet-stream");
            format!("data:{media_type};base64,{data}")
        }
    }
}

/// Returns a text unchanged, and any other value as JSON.
pub(super) fn plain_text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
