//! `cargo xtask bench`.

use std::env;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use observatory_codegen::cli::run_main;
use observatory_codegen::cli::terminal::{print_line, print_warning};
use observatory_codegen::diag::{Code, Error};

use crate::budget;
use crate::context::BenchContext;
use crate::parts::{PARTS, measure_lower_bound, measure_parts, stored_sections};
use crate::report::{ReportPage, write_page};

/// The default of `--runs`.
const DEFAULT_RUNS: usize = 5;

/// Measure the generator, the crates it generates and a call, and compare them with other generators
#[derive(Debug, clap::Parser)]
#[command(
    name = "cargo xtask bench",
    bin_name = "cargo xtask bench",
    after_help = "Examples:
  cargo xtask bench                                          without other generators
  scripts/install-peers.sh && cargo xtask bench --peers --markdown BENCHMARKS.md
  cargo xtask bench --only generation,compile --peers --runs 9
  cargo xtask bench --budget                                 what CI checks
  cargo xtask bench --budget --accept                        write the current figures to budgets.toml"
)]
struct Args {
    /// Also measure the generators that scripts/install-peers.sh installs
    #[arg(long)]
    peers: bool,
    /// Write the results as Markdown, and the chart next to the file
    #[arg(long, value_name = "FILE")]
    markdown: Option<PathBuf>,
    /// Print the results as JSON
    #[arg(long)]
    json: bool,
    /// The parts to measure: call, recording, delivery, repository, generation, compile, size, lower-bound, scaling,
    /// clean-build
    #[arg(long, value_delimiter = ',', value_name = "PARTS")]
    only: Vec<String>,
    /// How often each program runs
    #[arg(long, value_name = "N", default_value_t = DEFAULT_RUNS)]
    runs: usize,
    /// The folder with published documents [default: vendor-docs in the folder OBSERVATORY_SHARED]
    #[arg(long, value_name = "DIR")]
    documents: Option<PathBuf>,
    /// Compare counted figures with budgets.toml instead of measuring times
    #[arg(long)]
    budget: bool,
    /// Write the counted figures to budgets.toml
    #[arg(long, requires = "budget")]
    accept: bool,
    /// Print the CPU seconds of reading a document and of printing the files of a crate to a folder
    #[arg(long, hide = true, num_args = 3, value_names = ["DOCUMENT", "CRATE", "OUT"])]
    lower_bound: Vec<PathBuf>,
}

/// Runs the command that the process was started with. The exit code is 1 on any error.
pub fn main() -> ExitCode {
    run_main(|args: Args| run(&args))
}

fn run(args: &Args) -> Result<bool, Error> {
    if let [document, generated, out] = args.lower_bound.as_slice() {
        let seconds = measure_lower_bound(document, generated, out)?;
        print_line(format_args!("{seconds}"))?;
        return Ok(true);
    }
    if args.budget {
        return run_budget(args.accept);
    }
    check_part_names(&args.only)?;
    let documents = find_published(args.documents.as_deref());
    let progress = Box::new(|step: &str| print_warning(&format!("… {step}")));
    let context = BenchContext::new(args.runs.max(1), args.peers, documents.as_deref(), progress)?;
    let is_selected =
        |part: &str| args.only.is_empty() || args.only.iter().any(|name| name == part);
    // A complete run takes long. The page is written after each part, with the latest results of the others.
    let write = || match &args.markdown {
        Some(path) => write_page(
            &ReportPage::new(command_line(args), stored_sections(&context)),
            path,
        ),
        None => Ok(()),
    };
    let sections = measure_parts(&context, is_selected, write)?;
    let page = ReportPage::new(command_line(args), sections);
    if args.json {
        let json = serde_json::to_string(&page).unwrap_or_default();
        print_line(format_args!("{json}"))?;
    } else {
        for section in &page.sections {
            print_line(format_args!("{}", section.to_markdown()))?;
        }
    }
    let (all, met) = page.count_limits();
    print_warning(&format!("{met} of {all} limits are met"));
    Ok(true)
}

fn check_part_names(names: &[String]) -> Result<(), Error> {
    let is_known = |name: &str| PARTS.iter().any(|part| part.name == name);
    let Some(unknown) = names.iter().find(|name| !is_known(name)) else {
        return Ok(());
    };
    let known: Vec<&str> = PARTS.iter().map(|part| part.name).collect();
    let message = format!("unknown part `{}`", unknown.escape_debug());
    let help = format!("use one of: {}", known.join(", "));
    Err(Error::new(Code::Config, message, Some(&help)))
}

/// Returns the folder with the published documents: the argument, or the one in `OBSERVATORY_SHARED`.
fn find_published(argument: Option<&Path>) -> Option<PathBuf> {
    if argument.is_some() {
        return argument.map(Path::to_owned);
    }
    let shared = env::var_os("OBSERVATORY_SHARED").map(PathBuf::from);
    let folder = shared.map(|shared| shared.join("vendor-docs"));
    let folder = folder.filter(|folder| folder.is_dir());
    if folder.is_none() {
        print_warning("skipped: published documents; name their folder with --documents");
    }
    folder
}

/// Returns the command line without paths of this machine.
fn command_line(args: &Args) -> String {
    let mut command = "cargo xtask bench".to_owned();
    if args.peers {
        command.push_str(" --peers");
    }
    if args.runs != DEFAULT_RUNS {
        command.push_str(&format!(" --runs {}", args.runs));
    }
    if args.markdown.is_some() {
        command.push_str(" --markdown BENCHMARKS.md");
    }
    command
}

/// Counts the figures of the budget. Compares them with `budgets.toml`, or writes them there.
fn run_budget(accept: bool) -> Result<bool, Error> {
    let counted = budget::count_figures(&|step| print_warning(&format!("… {step}")))?;
    if let Some((tables, reason)) = counted.skipped {
        let message = format!("not counted: {}: {reason}", tables.join("; "));
        // Without these figures CI would not find a change, and --accept would remove them.
        if accept || env::var_os("CI").is_some_and(|ci| ci == "true") {
            let help = "run scripts/install-valgrind.sh";
            return Err(Error::new(Code::Config, message, Some(help)));
        }
        print_warning(&format!("skipped: {message}"));
    }
    let count = counted.figures.len();
    if accept {
        budget::write_budget(&counted.figures)?;
        print_line(format_args!("{count} figures written to budgets.toml"))?;
        return Ok(true);
    }
    let comparison = budget::compare_with_file(&counted)?;
    for line in &comparison.better {
        print_line(format_args!("{line}"))?;
    }
    for line in &comparison.worse {
        print_warning(&format!("error: {line}"));
    }
    let worse = comparison.worse.len();
    if worse > 0 {
        print_warning(
            "help: if this is intended, run `cargo xtask bench --budget --accept` and commit budgets.toml",
        );
    }
    print_line(format_args!("{count} figures, {worse} exceed the budget"))?;
    Ok(worse == 0)
}
