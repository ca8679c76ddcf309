//! Fetches prompt templates of Galileo by name and version.

use super::Galileo;
use crate::destinations::prompts::{FetchedPrompt, PromptSource};
use crate::destinations::reading::SourceError;
use crate::destinations::stored::{found, read};
use crate::destinations::{BoxFuture, Outcome};
use crate::model::{Message, Role};
use crate::providers::read_messages;
use serde_json::Value;

/// The label of the newest version.
const LATEST: &str = "latest";

impl PromptSource for Galileo {
    fn fetch<'a>(
        &'a self,
        name: &'a str,
        label: &'a str,
    ) -> BoxFuture<'a, Result<Option<FetchedPrompt>, SourceError>> {
        Box::pin(self.fetch_prompt(name, label))
    }
}

impl Galileo {
    async fn fetch_prompt(
        &self,
        name: &str,
        label: &str,
    ) -> Result<Option<FetchedPrompt>, SourceError> {
        let version = match label {
            LATEST => None,
            number => Some(
                number
                    .parse::<i64>()
                    .map_err(|_| "a label of Galileo is a number or `latest`")?,
            ),
        };
        let place = self.find_place().await.map_err(Outcome::into_reason)?;
        let prompts = self.client.prompts();
        let mut request = prompts.get_template_version_by_name(place.project.clone(), name);
        request.version = version;
        let template = found(read(request, self.timeout).await)?;
        Ok(template.map(|template| FetchedPrompt {
            version: template.version.to_string(),
            messages: messages(serde_json::to_value(template.template).unwrap_or_default()),
        }))
    }
}

/// A template is one text, or messages.
fn messages(template: Value) -> Vec<Message> {
    match template {
        Value::String(text) => vec![Message::user(text)],
        messages => read_messages(&messages, &Role::User),
    }
}
