//! `cargo xtask bench`.

use std::env;
use std::path::{Path, PathBuf};

use observatory_codegen::cli::run_main;
use observatory_codegen::cli::terminal::{print_line, print_warning};

use crate::{self as bench, Bench, Page, budget};
use observatory_codegen::diag::{Code, Error};

/// Measure the generator, the crates it writes and a call, beside others that do the same.
#[derive(Debug, clap::Parser)]
#[command(
    name = "cargo xtask bench",
    bin_name = "cargo xtask bench",
    after_help = "Examples:
  cargo xtask bench                                          ours alone
  scripts/install-peers.sh && cargo xtask bench --peers --markdown BENCHMARKS.md
  cargo xtask bench --only generation,compile --peers --runs 9
  cargo xtask bench --budget                                 what CI checks
  cargo xtask bench --budget --accept                        take what there is now for the budget"
)]
struct Args {
    /// Measure other generators as well, as scripts/install-peers.sh installs them
    #[arg(long)]
    peers: bool,
    /// Write the page, and its picture beside it
    #[arg(long, value_name = "FILE")]
    markdown: Option<PathBuf>,
    /// Print what was found as JSON
    #[arg(long)]
    json: bool,
    /// The parts to measure: call, repository, generation, compile, size, floor, scaling, cold
    #[arg(long, value_delimiter = ',', value_name = "PARTS")]
    only: Vec<String>,
    /// How often each program runs
    #[arg(long, default_value_t = 5)]
    runs: usize,
    /// A folder with documents as their vendors publish them; else that of OBSERVATORY_SHARED, if there is one
    #[arg(long, value_name = "DIR")]
    documents: Option<PathBuf>,
    /// Hold what can be counted against budgets.toml, and measure nothing
    #[arg(long)]
    budget: bool,
    /// Write what was counted to budgets.toml
    #[arg(long, requires = "budget")]
    accept: bool,
    /// Print the seconds of reading a document and of printing a crate to a folder
    #[arg(long, hide = true, num_args = 3, value_names = ["DOCUMENT", "CRATE", "TO"])]
    floor: Vec<PathBuf>,
}

/// Runs the command that the process was started with. The exit code is 1 on any error.
pub fn main() -> std::process::ExitCode {
    run_main(|args: Args| run(&args))
}

fn run(args: &Args) -> Result<bool, Error> {
    if let [document, printed, to] = args.floor.as_slice() {
        print_line(format_args!("{}", bench::floor(document, printed, to)?))?;
        return Ok(true);
    }
    if args.budget {
        return budget(args.accept);
    }
    if let Some(unknown) = args
        .only
        .iter()
        .find(|part| !bench::PARTS.contains(&part.as_str()))
    {
        let help = format!("there are: {}", bench::PARTS.join(", "));
        let message = format!(
            "there is no part `{}` of the benchmark",
            unknown.escape_debug()
        );
        return Err(Error::new(Code::Config, message, Some(&help)));
    }
    let folder = documents(args.documents.as_deref());
    let progress = Box::new(|what: &str| print_warning(&format!("… {what}")));
    let bench = Bench::new(args.runs.max(1), args.peers, folder.as_deref(), progress)?;
    let wanted = |part: &str| args.only.is_empty() || args.only.iter().any(|only| only == part);
    // All of it takes long, may be broken off, and may be measured in parts.
    let keep = || match &args.markdown {
        Some(path) => bench::write_page(&Page::new(command(args), bench.kept()), path),
        None => Ok(()),
    };
    let page = Page::new(command(args), bench.run(wanted, keep)?);
    if args.json {
        let json = serde_json::to_string(&page).unwrap_or_default();
        print_line(format_args!("{json}"))?;
    } else {
        for section in &page.sections {
            print_line(format_args!("{}", section.markdown()))?;
        }
    }
    let (all, met) = page.limits();
    print_warning(&format!("{met} of {all} limits are met"));
    Ok(true)
}

/// Where published documents lie, if anywhere.
fn documents(asked: Option<&Path>) -> Option<PathBuf> {
    if asked.is_some() {
        return asked.map(Path::to_owned);
    }
    let shared = env::var_os("OBSERVATORY_SHARED").map(PathBuf::from);
    let folder = shared.map(|shared| shared.join("vendor-docs"));
    let folder = folder.filter(|folder| folder.is_dir());
    if folder.is_none() {
        print_warning(
            "SKIPPED: documents as published: there is no folder of them; name it with --documents",
        );
    }
    folder
}

/// The command, without what only this machine has.
fn command(args: &Args) -> String {
    let mut command = "cargo xtask bench".to_owned();
    if args.peers {
        command.push_str(" --peers");
    }
    if args.runs != 5 {
        command.push_str(&format!(" --runs {}", args.runs));
    }
    if args.markdown.is_some() {
        command.push_str(" --markdown BENCHMARKS.md");
    }
    command
}

fn budget(accept: bool) -> Result<bool, Error> {
    let found = budget::count(&|what| print_warning(&format!("… {what}")))?;
    if let Some((table, why)) = found.missing {
        let message = format!("not counted: {table}: {why}");
        // Without them CI would let everything pass, and `--accept` would forget what they were.
        if accept || env::var_os("CI").is_some_and(|ci| ci == "true") {
            let help = "scripts/install-valgrind.sh installs it";
            return Err(Error::new(Code::Config, message, Some(help)));
        }
        print_warning(&format!("SKIPPED: {message}"));
    }
    if accept {
        budget::accept(&found.figures)?;
        let count = found.figures.len();
        print_line(format_args!("budgets.toml holds {count} figures"))?;
        return Ok(true);
    }
    let verdict = budget::compare(&found)?;
    for line in &verdict.better {
        print_line(format_args!("{line}"))?;
    }
    for line in &verdict.worse {
        print_warning(line);
    }
    if !verdict.worse.is_empty() {
        print_warning(
            "if that is worth it, say so: cargo xtask bench --budget --accept, and commit budgets.toml",
        );
    }
    print_line(format_args!(
        "{} figures, {} worse than the budget allows",
        found.figures.len(),
        verdict.worse.len()
    ))?;
    Ok(verdict.worse.is_empty())
}
