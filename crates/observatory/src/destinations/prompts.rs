//! What vendors offer for prompts that they manage.

use super::BoxFuture;
use super::reading::SourceError;
use crate::model::Message;

/// A version of a prompt, as a vendor has it.
#[derive(Clone, Debug, PartialEq)]
pub struct FetchedPrompt {
    /// The version.
    pub version: String,
    /// The messages, with variables in double braces. A prompt that is one text is a message of the user.
    pub messages: Vec<Message>,
}

/// Fetches prompts of a vendor. A [`Destination`](super::Destination) returns it from
/// [`prompt_source`](super::Destination::prompt_source).
pub trait PromptSource: Send + Sync {
    /// Requests the version of a prompt to which a label points. `None` where the vendor has none.
    fn fetch<'a>(
        &'a self,
        name: &'a str,
        label: &'a str,
    ) -> BoxFuture<'a, Result<Option<FetchedPrompt>, SourceError>>;
}
