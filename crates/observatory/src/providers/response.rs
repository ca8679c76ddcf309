//! Responses of a model.

use super::message::{message_parts, reasoning_parts};
use super::part::{read_part, string, text};
use super::usage::{read_cost, read_usage};
use crate::model::{Cost, Message, Role, Status, Usage};
use serde_json::Value;

/// What a model's response has for a span.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct ProviderResponse {
    /// The id of the response in the provider's system.
    pub id: Option<String>,
    /// The model that responded.
    pub model: Option<String>,
    /// What it wrote: a message for each choice.
    pub messages: Vec<Message>,
    /// Tokens used.
    pub usage: Usage,
    /// The cost, where the response has it.
    pub cost: Cost,
    /// The error that the response reports.
    pub error: Option<Status>,
}

impl ProviderResponse {
    /// Reads the body of a response.
    pub fn read(body: &Value) -> Self {
        let usage = body.get("usage").unwrap_or(&Value::Null);
        Self {
            id: string(body, &["id"]).map(str::to_owned),
            model: string(body, &["model"]).map(str::to_owned),
            messages: read_output(body),
            usage: read_usage(usage),
            cost: read_cost(usage),
            error: body.get("error").and_then(read_error),
        }
    }
}

fn read_output(body: &Value) -> Vec<Message> {
    let list = |name: &str| body.get(name).and_then(Value::as_array);
    if let Some(choices) = list("choices") {
        choices.iter().filter_map(read_choice).collect()
    } else if let Some(items) = list("output") {
        let reason = body
            .get("incomplete_details")
            .and_then(|details| string(details, &["reason"]));
        read_items(items, reason).into_iter().collect()
    } else if let Some(blocks) = list("content") {
        vec![Message {
            role: string(body, &["role"]).map_or(Role::Assistant, Role::from),
            parts: blocks.iter().map(read_part).collect(),
            finish_reason: string(body, &["stop_reason"]).map(str::to_owned),
        }]
    } else {
        Vec::new()
    }
}

/// Reads a choice of chat completions, or of the older completions.
fn read_choice(choice: &Value) -> Option<Message> {
    let finish_reason = string(choice, &["finish_reason"]).map(str::to_owned);
    if let Some(content) = string(choice, &["text"]) {
        return Some(Message {
            finish_reason,
            ..Message::assistant(content)
        });
    }
    let message = choice.get("message")?;
    let role = string(message, &["role"]).map_or(Role::Assistant, Role::from);
    Some(Message {
        parts: message_parts(message, &role),
        role,
        finish_reason,
    })
}

/// Reads the items of OpenAI's responses: one message of the model, whose parts are spread over items.
pub(super) fn read_items<'v>(
    items: impl IntoIterator<Item = &'v Value>,
    finish_reason: Option<&str>,
) -> Option<Message> {
    let mut parts = Vec::new();
    for item in items {
        match string(item, &["type"]) {
            Some("message") => parts.extend(message_parts(item, &Role::Assistant)),
            Some("reasoning") => parts.extend(reasoning_parts(item)),
            Some(_) => parts.push(read_part(item)),
            None => parts.push(text(&item.to_string())),
        }
    }
    (!parts.is_empty()).then(|| Message {
        role: Role::Assistant,
        parts,
        finish_reason: finish_reason.map(str::to_owned),
    })
}

/// Reads the property `error`: an object with a message, or text.
pub(super) fn read_error(error: &Value) -> Option<Status> {
    let message = error.as_str().or_else(|| string(error, &["message"]))?;
    Some(Status::Error {
        kind: string(error, &["code", "type"]).map(str::to_owned),
        message: message.to_owned(),
    })
}
