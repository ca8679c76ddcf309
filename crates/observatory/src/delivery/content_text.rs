//! The texts of a span that are content: the text of users and models.

use crate::model::{Message, Part, Span, Status};
use serde_json::Value;

/// Calls `visit` for each text of the span's content: messages, input, output, tools, documents, events and the message of an
/// error. References to media and base64 are not texts.
pub(super) fn visit_span_texts(span: &mut Span, visit: &mut dyn FnMut(&mut String)) {
    let messages = span.system.iter_mut().chain(&mut span.input_messages);
    for message in messages.chain(&mut span.output_messages) {
        visit_message_texts(message, visit);
    }
    for value in span
        .input
        .iter_mut()
        .chain(&mut span.output)
        .chain(&mut span.tools)
    {
        visit_value_texts(value, visit);
    }
    for document in &mut span.documents {
        visit(&mut document.content);
        for value in document.metadata.values_mut() {
            visit_value_texts(value, visit);
        }
    }
    for event in &mut span.events {
        for value in event.attributes.values_mut() {
            visit_value_texts(value, visit);
        }
    }
    if let Status::Error { message, .. } = &mut span.status {
        visit(message);
    }
}

fn visit_message_texts(message: &mut Message, visit: &mut dyn FnMut(&mut String)) {
    for part in &mut message.parts {
        match part {
            Part::Text { content } | Part::Reasoning { content } => visit(content),
            Part::ToolCall { arguments, .. } => visit_value_texts(arguments, visit),
            Part::ToolResult { result, .. } => visit_value_texts(result, visit),
            Part::Image(_) | Part::File(_) => {}
        }
    }
}

/// Calls `visit` for each text in the value. Names of properties are not visited.
pub(super) fn visit_value_texts(value: &mut Value, visit: &mut dyn FnMut(&mut String)) {
    match value {
        Value::String(text) => visit(text),
        Value::Array(items) => items
            .iter_mut()
            .for_each(|item| visit_value_texts(item, visit)),
        Value::Object(map) => map
            .values_mut()
            .for_each(|value| visit_value_texts(value, visit)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
