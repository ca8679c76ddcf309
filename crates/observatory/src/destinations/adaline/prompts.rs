//! Fetches what is deployed of a prompt in an environment of Adaline.

use super::Adaline;
use crate::destinations::BoxFuture;
use crate::destinations::prompts::{FetchedPrompt, PromptSource};
use crate::destinations::reading::SourceError;
use crate::destinations::stored::{found, read};
use crate::model::{Message, Part};
use observatory_adaline::models::{MessageContent, PromptMessage};

impl PromptSource for Adaline {
    fn fetch<'a>(
        &'a self,
        name: &'a str,
        label: &'a str,
    ) -> BoxFuture<'a, Result<Option<FetchedPrompt>, SourceError>> {
        Box::pin(self.fetch_prompt(name, label))
    }
}

impl Adaline {
    async fn fetch_prompt(
        &self,
        prompt: &str,
        environment: &str,
    ) -> Result<Option<FetchedPrompt>, SourceError> {
        let mut request = self.client.deployments().get(prompt, "latest");
        request.deployment_environment_id = Some(environment.to_owned());
        let deployment = found(read(request, self.timeout).await)?;
        Ok(deployment.map(|deployment| FetchedPrompt {
            version: deployment.id,
            messages: deployment
                .prompt
                .messages
                .into_iter()
                .map(message)
                .collect(),
        }))
    }
}

/// Returns a message. Content other than text is kept as JSON.
fn message(message: PromptMessage) -> Message {
    let parts = message.content.into_iter().map(|content| Part::Text {
        content: match content {
            MessageContent::Text(text) => text.value,
            other => serde_json::to_value(other).unwrap_or_default().to_string(),
        },
    });
    Message::with_parts(message.role.as_str(), parts)
}
