//! Prompts that were fetched.

use super::FetchedPrompt;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How long the vendor is not asked again after a failure.
const PAUSE: Duration = Duration::from_secs(5);

/// Destination, name and label.
pub(super) type Key = [String; 3];

/// Prompts of all destinations.
#[derive(Debug, Default)]
pub(crate) struct PromptCache(Mutex<HashMap<Key, Entry>>);

#[derive(Debug)]
struct Entry {
    /// The version that was fetched last.
    prompt: Option<Arc<FetchedPrompt>>,
    /// Why the last request failed.
    error: Option<String>,
    /// When the last request was sent or failed.
    checked: Instant,
}

/// What the cache has of a prompt.
pub(super) enum State {
    /// It can be used.
    Fresh(Arc<FetchedPrompt>),
    /// The last request failed a moment ago.
    Failed(Option<Arc<FetchedPrompt>>, String),
    /// It is to be requested.
    Expired,
}

impl PromptCache {
    /// Looks a prompt up. Where it has expired, the caller requests it; others use the old version meanwhile.
    pub(super) fn find(&self, key: &Key, cache_for: Duration, now: Instant) -> State {
        let mut entries = self.lock();
        let Some(entry) = entries.get_mut(key) else {
            return State::Expired;
        };
        let age = now.saturating_duration_since(entry.checked);
        match (&entry.prompt, &entry.error) {
            (prompt, Some(error)) if age < PAUSE => State::Failed(prompt.clone(), error.clone()),
            (Some(prompt), None) if age < cache_for => State::Fresh(Arc::clone(prompt)),
            _ => {
                entry.checked = now;
                State::Expired
            }
        }
    }

    pub(super) fn insert(
        &self,
        key: Key,
        prompt: FetchedPrompt,
        now: Instant,
    ) -> Arc<FetchedPrompt> {
        let prompt = Arc::new(prompt);
        let entry = Entry {
            prompt: Some(Arc::clone(&prompt)),
            error: None,
            checked: now,
        };
        self.lock().insert(key, entry);
        prompt
    }

    pub(super) fn remove(&self, key: &Key) {
        self.lock().remove(key);
    }

    /// Notes that a request failed, and returns the version that was fetched before.
    pub(super) fn note_failure(
        &self,
        key: Key,
        error: &str,
        now: Instant,
    ) -> Option<Arc<FetchedPrompt>> {
        let mut entries = self.lock();
        let entry = entries.entry(key).or_insert(Entry {
            prompt: None,
            error: None,
            checked: now,
        });
        entry.error = Some(error.to_owned());
        entry.checked = now;
        entry.prompt.clone()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Key, Entry>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
