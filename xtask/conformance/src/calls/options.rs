//! Which operations to call.

use regex::Regex;

use crate::shared::source::DocumentSource;

/// Which operations to call, and how often.
#[derive(Clone, Debug)]
pub struct CallOptions {
    /// The document.
    pub source: DocumentSource,
    /// Selects operations by `METHOD /path`; all operations if `None`.
    pub operations: Option<Regex>,
    /// The number of calls of each operation.
    pub count: usize,
    /// The seed of the random number generator.
    pub seed: u64,
}
