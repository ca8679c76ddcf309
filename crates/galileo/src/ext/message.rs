//! Constructors of messages, by role.

use crate::models::{Message, MessageContent, MessageRole};

impl Message {
    /// Creates a user message.
    #[must_use]
    pub fn user(content: impl Into<MessageContent>) -> Self {
        Self::new(content, MessageRole::User)
    }

    /// Creates an assistant message.
    #[must_use]
    pub fn assistant(content: impl Into<MessageContent>) -> Self {
        Self::new(content, MessageRole::Assistant)
    }

    /// Creates a system message.
    #[must_use]
    pub fn system(content: impl Into<MessageContent>) -> Self {
        Self::new(content, MessageRole::System)
    }

    /// Creates a tool message with the result of the tool call `call_id`.
    #[must_use]
    pub fn tool(call_id: impl Into<String>, content: impl Into<MessageContent>) -> Self {
        Self::new(content, MessageRole::Tool).tool_call_id(call_id.into())
    }
}
