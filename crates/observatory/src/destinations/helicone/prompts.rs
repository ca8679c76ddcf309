//! Fetches the version of a prompt in an environment of Helicone.

use super::Helicone;
use crate::destinations::BoxFuture;
use crate::destinations::prompts::{FetchedPrompt, PromptSource};
use crate::destinations::reading::SourceError;
use crate::destinations::stored::{found, read};
use crate::model::Role;
use crate::providers::read_messages;
use observatory_helicone::models::GetPrompt2025EnvironmentVersionRequest;

impl PromptSource for Helicone {
    fn fetch<'a>(
        &'a self,
        name: &'a str,
        label: &'a str,
    ) -> BoxFuture<'a, Result<Option<FetchedPrompt>, SourceError>> {
        Box::pin(self.fetch_prompt(name, label))
    }
}

impl Helicone {
    async fn fetch_prompt(
        &self,
        prompt: &str,
        environment: &str,
    ) -> Result<Option<FetchedPrompt>, SourceError> {
        let prompts = self.client.prompt2025();
        let body = GetPrompt2025EnvironmentVersionRequest::new(environment, prompt);
        let version = read(prompts.get_environment_version(body), self.timeout).await;
        let Some(version) = found(version)? else {
            return Ok(None);
        };
        // The version has the address of its body.
        let body = read(prompts.get_version_body(version.id.clone()), self.timeout).await?;
        let messages = serde_json::to_value(body.messages).unwrap_or_default();
        Ok(Some(FetchedPrompt {
            version: format!("{}.{}", version.major_version, version.minor_version),
            messages: read_messages(&messages, &Role::User),
        }))
    }
}
