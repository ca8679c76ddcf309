//! What to call.

use regex::Regex;

use crate::shared::source::Source;

/// What to call.
#[derive(Clone, Debug)]
pub struct Calls {
    /// The document.
    pub source: Source,
    /// The operations to call, by `METHOD /path`.
    pub operations: Option<Regex>,
    /// Calls of an operation.
    pub count: usize,
    /// Where chance starts from.
    pub seed: u64,
}
