//! Messages as JSON text, by the schema of the GenAI conventions. They are most of what a request contains, so that they
//! are written without a tree of values between.

use crate::model::{Content, Media, Message, Part};
use serde_json::Value;

/// Returns messages as a JSON array.
pub(super) fn messages(messages: &[Message]) -> String {
    let mut json = Json::with_space_for(messages);
    json.array(messages, |json, message| {
        json.object(|object| {
            object.text("role", message.role.as_str());
            object.key("parts");
            object.json.array(&message.parts, Json::part);
            object.optional_text("finish_reason", message.finish_reason.as_deref());
        });
    });
    json.0
}

/// Returns the parts of messages as a JSON array.
pub(super) fn parts(messages: &[Message]) -> String {
    let mut json = Json::with_space_for(messages);
    let parts = messages.iter().flat_map(|message| &message.parts);
    json.array(parts, Json::part);
    json.0
}

/// About as many bytes as a part takes besides its text.
const PART_SIZE: usize = 40;

/// About as many bytes as a message takes besides its parts.
const MESSAGE_SIZE: usize = 60;

/// JSON text that is being written.
struct Json(String);

/// An object that is being written.
struct Object<'j> {
    json: &'j mut Json,
    is_empty: bool,
}

impl Json {
    /// Returns empty text with enough memory for the texts of the messages, where nothing in them is escaped.
    fn with_space_for(messages: &[Message]) -> Self {
        let parts = messages.iter().flat_map(|message| &message.parts);
        let size = |part: &Part| match part {
            Part::Text { content } | Part::Reasoning { content } => content.len(),
            _ => 0,
        };
        let parts: usize = parts.map(|part| size(part) + PART_SIZE).sum();
        Self(String::with_capacity(parts + messages.len() * MESSAGE_SIZE))
    }

    fn array<T>(&mut self, items: impl IntoIterator<Item = T>, write: impl Fn(&mut Self, T)) {
        self.0.push('[');
        for (index, item) in items.into_iter().enumerate() {
            if index > 0 {
                self.0.push(',');
            }
            write(self, item);
        }
        self.0.push(']');
    }

    fn object(&mut self, write: impl FnOnce(&mut Object<'_>)) {
        self.0.push('{');
        write(&mut Object {
            json: self,
            is_empty: true,
        });
        self.0.push('}');
    }

    fn part(&mut self, part: &Part) {
        self.object(|object| match part {
            Part::Text { content } => {
                object.text("type", "text");
                object.text("content", content);
            }
            Part::Reasoning { content } => {
                object.text("type", "reasoning");
                object.text("content", content);
            }
            Part::ToolCall {
                id,
                name,
                arguments,
            } => {
                object.text("type", "tool_call");
                object.text_or_null("id", id.as_deref());
                object.text("name", name);
                object.value("arguments", arguments);
            }
            Part::ToolResult { id, result } => {
                object.text("type", "tool_call_response");
                object.text_or_null("id", id.as_deref());
                object.value("response", result);
            }
            Part::Image(media) => object.media(media, "image"),
            Part::File(media) => object.media(media, modality(media)),
        });
    }

    fn text(&mut self, text: &str) {
        self.0.push('"');
        let mut rest = text;
        while let Some((plain, tail)) = split_at_escape(rest) {
            self.0.push_str(plain);
            let mut tail = tail.chars();
            if let Some(escaped) = tail.next() {
                self.escape(escaped);
            }
            rest = tail.as_str();
        }
        self.0.push_str(rest);
        self.0.push('"');
    }

    fn escape(&mut self, escaped: char) {
        match escaped {
            '\n' => self.0.push_str("\\n"),
            '\r' => self.0.push_str("\\r"),
            '\t' => self.0.push_str("\\t"),
            '"' | '\\' => self.0.extend(['\\', escaped]),
            _ => {
                let code = u32::from(escaped);
                let digit = |digit: u32| char::from_digit(digit & 0xf, 16).unwrap_or('0');
                self.0.push_str("\\u00");
                self.0.extend([digit(code >> 4), digit(code)]);
            }
        }
    }
}

impl Object<'_> {
    /// Writes a name, which has nothing to escape.
    fn key(&mut self, name: &'static str) {
        let before = if self.is_empty { "\"" } else { ",\"" };
        self.is_empty = false;
        for text in [before, name, "\":"] {
            self.json.0.push_str(text);
        }
    }

    fn text(&mut self, name: &'static str, text: &str) {
        self.key(name);
        self.json.text(text);
    }

    fn optional_text(&mut self, name: &'static str, text: Option<&str>) {
        if let Some(text) = text {
            self.text(name, text);
        }
    }

    fn text_or_null(&mut self, name: &'static str, text: Option<&str>) {
        match text {
            Some(text) => self.text(name, text),
            None => self.value(name, &Value::Null),
        }
    }

    fn value(&mut self, name: &'static str, value: &Value) {
        self.key(name);
        self.json.0.push_str(&value.to_string());
    }

    fn media(&mut self, media: &Media, modality: &str) {
        let (kind, name, content) = match &media.content {
            Content::Uri(uri) => ("uri", "uri", uri),
            Content::Base64(data) => ("blob", "content", data),
        };
        self.text("type", kind);
        self.text("modality", modality);
        self.text(name, content);
        self.optional_text("mime_type", media.media_type.as_deref());
    }
}

fn modality(media: &Media) -> &str {
    let media_type = media.media_type.as_deref().unwrap_or_default();
    match media_type.split_once('/') {
        Some((kind @ ("audio" | "video" | "image"), _)) => kind,
        _ => "document",
    }
}

/// Splits a text before the first character that JSON escapes; `None` where there is none.
fn split_at_escape(text: &str) -> Option<(&str, &str)> {
    /// As many bytes as the compiler compares at once.
    const CHUNK: usize = 32;
    let is_escaped = |byte: &u8| *byte < 0x20 || *byte == b'"' || *byte == b'\\';
    let bytes = text.as_bytes();
    // Without an early exit, so that the bytes are compared at once.
    let has_escape = |chunk: &[u8]| {
        let escaped = chunk.iter().map(|byte| u8::from(is_escaped(byte)));
        escaped.fold(0, |any, escaped| any | escaped) != 0
    };
    let chunks = bytes.chunks_exact(CHUNK);
    let plain = chunks.take_while(|chunk| !has_escape(chunk)).count() * CHUNK;
    let position = bytes.get(plain..)?.iter().position(is_escaped)?;
    text.split_at_checked(plain + position)
}
