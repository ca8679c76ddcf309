//! `cargo xtask fuzz`.

use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Duration;

use observatory_codegen::cli::progress::Progress;
use observatory_codegen::cli::terminal::{print_line, print_warning};
use observatory_codegen::diag::Error;
use xtask::repository::repository_root;

use super::output::default_jobs;
use crate::corpus::{CorpusOptions, DocumentOutcome, find_documents, generate_corpus};
use crate::fuzz::{FuzzOptions, FuzzSummary, MutantKind, run_fuzz};

/// The number of mutants without --count and --minutes.
const DEFAULT_COUNT: u64 = 1000;

/// The longest total time without --minutes: a year.
const MAX_MINUTES: u64 = 60 * 24 * 365;

/// Generate randomly mutated documents and keep those that break a guarantee
///
/// The documents of specs/ and tests/fixtures/ are changed at random. The generator may reject a mutant. A panic, a
/// timeout, a file outside the crate, a file that does not parse and a control character in a message are failures. The
/// failing mutants are written to target/fuzz/failures.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  cargo xtask fuzz --count 1000
  cargo xtask fuzz --kind overlay --minutes 10
  cargo run --release -p observatory-conformance -- fuzz --minutes 30 --seed 7 --check-sample 60
  cargo xtask fuzz --documents ../shared/corpus/documents")]
pub(super) struct Args {
    /// What is changed: the values of documents, the text of YAML documents, or overlays
    #[arg(long, value_enum, value_name = "KIND", default_value_t)]
    kind: MutantKind,
    /// The seed of the random number generator: the same seed gives the same mutants
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The largest number of mutants [default: 1000; unlimited with --minutes]
    #[arg(long, value_name = "N")]
    count: Option<u64>,
    /// The longest total time
    #[arg(long, value_name = "MINUTES")]
    minutes: Option<u64>,
    /// The time limit of one mutant
    #[arg(long, value_name = "SECONDS", default_value_t = 20)]
    time_limit: u64,
    /// The number of mutants generated in parallel [default: the number of processors]
    #[arg(long, value_name = "N")]
    jobs: Option<usize>,
    /// The number of generated mutants whose crates are compiled
    #[arg(long, value_name = "N", default_value_t = 0)]
    check_sample: usize,
    /// A folder of documents to mutate [default: specs/ and tests/fixtures/]
    #[arg(long, value_name = "DIR")]
    documents: Option<PathBuf>,
}

/// Runs the command. Returns whether no mutant failed and the sample compiles.
pub(super) fn run(args: &Args) -> Result<bool, Error> {
    let root = repository_root()?;
    let default_count = match args.minutes {
        Some(_) => u64::MAX,
        None => DEFAULT_COUNT,
    };
    let options = FuzzOptions {
        kind: args.kind,
        documents: match &args.documents {
            Some(folder) => find_documents(folder)?,
            None => default_documents(&root)?,
        },
        seed: args.seed,
        count: args.count.unwrap_or(default_count),
        duration: Duration::from_secs(60 * args.minutes.unwrap_or(MAX_MINUTES)),
        time_limit: Duration::from_secs(args.time_limit),
        jobs: args.jobs.unwrap_or_else(default_jobs),
        folder: root.join("target/fuzz"),
        sample: args.check_sample,
    };
    let progress = Mutex::new(Progress::start());
    let summary = run_fuzz(&options, &|summary| {
        if let Ok(mut progress) = progress.lock() {
            progress.show(&format_summary(summary));
        }
    })?;
    if let Ok(mut progress) = progress.lock() {
        progress.clear();
    }
    print_line(format_args!("{}", format_summary(&summary)))?;
    for (path, reason) in &summary.failures {
        print_warning(&format!("error: {}: {reason}", path.display()));
    }
    Ok(summary.failures.is_empty() & check_sample(&options, &summary)?)
}

/// Returns the pinned documents and the fixtures of the repository.
fn default_documents(root: &Path) -> Result<Vec<PathBuf>, Error> {
    let mut documents = find_documents(&root.join("specs"))?;
    documents.extend(find_documents(&root.join("tests/fixtures"))?);
    documents.retain(|path| !path.ends_with("overlay.yaml"));
    Ok(documents)
}

fn format_summary(summary: &FuzzSummary) -> String {
    format!(
        "{} mutants: {} rejected, {} with gaps, {} generated, {} failures",
        summary.mutants,
        summary.rejected,
        summary.gaps,
        summary.generated,
        summary.failures.len()
    )
}

/// Compiles the crates of the sample. Returns whether all of them compile.
fn check_sample(options: &FuzzOptions, summary: &FuzzSummary) -> Result<bool, Error> {
    if summary.sample.is_empty() {
        return Ok(true);
    }
    let corpus_options = CorpusOptions {
        documents: summary.sample.clone(),
        folder: options.folder.join("sample"),
        jobs: options.jobs,
        time_limit: options.time_limit,
        check_sample: summary.sample.len(),
        scratch: options.folder.clone(),
        runtime: repository_root()?.join("crates/runtime"),
    };
    let mut progress = Progress::start();
    let report = generate_corpus(&corpus_options, &mut |step| progress.show(step))?;
    progress.clear();
    let mut errors = 0;
    for result in &report.results {
        if let DocumentOutcome::CompileError(message) = &result.outcome {
            print_warning(&format!("error: sample/{}: {message}", result.document));
            errors += 1;
        }
    }
    let compiled = report.compiled;
    print_line(format_args!("{compiled} crates checked, {errors} errors"))?;
    Ok(errors == 0)
}
