//! Messages, by who sent them.

use crate::models::{Message, MessageContent, MessageRole};

impl Message {
    /// A message of the user.
    #[must_use]
    pub fn user(content: impl Into<MessageContent>) -> Self {
        Self::new(content, MessageRole::User)
    }

    /// A message of the model.
    #[must_use]
    pub fn assistant(content: impl Into<MessageContent>) -> Self {
        Self::new(content, MessageRole::Assistant)
    }

    /// A message of the application, which tells the model how to behave.
    #[must_use]
    pub fn system(content: impl Into<MessageContent>) -> Self {
        Self::new(content, MessageRole::System)
    }

    /// What a tool answered to the call of this id.
    #[must_use]
    pub fn tool(call_id: impl Into<String>, content: impl Into<MessageContent>) -> Self {
        Self::new(content, MessageRole::Tool).tool_call_id(call_id.into())
    }
}
