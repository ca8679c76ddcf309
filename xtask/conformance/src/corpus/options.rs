//! Which documents to generate.

use std::path::PathBuf;
use std::time::Duration;

/// Which documents, and how much to ask of them.
#[derive(Clone, Debug)]
pub struct Corpus {
    /// The documents.
    pub documents: Vec<PathBuf>,
    /// The folder that they are named from.
    pub folder: PathBuf,
    /// How many at once.
    pub jobs: usize,
    /// How long one may take.
    pub time_limit: Duration,
    /// How many crates to compile.
    pub check_sample: usize,
    /// Where to compile them.
    pub scratch: PathBuf,
    /// The runtime that they are compiled with.
    pub runtime: PathBuf,
}
