//! Cuts the content of a record that is over a vendor's limit.

use super::content_text::{visit_span_texts, visit_value_texts};
use crate::model::{Content, Message, Part, Record, Span};
use serde_json::Value;

/// Ends a text that was cut.
const MARK: &str = "… [truncated]";
/// The shortest text that is cut.
const MIN_TEXT: usize = 64;

/// Returns the record with its content cut, so that its estimated size is at most `max_bytes`, or `None` where that is not
/// possible. A span is marked as truncated.
pub(super) fn truncate(record: &Record, max_bytes: usize) -> Option<Record> {
    let mut record = record.clone();
    match &mut record {
        Record::Span(span) => {
            span.truncated = true;
            remove_large_media(span, max_bytes / 4);
        }
        Record::Score(score) => {
            if let Some(comment) = &mut score.comment {
                cut(comment, max_bytes / 2);
            }
        }
    }
    let mut max_text = max_bytes;
    while record.estimated_size() > max_bytes && max_text > MIN_TEXT {
        max_text = (max_text / 2).max(MIN_TEXT);
        cut_texts(&mut record, max_text);
    }
    let mut steps = REMOVALS.iter();
    while record.estimated_size() > max_bytes {
        let remove = steps.next()?;
        if let Record::Span(span) = &mut record {
            remove(span);
        }
    }
    Some(record)
}

/// What is removed, in this order, where many short texts are over the limit together.
const REMOVALS: [fn(&mut Span); 6] = [
    |span| span.tools.clear(),
    |span| span.events.clear(),
    |span| span.documents.truncate(1),
    |span| {
        keep_first_and_last(&mut span.input_messages);
        keep_first_and_last(&mut span.output_messages);
    },
    |span| {
        span.metadata.clear();
        span.parameters.clear();
    },
    |span| {
        span.documents.clear();
        span.system.clear();
        span.input_messages.clear();
        span.output_messages.clear();
        span.input = None;
        span.output = None;
    },
];

fn keep_first_and_last(messages: &mut Vec<Message>) {
    if messages.len() > 2 {
        messages.drain(1..messages.len() - 1);
    }
}

/// Replaces files and images by their description: a part of one cannot be decoded.
fn remove_large_media(span: &mut Span, max_bytes: usize) {
    let messages = span.system.iter_mut().chain(&mut span.input_messages);
    for message in messages.chain(&mut span.output_messages) {
        for part in &mut message.parts {
            let (Part::Image(media) | Part::File(media)) = part else {
                continue;
            };
            let (Content::Uri(text) | Content::Base64(text)) = &media.content;
            if text.len() > max_bytes {
                let kind = media.media_type.as_deref().unwrap_or("file");
                let content = format!("[{kind} of {} bytes removed] {MARK}", text.len());
                *part = Part::Text { content };
            }
        }
    }
}

fn cut_texts(record: &mut Record, max_bytes: usize) {
    match record {
        Record::Span(span) => {
            visit_span_texts(span, &mut |text| cut(text, max_bytes));
            for value in span
                .metadata
                .values_mut()
                .chain(span.parameters.values_mut())
            {
                visit_value_texts(value, &mut |text| cut(text, max_bytes));
            }
            span.tools.iter_mut().for_each(|tool: &mut Value| {
                visit_value_texts(tool, &mut |text| cut(text, max_bytes));
            });
        }
        Record::Score(score) => {
            if let Some(comment) = &mut score.comment {
                cut(comment, max_bytes);
            }
        }
    }
}

/// Cuts the text to at most `max_bytes`, the mark included.
fn cut(text: &mut String, max_bytes: usize) {
    if text.len() <= max_bytes {
        return;
    }
    let base = text.strip_suffix(MARK).map_or(text.len(), str::len);
    let mut end = max_bytes.saturating_sub(MARK.len()).min(base);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.truncate(end);
    text.push_str(MARK);
}
