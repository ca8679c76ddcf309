//! `cargo xtask corpus`.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use observatory_codegen::cli::terminal::{print_line, print_warning};
use observatory_codegen::diag::{Code, Error};
use xtask::repository::repository;

use crate::corpus::{Corpus, corpus, documents, report};

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

pub(super) fn run(args: &Args) -> Result<bool, Error> {
    let root = repository()?;
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
        return Err(Error::new(Code::Io, message, None));
    }
    let survey = corpus(&asked)?;
    print_line(format_args!("{}", report::text(&survey).trim_end()))?;
    if let Some(path) = &args.markdown {
        fs::write(path, report::markdown(&survey)).map_err(|why| Error::io(path, &why))?;
    }
    let ours = survey.ours().count();
    if ours > 0 {
        print_warning(&format!("{ours} of these are faults of the generator"));
    }
    Ok(ours == 0)
}
