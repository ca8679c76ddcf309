//! Generates every document of a folder and classifies the outcomes: `cargo xtask corpus`.

mod compile;
mod generate;
mod options;
mod outcome;
pub mod report;

use std::fs;
use std::path::{Path, PathBuf};

use observatory_codegen::diag::Error;

pub use options::CorpusOptions;
pub use outcome::{CorpusReport, DocumentOutcome, DocumentResult};

/// Generates every document and compiles a sample of the crates. `progress` is called with each step.
///
/// # Errors
/// When a file cannot be written or cargo cannot be started. Errors of a document are its outcome.
pub fn generate_corpus(
    options: &CorpusOptions,
    progress: &mut (dyn FnMut(&str) + Send),
) -> Result<CorpusReport, Error> {
    let mut report = CorpusReport {
        results: generate::generate_all(options, progress),
        compiled: 0,
    };
    compile::compile_sample(options, &mut report, progress)?;
    Ok(report)
}

/// Returns every file of a folder and its subfolders with the extension `json`, `yaml` or `yml`, sorted by path.
///
/// # Errors
/// When the folder cannot be read.
pub fn find_documents(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(|error| Error::io(folder, &error))? {
        let path = entry.map_err(|error| Error::io(folder, &error))?.path();
        if path.is_dir() {
            found.extend(find_documents(&path)?);
        } else if path.extension().is_some_and(|extension| {
            ["json", "yaml", "yml"]
                .iter()
                .any(|known| extension == *known)
        }) {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}
