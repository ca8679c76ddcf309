//! Fetches prompts of Braintrust by slug and environment.

use super::Braintrust;
use crate::destinations::prompts::{FetchedPrompt, PromptSource};
use crate::destinations::reading::SourceError;
use crate::destinations::stored::read;
use crate::destinations::{BoxFuture, Outcome};
use crate::model::{Message, Role};
use crate::providers::read_messages;
use observatory_braintrust::models::Prompt;
use serde_json::Value;

impl PromptSource for Braintrust {
    fn fetch<'a>(
        &'a self,
        name: &'a str,
        label: &'a str,
    ) -> BoxFuture<'a, Result<Option<FetchedPrompt>, SourceError>> {
        Box::pin(self.fetch_prompt(name, label))
    }
}

impl Braintrust {
    async fn fetch_prompt(
        &self,
        slug: &str,
        environment: &str,
    ) -> Result<Option<FetchedPrompt>, SourceError> {
        let project = self.find_project().await.map_err(Outcome::into_reason)?;
        let mut request = self.client.prompts().list();
        request.project_id = Some(project);
        request.slug = Some(slug.to_owned());
        request.environment = Some(environment.to_owned());
        let response = read(request, self.timeout).await?;
        Ok(response.objects.into_iter().next().map(prompt))
    }
}

fn prompt(prompt: Prompt) -> FetchedPrompt {
    let version = prompt.xact_id.clone();
    // The blocks of chat and completion have no type in common: their properties are read from their JSON.
    let data = serde_json::to_value(prompt.prompt_data).unwrap_or_default();
    let block = data.get("prompt").unwrap_or(&Value::Null);
    let messages = match (block.get("messages"), block.get("content")) {
        (Some(messages), _) => read_messages(messages, &Role::User),
        (None, Some(Value::String(text))) => vec![Message::user(text.clone())],
        (None, _) => Vec::new(),
    };
    FetchedPrompt { version, messages }
}
