//! How much memory a record takes, for bounded queues and limits of requests.

use super::{
    Content, Document, Event, Media, Message, Messages, Part, Record, ScoreValue, Span, Status,
};
use serde_json::{Map, Value};

/// What a record takes apart from its content: ids, times, names of properties, punctuation.
const FIXED: usize = 512;

impl Record {
    /// Estimates the bytes of the record: the content's exact length plus a fixed sum for the rest.
    pub fn estimated_size(&self) -> usize {
        FIXED
            + match self {
                Self::Span(span) => span_size(span),
                Self::Score(score) => {
                    let value = match &score.value {
                        ScoreValue::Category(label) => label.len(),
                        ScoreValue::Number(_) | ScoreValue::Boolean(_) => 8,
                    };
                    score.name.len() + value + score.comment.as_ref().map_or(0, String::len)
                }
            }
    }
}

fn span_size(span: &Span) -> usize {
    let texts = [
        &span.model,
        &span.response_model,
        &span.response_id,
        &span.provider,
        &span.trace.session,
        &span.trace.user,
    ];
    let texts: usize = texts.into_iter().flatten().map(String::len).sum();
    let messages = [&span.system, &span.input_messages, &span.output_messages];
    let messages: usize = messages.into_iter().map(messages_size).sum();
    let values = span.input.iter().chain(&span.output).chain(&span.tools);
    let maps = [&span.parameters, &span.metadata, &span.trace.metadata];
    let status = match &span.status {
        Status::Ok => 0,
        Status::Error { message, .. } => message.len(),
    };
    let tags = span.tags.iter().chain(&span.trace.tags);
    texts
        + messages
        + status
        + span.name.len()
        + span.trace.name.len()
        + values.map(value_size).sum::<usize>()
        + maps.into_iter().map(map_size).sum::<usize>()
        + tags.map(|tag| tag.len() + 4).sum::<usize>()
        + span.documents.iter().map(document_size).sum::<usize>()
        + span.events.iter().map(event_size).sum::<usize>()
}

/// The text of messages that have not been read has about the size of the messages.
fn messages_size(messages: &Messages) -> usize {
    let unread = messages.unread_bytes();
    unread.unwrap_or_else(|| messages.iter().map(message_size).sum())
}

fn message_size(message: &Message) -> usize {
    32 + message.parts.iter().map(part_size).sum::<usize>()
}

fn part_size(part: &Part) -> usize {
    24 + match part {
        Part::Text { content } | Part::Reasoning { content } => content.len(),
        Part::ToolCall {
            name, arguments, ..
        } => name.len() + value_size(arguments),
        Part::ToolResult { result, .. } => value_size(result),
        Part::Image(media) | Part::File(media) => media_size(media),
    }
}

fn media_size(media: &Media) -> usize {
    match &media.content {
        Content::Uri(text) | Content::Base64(text) => text.len(),
    }
}

fn document_size(document: &Document) -> usize {
    32 + document.content.len() + map_size(&document.metadata)
}

fn event_size(event: &Event) -> usize {
    32 + event.name.len() + map_size(&event.attributes)
}

fn map_size(map: &Map<String, Value>) -> usize {
    map.iter()
        .map(|(name, value)| name.len() + 4 + value_size(value))
        .sum()
}

fn value_size(value: &Value) -> usize {
    match value {
        Value::Null | Value::Bool(_) => 5,
        Value::Number(_) => 16,
        Value::String(text) => text.len() + 2,
        Value::Array(items) => items.iter().map(|item| value_size(item) + 1).sum::<usize>() + 2,
        Value::Object(map) => map_size(map) + 2,
    }
}
