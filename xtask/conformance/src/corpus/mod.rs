//! Every document of a folder through the generator, and what came of each.

mod compile;
mod generate;
mod options;
mod outcome;
pub mod report;

use std::fs;
use std::path::{Path, PathBuf};

use observatory_codegen::diag::Error;

pub use options::Corpus;
pub use outcome::{Ending, Outcome, Survey};

/// Generates every document, and compiles a sample of what came of them.
///
/// # Errors
/// When the disk refuses, or there is no cargo to compile with. Whatever is wrong with a document is its outcome.
pub fn corpus(asked: &Corpus) -> Result<Survey, Error> {
    let mut survey = Survey {
        outcomes: generate::generate(asked),
        compiled: 0,
    };
    compile::sample(asked, &mut survey)?;
    Ok(survey)
}

/// Every document below a folder, in order.
///
/// # Errors
/// When the folder cannot be read.
pub fn documents(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(|why| Error::io(folder, &why))? {
        let path = entry.map_err(|why| Error::io(folder, &why))?.path();
        let known = ["json", "yaml", "yml"];
        if path.is_dir() {
            found.extend(documents(&path)?);
        } else if path
            .extension()
            .is_some_and(|ending| known.iter().any(|known| ending == *known))
        {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}
