//! The options and the summary of fuzzing.

use std::path::PathBuf;
use std::time::Duration;

/// What is changed at random.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum MutantKind {
    /// The values of a document.
    #[default]
    Document,
    /// The text of a YAML document.
    Yaml,
    /// An overlay for an unchanged document: its paths and actions.
    Overlay,
}

/// Which documents to mutate, and how often.
#[derive(Clone, Debug)]
pub struct FuzzOptions {
    /// What is changed.
    pub kind: MutantKind,
    /// The documents to mutate.
    pub documents: Vec<PathBuf>,
    /// The seed of the random number generator.
    pub seed: u64,
    /// The largest number of mutants.
    pub count: u64,
    /// The longest total time.
    pub duration: Duration,
    /// The time limit of one mutant.
    pub time_limit: Duration,
    /// The number of mutants generated in parallel.
    pub jobs: usize,
    /// The folder for failing mutants and the sample.
    pub folder: PathBuf,
    /// The number of generated mutants to keep in the sample.
    pub sample: usize,
}

/// The outcomes of all mutants.
#[derive(Clone, Debug, Default)]
pub struct FuzzSummary {
    /// The number of mutants.
    pub mutants: u64,
    /// The mutants that the generator rejected.
    pub rejected: u64,
    /// The mutants with gaps.
    pub gaps: u64,
    /// The mutants that were generated completely.
    pub generated: u64,
    /// The files of mutants that broke a guarantee, with the reason.
    pub failures: Vec<(PathBuf, String)>,
    /// The files of generated mutants, to compile.
    pub sample: Vec<PathBuf>,
}
