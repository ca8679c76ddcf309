//! `cargo xtask corpus`.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use observatory_codegen::cli::progress::Progress;
use observatory_codegen::cli::terminal::{print_line, print_warning};
use observatory_codegen::diag::{Code, Error};
use xtask::repository::repository_root;

use super::output::default_jobs;
use crate::corpus::{CorpusOptions, find_documents, generate_corpus, report};

/// Generate every document of a folder in memory and count the outcomes by cause
///
/// A document is generated completely, or rejected with the place of its error. Every other outcome is a fault of the
/// generator, and the command fails: a gap, a panic, a rejection without a place, a crate that does not compile.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  cargo xtask corpus ../shared/corpus/documents
  cargo xtask corpus ../shared/corpus/documents --check-sample 60 --markdown corpus.md")]
pub(super) struct Args {
    /// The folder; its documents are the files *.json, *.yaml and *.yml, also in subfolders
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// The number of documents generated in parallel [default: the number of processors]
    #[arg(long, value_name = "N")]
    jobs: Option<usize>,
    /// The number of generated crates to compile, evenly distributed, in target/corpus
    #[arg(long, value_name = "N", default_value_t = 0)]
    check_sample: usize,
    /// The time limit of one document
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    time_limit: u64,
    /// Also write the report to a file, as Markdown
    #[arg(long, value_name = "FILE")]
    markdown: Option<PathBuf>,
}

/// Runs the command. Returns whether no outcome is a fault of the generator.
pub(super) fn run(args: &Args) -> Result<bool, Error> {
    let root = repository_root()?;
    let options = CorpusOptions {
        documents: find_documents(&args.folder)?,
        folder: args.folder.clone(),
        jobs: args.jobs.unwrap_or_else(default_jobs).max(1),
        time_limit: Duration::from_secs(args.time_limit),
        check_sample: args.check_sample,
        scratch: root.join("target/corpus"),
        runtime: root.join("crates/runtime"),
    };
    if options.documents.is_empty() {
        let message = format!("no document was found in {}", args.folder.display());
        let help = "name a folder with files *.json, *.yaml or *.yml";
        return Err(Error::new(Code::Io, message, Some(help)));
    }
    let mut progress = Progress::start();
    let results = generate_corpus(&options, &mut |step| progress.show(step))?;
    progress.clear();
    print_line(format_args!("{}", report::to_text(&results).trim_end()))?;
    if let Some(path) = &args.markdown {
        fs::write(path, report::to_markdown(&results)).map_err(|error| Error::io(path, &error))?;
    }
    let faults = results.generator_faults().count();
    if faults > 0 {
        print_warning(&format!("error: {faults} outcomes are generator faults"));
    }
    Ok(faults == 0)
}
