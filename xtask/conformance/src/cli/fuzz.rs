//! `cargo xtask fuzz`.

use std::path::PathBuf;
use std::sync::Mutex;
use std::time::Duration;

use crate::corpus::{Corpus, Ending, corpus, documents};
use crate::fuzz::{Fuzz, Tally, fuzz};
use observatory_codegen::cli::progress::Progress;
use observatory_codegen::cli::terminal::{print_line, print_warning};
use observatory_codegen::diag::Error;
use xtask::repository::repository;

/// Run documents as nobody writes them through the generator, and keep those that do what none may.
///
/// Real documents and the fixtures are changed at random. A mutant may be refused; a panic, no end, output outside the
/// crate, and output that is no Rust are finds, kept in target/fuzz/finds.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  cargo xtask fuzz --count 1000
  cargo run --release -p xtask -- fuzz --minutes 30 --seed 7 --check-sample 60
  cargo xtask fuzz --documents ../shared/corpus/documents")]
pub(super) struct Args {
    /// What the changes are chosen by: the same seed makes the same mutants
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many mutants at most [default: 1000, or as many as there is time for]
    #[arg(long)]
    count: Option<u64>,
    /// How long at most
    #[arg(long)]
    minutes: Option<u64>,
    /// How long one mutant may take
    #[arg(long, value_name = "SECONDS", default_value_t = 20)]
    time_limit: u64,
    /// How many at once [default: as many as there are processors]
    #[arg(long, value_name = "N")]
    jobs: Option<usize>,
    /// Compile so many of the crates of mutants that are generated whole
    #[arg(long, value_name = "N", default_value_t = 0)]
    check_sample: usize,
    /// A folder of documents to change [default: those in specs/ and tests/fixtures/]
    #[arg(long, value_name = "DIR")]
    documents: Option<PathBuf>,
}

pub(super) fn run(args: &Args) -> Result<bool, Error> {
    let root = repository()?;
    let all = match &args.documents {
        Some(folder) => documents(folder)?,
        None => {
            let mut all = documents(&root.join("specs"))?;
            all.extend(documents(&root.join("tests/fixtures"))?);
            all.retain(|path| !path.ends_with("overlay.yaml"));
            all
        }
    };
    let forever = 60 * 24 * 365;
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let asked = Fuzz {
        documents: all,
        seed: args.seed,
        count: args.count.unwrap_or(if args.minutes.is_some() {
            u64::MAX
        } else {
            1000
        }),
        time: Duration::from_secs(60 * args.minutes.unwrap_or(forever)),
        time_limit: Duration::from_secs(args.time_limit),
        jobs: args.jobs.unwrap_or(cores),
        folder: root.join("target/fuzz"),
        sample: args.check_sample,
    };
    let progress = Mutex::new(Progress::start());
    let tally = fuzz(&asked, &|tally| {
        if let Ok(mut progress) = progress.lock() {
            progress.next(&line(tally));
        }
    })?;
    if let Ok(mut progress) = progress.lock() {
        progress.clear();
    }
    print_line(format_args!("{}", line(&tally)))?;
    for (path, what) in &tally.finds {
        print_warning(&format!("{}: {what}", path.display()));
    }
    Ok(tally.finds.is_empty() & compiles(&asked, &tally)?)
}

fn line(tally: &Tally) -> String {
    format!(
        "{} mutants: {} refused, {} with gaps, {} whole, {} finds",
        tally.tried,
        tally.refused,
        tally.gaps,
        tally.whole,
        tally.finds.len()
    )
}

/// Compiles the sample as `corpus` does.
fn compiles(asked: &Fuzz, tally: &Tally) -> Result<bool, Error> {
    if tally.sample.is_empty() {
        return Ok(true);
    }
    let survey = corpus(&Corpus {
        documents: tally.sample.clone(),
        folder: asked.folder.join("sample"),
        jobs: asked.jobs,
        time_limit: asked.time_limit,
        check_sample: tally.sample.len(),
        scratch: asked.folder.clone(),
        runtime: repository()?.join("crates/runtime"),
    })?;
    let mut good = true;
    for outcome in &survey.outcomes {
        if let Ending::Broken(what) = &outcome.ending {
            print_warning(&format!("sample/{}: {what}", outcome.document));
            good = false;
        }
    }
    print_line(format_args!(
        "{} of them compiled{}",
        survey.compiled,
        if good { "" } else { ", not all well" }
    ))?;
    Ok(good)
}
