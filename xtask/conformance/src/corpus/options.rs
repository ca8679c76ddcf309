//! Which documents to generate.

use std::path::PathBuf;
use std::time::Duration;

/// Which documents to generate, and how.
#[derive(Clone, Debug)]
pub struct CorpusOptions {
    /// The documents.
    pub documents: Vec<PathBuf>,
    /// The folder to which the names of documents are relative.
    pub folder: PathBuf,
    /// The number of documents generated in parallel.
    pub jobs: usize,
    /// The time limit of one document.
    pub time_limit: Duration,
    /// The number of generated crates to compile.
    pub check_sample: usize,
    /// The folder in which crates are compiled.
    pub scratch: PathBuf,
    /// The path of the runtime that the crates depend on.
    pub runtime: PathBuf,
}
