//! Parts of messages.

use super::node::JsonNode;
use crate::json::{self, BorrowedJson};
use crate::model::{Content, Media, Part};
use serde_json::Value;

/// Returns a part of text.
pub(super) fn text(content: &str) -> Part {
    Part::Text {
        content: content.to_owned(),
    }
}

/// Reads a part of any API. One whose type is not known becomes text with its JSON, so that it is not lost.
pub(super) fn read_part<N: JsonNode>(value: &N) -> Part {
    if let Some(content) = value.as_text() {
        return text(content);
    }
    known_part(value).unwrap_or_else(|| text(&value.to_value().to_string()))
}

fn known_part<N: JsonNode>(value: &N) -> Option<Part> {
    let kind = value.property("type").and_then(N::as_text);
    match kind.unwrap_or("text") {
        "text" | "input_text" | "output_text" => string(value, &["content", "text"]).map(text),
        "refusal" => string(value, &["refusal"]).map(text),
        "reasoning" | "thinking" | "reasoning_text" | "summary_text" => {
            string(value, &["content", "text", "thinking"]).map(reasoning)
        }
        "tool_call" | "tool_use" | "server_tool_use" | "function" | "function_call"
        | "custom_tool_call" => read_tool_call(value),
        "tool_call_response"
        | "tool_result"
        | "function_call_output"
        | "custom_tool_call_output" => Some(Part::ToolResult {
            id: string(value, &["id", "call_id", "tool_use_id", "tool_call_id"]).map(str::to_owned),
            result: ["result", "response", "output", "content"]
                .iter()
                .find_map(|name| value.property(name))
                .map_or(Value::Null, N::to_value),
        }),
        "image_url" | "input_image" | "image" => read_media(value).map(Part::Image),
        "uri" | "blob" | "file" | "input_file" | "input_audio" | "document" => {
            let is_image = string(value, &["modality"]) == Some("image");
            let media = read_media(value)?;
            Some(if is_image {
                Part::Image(media)
            } else {
                Part::File(media)
            })
        }
        _ => None,
    }
}

/// Returns a part of reasoning.
pub(super) fn reasoning(content: &str) -> Part {
    Part::Reasoning {
        content: content.to_owned(),
    }
}

/// Reads a call of a tool. OpenAI has name and arguments in `function`, and arguments as text.
pub(super) fn read_tool_call<N: JsonNode>(value: &N) -> Option<Part> {
    let function = value.property("function").unwrap_or(value);
    let name = string(function, &["name"])?;
    let arguments = ["arguments", "input"]
        .iter()
        .find_map(|name| function.property(name));
    Some(Part::ToolCall {
        id: string(value, &["call_id", "id"]).map(str::to_owned),
        name: name.to_owned(),
        arguments: arguments.map_or(Value::Null, parse_arguments),
    })
}

/// Returns arguments as JSON, also where they are text with JSON.
pub(super) fn parse_arguments<N: JsonNode>(value: &N) -> Value {
    let parsed = value.as_text().and_then(json::parse);
    parsed.map_or_else(|| value.to_value(), BorrowedJson::into_value)
}

fn read_media<N: JsonNode>(value: &N) -> Option<Media> {
    let inner = ["image_url", "source", "file", "input_audio"]
        .iter()
        .find_map(|name| value.property(name))
        .filter(|inner| inner.is_object())
        .unwrap_or(value);
    let media_type = string(inner, &["media_type", "mime_type"])
        .map(str::to_owned)
        .or_else(|| string(inner, &["format"]).map(|format| format!("audio/{format}")));
    let name = string(inner, &["filename", "title", "name"]).map(str::to_owned);
    let media = |content, media_type| Media {
        content,
        media_type,
        name,
    };
    if let Some(uri) = string(inner, &["url", "uri", "image_url", "file_url", "file_id"]) {
        return Some(match uri.strip_prefix("data:").and_then(split_data_url) {
            Some((data_type, data)) => media(
                Content::Base64(data.to_owned()),
                media_type.or_else(|| Some(data_type.to_owned())),
            ),
            None => media(Content::Uri(uri.to_owned()), media_type),
        });
    }
    let data = string(inner, &["data", "content", "file_data"])?;
    Some(media(Content::Base64(data.to_owned()), media_type))
}

/// Splits a `data:` URL (RFC 2397) in base64 into media type and data.
fn split_data_url(rest: &str) -> Option<(&str, &str)> {
    let (head, data) = rest.split_once(',')?;
    Some((head.strip_suffix(";base64")?, data))
}

/// Returns the first of several properties that is text.
pub(super) fn string<'v, N: JsonNode>(value: &'v N, names: &[&str]) -> Option<&'v str> {
    names
        .iter()
        .find_map(|name| value.property(name)?.as_text())
}
