//! What to send through which types.

use regex::Regex;

use crate::shared::source::Source;

/// What to send through which types.
#[derive(Clone, Debug)]
pub struct Roundtrip {
    /// The document.
    pub source: Source,
    /// The schemas to try, by their pointer.
    pub schemas: Option<Regex>,
    /// Instances of a schema.
    pub count: usize,
    /// Where chance starts from.
    pub seed: u64,
}
