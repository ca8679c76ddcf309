//! Constructors of messages, by role.

use crate::models::{Message, MessageRole, TextOrContentPartList};

impl Message {
    /// Creates a user message.
    #[must_use]
    pub fn user(content: impl Into<TextOrContentPartList>) -> Self {
        Self::new(content, MessageRole::User)
    }

    /// Creates an assistant message.
    #[must_use]
    pub fn assistant(content: impl Into<TextOrContentPartList>) -> Self {
        Self::new(content, MessageRole::Assistant)
    }

    /// Creates a system message.
    #[must_use]
    pub fn system(content: impl Into<TextOrContentPartList>) -> Self {
        Self::new(content, MessageRole::System)
    }

    /// Creates a tool message with the result of the tool call `call_id`.
    #[must_use]
    pub fn tool(
        call_id: impl Into<String>,
        content: impl Into<TextOrContentPartList>,
    ) -> Self {
        Self::new(content, MessageRole::Tool).tool_call_id(call_id.into())
    }
}
