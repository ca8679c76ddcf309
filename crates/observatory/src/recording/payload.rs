//! Input and output of a span.

use crate::model::{Message, PromptVersion};
use serde::Serialize;
use serde_json::Value;

/// The input or output of a span: messages of a conversation, or any JSON value.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Payload {
    /// Messages, as models read and write them.
    Messages(Vec<Message>),
    /// Messages that a prompt became. The span is linked to it.
    Prompt {
        /// The messages.
        messages: Vec<Message>,
        /// The prompt and its version.
        version: PromptVersion,
    },
    /// The value of a step other than a conversation.
    Value(Value),
}

impl Payload {
    /// Returns the value that `serde` writes for a program's own type, or its error's message where it writes none: a
    /// failure to record must not stop the program.
    pub fn json(value: &(impl Serialize + ?Sized)) -> Self {
        Self::Value(
            serde_json::to_value(value).unwrap_or_else(|error| Value::String(error.to_string())),
        )
    }
}

impl From<Message> for Payload {
    fn from(message: Message) -> Self {
        Self::Messages(vec![message])
    }
}

impl From<Vec<Message>> for Payload {
    fn from(messages: Vec<Message>) -> Self {
        Self::Messages(messages)
    }
}

impl From<&[Message]> for Payload {
    fn from(messages: &[Message]) -> Self {
        Self::Messages(messages.to_vec())
    }
}

impl<const N: usize> From<[Message; N]> for Payload {
    fn from(messages: [Message; N]) -> Self {
        Self::Messages(messages.into())
    }
}

impl From<Value> for Payload {
    fn from(value: Value) -> Self {
        Self::Value(value)
    }
}

impl From<&str> for Payload {
    fn from(text: &str) -> Self {
        Self::Value(text.into())
    }
}

impl From<String> for Payload {
    fn from(text: String) -> Self {
        Self::Value(text.into())
    }
}
