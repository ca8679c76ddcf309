//! Which operations to call, and how often.

use crate::shared::source::DocumentSource;

/// Which operations to call, and how often.
#[derive(Clone, Debug)]
pub struct ChaosOptions {
    /// The documents.
    pub sources: Vec<DocumentSource>,
    /// The number of calls of all documents together. Each operation is called as often as the others.
    pub calls: u64,
    /// The seed of the random number generator.
    pub seed: u64,
}
