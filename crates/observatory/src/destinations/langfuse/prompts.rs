//! Fetches prompts of Langfuse by name and label.

use super::Langfuse;
use crate::destinations::BoxFuture;
use crate::destinations::prompts::{FetchedPrompt, PromptSource};
use crate::destinations::reading::SourceError;
use crate::destinations::stored::{found, read};
use crate::model::{Message, Role};
use crate::providers::read_messages;
use observatory_langfuse::models::{ChatMessageWithPlaceholders, Prompt};

impl PromptSource for Langfuse {
    fn fetch<'a>(
        &'a self,
        name: &'a str,
        label: &'a str,
    ) -> BoxFuture<'a, Result<Option<FetchedPrompt>, SourceError>> {
        Box::pin(self.fetch_prompt(name, label))
    }
}

impl Langfuse {
    async fn fetch_prompt(
        &self,
        name: &str,
        label: &str,
    ) -> Result<Option<FetchedPrompt>, SourceError> {
        let mut request = self.client.prompts().get(name);
        request.label = Some(label.to_owned());
        let Some(prompt) = found(read(request, self.timeout).await)? else {
            return Ok(None);
        };
        Ok(Some(match prompt {
            Prompt::Text(prompt) => FetchedPrompt {
                version: prompt.version.to_string(),
                messages: vec![Message::user(prompt.prompt)],
            },
            Prompt::Chat(prompt) => FetchedPrompt {
                version: prompt.version.to_string(),
                messages: prompt.prompt.into_iter().flat_map(message).collect(),
            },
            _ => return Err("a prompt of an unknown type".into()),
        }))
    }
}

/// Returns a message. A placeholder, in whose place are several messages, becomes a variable.
fn message(item: ChatMessageWithPlaceholders) -> Vec<Message> {
    match item {
        ChatMessageWithPlaceholders::Chatmessage(message) => {
            vec![Message::new(message.role.as_str(), message.content)]
        }
        ChatMessageWithPlaceholders::Placeholder(placeholder) => {
            vec![Message::user(format!("{{{{{}}}}}", placeholder.name))]
        }
        // Older servers send no type.
        ChatMessageWithPlaceholders::Unknown(value) => read_messages(&value, &Role::User),
        _ => Vec::new(),
    }
}
