//! `cargo xtask chaos`.

use std::path::PathBuf;

use observatory_codegen::cli::progress::Progress;
use observatory_codegen::cli::terminal::{print_line, print_warning};
use observatory_codegen::diag::Error;
use xtask::repository::VendorFolder;

use super::output::{print_json, print_skipped};
use crate::chaos::{ChaosOptions, ChaosReport, run_chaos};
use crate::shared::source::DocumentSource;

/// Call every operation while the server fails at random
///
/// A local server refuses and loses connections, sends truncated, compressed, huge and mutated bodies, and does everything
/// else in the table of failure behavior in ARCHITECTURE.md. Each call has to end in its time, with the right value or an
/// error that names the cause, without the key in any text. Time is virtual.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  cargo xtask chaos
  cargo xtask chaos --spec specs/galileo/openapi.yaml --calls 20000 --seed 7")]
pub(super) struct Args {
    /// A document, YAML or JSON; can be repeated [default: the documents of specs/]
    #[arg(long, value_name = "FILE")]
    spec: Vec<PathBuf>,
    /// The number of calls, of all operations together
    #[arg(long, value_name = "N", default_value_t = 100_000)]
    calls: u64,
    /// The seed of the random number generator: the same seed gives the same calls
    #[arg(long, value_name = "SEED", default_value_t = 1)]
    seed: u64,
    /// Print the reports as JSON
    #[arg(long)]
    json: bool,
}

/// Runs the command. Returns whether every call ended as it should.
pub(super) fn run(args: &Args) -> Result<bool, Error> {
    let mut specs = args.spec.clone();
    if specs.is_empty() {
        let vendors = VendorFolder::find(&[])?;
        specs.extend(
            vendors
                .iter()
                .map(|vendor| vendor.spec_dir().join("openapi.yaml")),
        );
    }
    let sources: Result<_, Error> = specs
        .iter()
        .map(|spec| DocumentSource::from_path(spec))
        .collect();
    let options = ChaosOptions {
        sources: sources?,
        calls: args.calls,
        seed: args.seed,
    };
    let mut progress = Progress::start();
    let reports = run_chaos(&options, &mut |step| progress.show(step))?;
    progress.clear();
    if args.json {
        print_json(&reports)?;
    } else {
        for report in &reports {
            print_report(report)?;
        }
    }
    Ok(reports.iter().all(ChaosReport::is_success))
}

fn print_report(report: &ChaosReport) -> Result<(), Error> {
    let (name, outcome) = (&report.name, &report.outcome);
    for failure in &outcome.failures {
        print_warning(&format!("error: {name}: {failure}"));
    }
    print_skipped(&report.skipped)?;
    print_line(format_args!(
        "{name}: {} operations, {} calls, {} values, {} requests, {} s of virtual time, memory grew by {} bytes",
        report.operations,
        outcome.calls,
        outcome.values,
        outcome.requests,
        outcome.virtual_seconds,
        outcome.grown_bytes
    ))
}
