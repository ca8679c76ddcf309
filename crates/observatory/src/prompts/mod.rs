//! Prompts that a vendor manages, fetched so that its outage never stops the program.
//!
//! ```no_run
//! # async fn example(observatory: llm_observatory::Observatory) -> Result<(), llm_observatory::prompts::PromptError> {
//! use llm_observatory::model::Message;
//!
//! let prompts = observatory.prompts("langfuse")?;
//! let fallback = [Message::user("Why is {{what}} blue?")];
//! let prompt = prompts.get_or("sky", "production", fallback).await;
//!
//! let trace = observatory.trace("support request");
//! let call = trace.llm("chat").input(prompt.render([("what", "the sky")])).start();
//! # Ok(())
//! # }
//! ```
//!
//! A span whose input is a rendered prompt is linked to the prompt and its version.
//!
//! | vendor | name | label |
//! | --- | --- | --- |
//! | Langfuse | name | label |
//! | Braintrust | slug | environment |
//! | Adaline | id of the prompt | id of the deployment environment |
//! | Galileo | name of the template | number of the version, or `latest` |
//! | Helicone | id of the prompt | environment |

mod cache;
mod prompt;

pub use crate::destinations::prompts::{FetchedPrompt, PromptSource};
pub(crate) use cache::PromptCache;
pub use prompt::{Prompt, PromptOrigin, RenderedPrompt};

use crate::delivery::Engine;
use crate::destinations::Destination;
use crate::model::Message;
use cache::{Key, State};
use std::error::Error;
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Fetches prompts of one destination. See the [module](crate::prompts).
///
/// All handles of an observatory share one cache.
#[derive(Clone)]
pub struct Prompts {
    engine: Arc<Engine>,
    destination: Arc<dyn Destination>,
    cache: Arc<PromptCache>,
    cache_for: Duration,
    timeout: Duration,
}

impl Prompts {
    pub(crate) fn new(
        engine: Arc<Engine>,
        destination: Arc<dyn Destination>,
        cache: Arc<PromptCache>,
    ) -> Result<Self, PromptError> {
        if destination.prompt_source().is_none() {
            return Err(PromptError::Unsupported(destination.name().to_owned()));
        }
        Ok(Self {
            engine,
            destination,
            cache,
            cache_for: Duration::from_secs(60),
            timeout: Duration::from_secs(3),
        })
    }

    /// Sets how long a prompt is used before it is requested again. Default: 60 seconds.
    #[must_use]
    pub fn cache_for(mut self, time: Duration) -> Self {
        self.cache_for = time;
        self
    }

    /// Sets how long the vendor may take to respond. Default: 3 seconds.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Returns the prompt, or the fallback where the vendor does not respond in time and no version was fetched before.
    pub async fn get_or(
        &self,
        name: &str,
        label: &str,
        fallback: impl Into<Vec<Message>>,
    ) -> Prompt {
        match self.get(name, label).await {
            Ok(prompt) => prompt,
            Err(error) => Prompt::fallback(name, fallback.into(), error),
        }
    }

    /// Returns the prompt: from the cache, from the vendor, or, where the vendor does not respond in time, the version that
    /// was fetched last.
    ///
    /// After a failure, the vendor is not asked again for 5 seconds.
    ///
    /// # Errors
    ///
    /// The vendor does not have the prompt, or does not respond in time and no version was fetched before.
    pub async fn get(&self, name: &str, label: &str) -> Result<Prompt, PromptError> {
        let key: Key = [self.destination.name(), name, label].map(str::to_owned);
        match self.cache.find(&key, self.cache_for, Instant::now()) {
            State::Fresh(prompt) => return Ok(Prompt::fetched(name, &prompt, None)),
            State::Failed(Some(prompt), error) => {
                return Ok(Prompt::fetched(name, &prompt, Some(error)));
            }
            State::Failed(None, error) => return Err(PromptError::Failed(error)),
            State::Expired => {}
        }
        let result = self.fetch(name, label).await;
        let now = Instant::now();
        match result {
            Ok(Some(prompt)) => {
                let prompt = self.cache.insert(key, prompt, now);
                Ok(Prompt::fetched(name, &prompt, None))
            }
            Ok(None) => {
                self.cache.remove(&key);
                Err(PromptError::NotFound {
                    name: name.to_owned(),
                    label: label.to_owned(),
                })
            }
            Err(error) => match self.cache.note_failure(key, &error, now) {
                Some(prompt) => Ok(Prompt::fetched(name, &prompt, Some(error))),
                None => Err(PromptError::Failed(error)),
            },
        }
    }

    /// Requests a prompt from the background thread, on which the vendor's client runs.
    async fn fetch(&self, name: &str, label: &str) -> Result<Option<FetchedPrompt>, String> {
        let destination = Arc::clone(&self.destination);
        let (name, label, timeout) = (name.to_owned(), label.to_owned(), self.timeout);
        let call = async move {
            let Some(source) = destination.prompt_source() else {
                return Ok(None);
            };
            match tokio::time::timeout(timeout, source.fetch(&name, &label)).await {
                Ok(result) => result.map_err(|error| error.to_string()),
                Err(_) => Err(format!("no response within {timeout:?}")),
            }
        };
        let result = self.engine.run(call).await;
        result.unwrap_or_else(|| Err("the observatory was dropped".to_owned()))
    }
}

impl fmt::Debug for Prompts {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Prompts")
            .field("destination", &self.destination.name())
            .field("cache_for", &self.cache_for)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}

/// Why there is no prompt.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PromptError {
    /// No destination has this name.
    UnknownDestination(String),
    /// The API of this destination has no prompts. No request was sent.
    Unsupported(String),
    /// The vendor does not have the prompt.
    NotFound {
        /// The name that was asked for.
        name: String,
        /// The label that was asked for.
        label: String,
    },
    /// The vendor did not respond in time, or not with a prompt.
    Failed(String),
}

impl fmt::Display for PromptError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownDestination(name) => write!(out, "no destination is named `{name}`"),
            Self::Unsupported(name) => write!(out, "the API of `{name}` has no prompts"),
            Self::NotFound { name, label } => {
                write!(out, "there is no prompt `{name}` with the label `{label}`")
            }
            Self::Failed(reason) => write!(out, "the prompt was not fetched: {reason}"),
        }
    }
}

impl Error for PromptError {}
