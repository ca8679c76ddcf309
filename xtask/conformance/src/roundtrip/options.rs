//! Which schemas to send instances of.

use regex::Regex;

use crate::shared::source::DocumentSource;

/// Which schemas to send instances of, and how many.
#[derive(Clone, Debug)]
pub struct RoundtripOptions {
    /// The document.
    pub source: DocumentSource,
    /// Selects schemas and bodies by their JSON pointer; all of them if `None`.
    pub schemas: Option<Regex>,
    /// The number of instances of each schema.
    pub count: usize,
    /// The seed of the random number generator.
    pub seed: u64,
}
