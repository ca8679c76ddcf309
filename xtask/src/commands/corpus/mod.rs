//! `cargo xtask corpus`: every document of a folder through the generator, and what came of each.

mod compile;
mod each;
mod report;
mod survey;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::{say, warn};
use crate::diag::{Code, Error};

pub use survey::{Ending, Outcome, Survey};

/// Generate every document below a folder in memory, and count what comes of it by cause.
///
/// A document is generated whole, or refused at a place where it is wrong itself. Anything else is a fault of ours,
/// and the command fails: a gap, a panic, a refusal without a place, a crate that does not compile.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  cargo xtask corpus ../shared/corpus/documents
  cargo xtask corpus ../shared/corpus/documents --check-sample 60 --markdown corpus.md")]
pub(super) struct Args {
    /// The folder; what ends in .json, .yaml or .yml is a document
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// How many documents at once [default: as many as there are processors]
    #[arg(long, value_name = "N")]
    jobs: Option<usize>,
    /// Compile so many of the crates, spread over all of them, below target/corpus
    #[arg(long, value_name = "N", default_value_t = 0)]
    check_sample: usize,
    /// How long one document may take
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    time_limit: u64,
    /// Write the table to a file, too
    #[arg(long, value_name = "FILE")]
    markdown: Option<PathBuf>,
}

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

pub(super) fn run(args: &Args) -> Result<bool, Error> {
    let root = crate::pipeline::repository()?;
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let asked = Corpus {
        documents: documents(&args.folder)?,
        folder: args.folder.clone(),
        jobs: args.jobs.unwrap_or(cores).max(1),
        time_limit: Duration::from_secs(args.time_limit),
        check_sample: args.check_sample,
        scratch: root.join("target/corpus"),
        runtime: root.join("crates/runtime"),
    };
    if asked.documents.is_empty() {
        let message = format!("there is no document below {}", args.folder.display());
        return Err(Error::plain(Code::Io, message, None));
    }
    let survey = corpus(&asked)?;
    say(format_args!("{}", report::text(&survey).trim_end()))?;
    if let Some(path) = &args.markdown {
        fs::write(path, report::markdown(&survey)).map_err(|why| Error::io(path, &why))?;
    }
    let ours = survey.ours().count();
    if ours > 0 {
        warn(&format!("{ours} of these are faults of the generator"));
    }
    Ok(ours == 0)
}

/// Generates every document, and compiles a sample of what came of them.
///
/// # Errors
/// When the disk refuses, or there is no cargo to compile with. Whatever is wrong with a document is its outcome.
pub fn corpus(asked: &Corpus) -> Result<Survey, Error> {
    let mut survey = Survey {
        outcomes: each::generate(asked),
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
