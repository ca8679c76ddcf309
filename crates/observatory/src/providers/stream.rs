//! Streamed responses of a model.

use super::blocks::{Block, BlockKind};
use super::part::string;
use super::response::{ProviderResponse, read_error, read_items};
use super::usage::{merge_usage, read_cost, read_usage};
use crate::model::{Cost, Message, Role};
use serde_json::Value;
use std::collections::BTreeMap;

/// Reads the chunks of a streamed response, one after the other. A stream that stops early leaves what arrived.
#[derive(Debug, Default)]
pub struct ResponseStream {
    response: ProviderResponse,
    /// Messages by the index of their choice.
    choices: BTreeMap<u64, Choice>,
    /// Items of OpenAI's responses by their index.
    items: BTreeMap<u64, Value>,
    /// The last event had the whole response.
    is_whole: bool,
}

/// One message. Its parts are in the order of their index; OpenAI's chunks have text and reasoning without one.
#[derive(Debug, Default)]
struct Choice {
    blocks: BTreeMap<(Section, u64), Block>,
    finish_reason: Option<String>,
}

/// The order of the parts of one choice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Section {
    Reasoning,
    Text,
    Indexed,
}

impl ResponseStream {
    /// Returns a stream of which nothing has been read.
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads the next chunk, and returns whether it has output of the model: text, reasoning or a tool call.
    pub fn push(&mut self, chunk: &Value) -> bool {
        if let Some(error) = chunk.get("error").and_then(read_error) {
            self.response.error = Some(error);
        }
        match string(chunk, &["type"]) {
            Some(kind) if kind.starts_with("response.") => self.push_response_event(kind, chunk),
            Some(kind) => self.push_anthropic_event(kind, chunk),
            None => self.push_chat_chunk(chunk),
        }
    }

    /// Returns what has been read.
    pub fn finish(mut self) -> ProviderResponse {
        if !self.is_whole {
            let messages = self.choices.into_values().filter_map(Choice::into_message);
            self.response.messages = messages.collect();
            let items = read_items(self.items.values(), None);
            self.response.messages.extend(items);
        }
        self.response
    }

    /// Reads a chunk of chat completions.
    fn push_chat_chunk(&mut self, chunk: &Value) -> bool {
        self.read_head(chunk);
        let mut has_output = false;
        let choices = chunk.get("choices").and_then(Value::as_array);
        for choice in choices.into_iter().flatten() {
            let message = self.choices.entry(index(choice)).or_default();
            if let Some(reason) = string(choice, &["finish_reason"]) {
                message.finish_reason = Some(reason.to_owned());
            }
            has_output |= message.push_delta(choice.get("delta").unwrap_or(&Value::Null));
            if let Some(piece) = string(choice, &["text"]) {
                has_output |= message.push(Section::Text, 0, BlockKind::Text, piece);
            }
        }
        has_output
    }

    /// Reads an event of Anthropic's messages.
    fn push_anthropic_event(&mut self, kind: &str, event: &Value) -> bool {
        let at = index(event);
        match kind {
            "message_start" => {
                self.read_head(event.get("message").unwrap_or(&Value::Null));
                false
            }
            "content_block_start" => {
                let block = event.get("content_block").unwrap_or(&Value::Null);
                let blocks = &mut self.choices.entry(0).or_default().blocks;
                blocks.insert((Section::Indexed, at), Block::announced(block));
                string(block, &["type"]) == Some("tool_use")
            }
            "content_block_delta" => {
                let delta = event.get("delta").unwrap_or(&Value::Null);
                let (kind, piece) = match string(delta, &["type"]) {
                    Some("input_json_delta") => (BlockKind::ToolCall, "partial_json"),
                    Some("thinking_delta") => (BlockKind::Reasoning, "thinking"),
                    Some("text_delta") => (BlockKind::Text, "text"),
                    _ => return false,
                };
                let piece = string(delta, &[piece]).unwrap_or_default();
                let message = self.choices.entry(0).or_default();
                message.push(Section::Indexed, at, kind, piece)
            }
            "message_delta" => {
                self.read_usage(event);
                let delta = event.get("delta").unwrap_or(&Value::Null);
                if let Some(reason) = string(delta, &["stop_reason"]) {
                    self.choices.entry(0).or_default().finish_reason = Some(reason.to_owned());
                }
                false
            }
            _ => false,
        }
    }

