//! Messages and documents whose fields are attributes of their own.

use super::AttributeValue;
use super::tables::{DocumentField, MessageField};
use crate::model::{Content, Document, Media, Message, Messages, Part, Role};
use serde_json::Value;
use std::collections::BTreeMap;

/// A message of which fields have arrived, in any order.
#[derive(Debug, Default)]
pub(super) struct MessageDraft {
    role: Option<String>,
    text: Option<String>,
    reasoning: Option<String>,
    finish_reason: Option<String>,
    result_of: Option<String>,
    parts: BTreeMap<u32, Part>,
    calls: BTreeMap<u32, CallDraft>,
}

#[derive(Debug, Default)]
struct CallDraft {
    id: Option<String>,
    name: String,
    arguments: Value,
}

impl MessageDraft {
    pub(super) fn set(&mut self, field: MessageField, part: u32, value: AttributeValue<'_>) {
        match field {
            MessageField::Role => self.role = Some(value.into_text()),
            MessageField::Text => self.text = Some(value.into_text()),
            MessageField::Reasoning => self.reasoning = Some(value.into_text()),
            MessageField::FinishReason => self.finish_reason = Some(value.into_text()),
            MessageField::ResultOf => self.result_of = Some(value.into_text()),
            MessageField::PartText => {
                let content = value.into_text();
                self.parts.insert(part, Part::Text { content });
            }
            MessageField::PartImage => {
                let image = Media {
                    content: Content::Uri(value.into_text()),
                    media_type: None,
                    name: None,
                };
                self.parts.insert(part, Part::Image(image));
            }
            MessageField::CallId => {
                self.calls.entry(part).or_default().id = Some(value.into_text());
            }
            MessageField::CallName => {
                self.calls.entry(part).or_default().name = value.into_text();
            }
            MessageField::CallArguments => {
                self.calls.entry(part).or_default().arguments = value.into_json();
            }
        }
    }

    fn finish(self, default_role: Role) -> Message {
        let mut parts = Vec::new();
        parts.extend(self.reasoning.map(|content| Part::Reasoning { content }));
        match (self.text, self.result_of) {
            (Some(text), Some(id)) => parts.push(Part::ToolResult {
                id: Some(id),
                result: AttributeValue::Text(text.into()).into_json(),
            }),
            (text, _) => parts.extend(text.map(|content| Part::Text { content })),
        }
        parts.extend(self.parts.into_values());
        let calls = self.calls.into_values().map(|call| Part::ToolCall {
            id: call.id,
            name: call.name,
            arguments: call.arguments,
        });
        parts.extend(calls);
        Message {
            role: self.role.as_deref().map_or(default_role, Role::from),
            parts,
            finish_reason: self.finish_reason,
        }
    }
}

/// Adds the messages in the order of their indexes.
pub(super) fn finish_messages(
    drafts: BTreeMap<u32, MessageDraft>,
    default_role: &Role,
    messages: &mut Messages,
) {
    if drafts.is_empty() {
        return;
    }
    let drafts = drafts.into_values();
    messages.extend(drafts.map(|draft| draft.finish(default_role.clone())));
}

/// Sets a field of a document.
pub(super) fn set_document(
    document: &mut Document,
    field: DocumentField,
    value: AttributeValue<'_>,
) {
    match field {
        DocumentField::Id => document.id = Some(value.into_text()),
        DocumentField::Content => document.content = value.into_text(),
        DocumentField::Score => document.score = value.as_number(),
        DocumentField::Metadata => document.metadata = value.into_object(),
    }
}

/// Reads a list of documents, of the GenAI conventions or a program's own shape.
pub(super) fn read_documents(value: Value) -> Vec<Document> {
    let Value::Array(items) = value else {
        return Vec::new();
    };
    items.into_iter().map(read_document).collect()
}

fn read_document(value: Value) -> Document {
    let Value::Object(mut map) = value else {
        return Document {
            content: match value {
                Value::String(text) => text,
                value => value.to_string(),
            },
            ..Document::default()
        };
    };
    let text = |value: Value| AttributeValue::Json(value).into_texts().concat();
    let content = map.remove("content").or_else(|| map.remove("text"));
    Document {
        id: map.remove("id").map(text),
        content: content.map(text).unwrap_or_default(),
        score: map.remove("score").and_then(|score| score.as_f64()),
        metadata: map,
    }
}
