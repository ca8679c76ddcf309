//! A prompt, and what it becomes with values.

use super::{FetchedPrompt, PromptError};
use crate::model::{Message, Part, PromptVersion};
use crate::recording::Payload;

/// Where a prompt comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PromptOrigin {
    /// The vendor's present version, or the one in the cache.
    Vendor,
    /// A version that was fetched earlier: the vendor did not respond, for this reason.
    Stale(String),
    /// The program's own messages.
    Fallback(PromptError),
}

/// A prompt. Its variables are written in double braces: `{{name}}`.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Prompt {
    /// Its name.
    pub name: String,
    /// Its version; `None` for a fallback.
    pub version: Option<String>,
    /// Its messages, with variables.
    pub messages: Vec<Message>,
    /// Where it comes from.
    pub origin: PromptOrigin,
}

impl Prompt {
    pub(super) fn fetched(name: &str, prompt: &FetchedPrompt, error: Option<String>) -> Self {
        Self {
            name: name.to_owned(),
            version: Some(prompt.version.clone()),
            messages: prompt.messages.clone(),
            origin: error.map_or(PromptOrigin::Vendor, PromptOrigin::Stale),
        }
    }

    pub(super) fn fallback(name: &str, messages: Vec<Message>, error: PromptError) -> Self {
        Self {
            name: name.to_owned(),
            version: None,
            messages,
            origin: PromptOrigin::Fallback(error),
        }
    }

    /// Returns the messages with values in place of variables. A variable without a value is unchanged.
    pub fn render<'v>(
        &self,
        values: impl IntoIterator<Item = (&'v str, &'v str)>,
    ) -> RenderedPrompt {
        let values: Vec<(&str, &str)> = values.into_iter().collect();
        let mut messages = self.messages.clone();
        let parts = messages.iter_mut().flat_map(|message| &mut message.parts);
        for part in parts {
            if let Part::Text { content } = part {
                *content = fill(content, &values);
            }
        }
        let version = self.version.as_ref().map(|version| PromptVersion {
            name: self.name.clone(),
            version: Some(version.clone()),
        });
        RenderedPrompt { messages, version }
    }
}

/// Replaces variables, in one pass: values are not searched for variables.
fn fill(template: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        filled.push_str(before);
        let variable = after.split_once("}}");
        let found = variable.and_then(|(name, after)| {
            let value = values.iter().find(|(other, _)| *other == name.trim())?;
            Some((value.1, after))
        });
        match found {
            Some((value, after)) => {
                filled.push_str(value);
                rest = after;
            }
            None => {
                filled.push_str("{{");
                rest = after;
            }
        }
    }
    filled.push_str(rest);
    filled
}

/// The messages of a prompt, as they are sent to a model. A span that has it as input is linked to the prompt.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct RenderedPrompt {
    /// The messages.
    pub messages: Vec<Message>,
    /// The prompt and its version; `None` for a fallback.
    pub version: Option<PromptVersion>,
}

impl From<RenderedPrompt> for Payload {
    fn from(rendered: RenderedPrompt) -> Self {
        match rendered.version {
            Some(version) => Self::Prompt {
                messages: rendered.messages,
                version,
            },
            None => Self::Messages(rendered.messages),
        }
    }
}

impl From<&RenderedPrompt> for Payload {
    fn from(rendered: &RenderedPrompt) -> Self {
        rendered.clone().into()
    }
}