    /// Reads an event of OpenAI's responses.
    fn push_response_event(&mut self, kind: &str, event: &Value) -> bool {
        if let Some(response) = event.get("response") {
            let read = ProviderResponse::read(response);
            self.is_whole = !read.messages.is_empty();
            let error = read.error.clone().or_else(|| self.response.error.take());
            self.response = ProviderResponse { error, ..read };
            return false;
        }
        let at = event
            .get("output_index")
            .and_then(Value::as_u64)
            .unwrap_or_default();
        if let Some(item) = event.get("item") {
            // The item replaces the pieces of its text that arrived before.
            if kind == "response.output_item.done" {
                self.choices.remove(&at);
                self.items.insert(at, item.clone());
            } else if string(item, &["type"]) == Some("function_call") {
                let blocks = &mut self.choices.entry(at).or_default().blocks;
                blocks.insert((Section::Indexed, 0), Block::announced(item));
            }
            return false;
        }
        let (order, block) = match kind {
            "response.output_text.delta" | "response.refusal.delta" => {
                (Section::Text, BlockKind::Text)
            }
            "response.reasoning_summary_text.delta" | "response.reasoning_text.delta" => {
                (Section::Reasoning, BlockKind::Reasoning)
            }
            "response.function_call_arguments.delta" => (Section::Indexed, BlockKind::ToolCall),
            _ => return false,
        };
        let piece = string(event, &["delta"]).unwrap_or_default();
        self.choices
            .entry(at)
            .or_default()
            .push(order, 0, block, piece)
    }

    fn read_head(&mut self, head: &Value) {
        if let Some(id) = string(head, &["id"]).filter(|id| !id.is_empty()) {
            self.response.id = Some(id.to_owned());
        }
        if let Some(model) = string(head, &["model"]).filter(|model| !model.is_empty()) {
            self.response.model = Some(model.to_owned());
        }
        self.read_usage(head);
    }

    fn read_usage(&mut self, event: &Value) {
        if let Some(usage) = event.get("usage") {
            merge_usage(&mut self.response.usage, read_usage(usage));
            let cost = read_cost(usage);
            if cost != Cost::default() {
                self.response.cost = cost;
            }
        }
    }
}

impl Choice {
    /// Adds a piece, and returns whether it has text.
    fn push(&mut self, order: Section, at: u64, kind: BlockKind, piece: &str) -> bool {
        if piece.is_empty() {
            return false;
        }
        self.blocks
            .entry((order, at))
            .or_default()
            .push(kind, piece);
        true
    }

    /// Adds the `delta` of a chunk of chat completions.
    fn push_delta(&mut self, delta: &Value) -> bool {
        let mut has_output = false;
        if let Some(piece) = string(delta, &["reasoning_content", "reasoning"]) {
            has_output |= self.push(Section::Reasoning, 0, BlockKind::Reasoning, piece);
        }
        if let Some(piece) = string(delta, &["content", "refusal"]) {
            has_output |= self.push(Section::Text, 0, BlockKind::Text, piece);
        }
        let calls = delta.get("tool_calls").and_then(Value::as_array);
        for call in calls.into_iter().flatten() {
            let function = call.get("function").unwrap_or(&Value::Null);
            let key = (Section::Indexed, index(call));
            let block = self.blocks.entry(key).or_default();
            block.set_call(string(call, &["id"]), string(function, &["name"]));
            let arguments = string(function, &["arguments"]).unwrap_or_default();
            block.push(BlockKind::ToolCall, arguments);
            has_output = true;
        }
        has_output
    }

    fn into_message(self) -> Option<Message> {
        let parts: Vec<_> = self
            .blocks
            .into_values()
            .filter_map(Block::into_part)
            .collect();
        (!parts.is_empty() || self.finish_reason.is_some()).then_some(Message {
            role: Role::Assistant,
            parts,
            finish_reason: self.finish_reason,
        })
    }
}

fn index(value: &Value) -> u64 {
    value
        .get("index")
        .and_then(Value::as_u64)
        .unwrap_or_default()
}
