//! The command line.

mod calls;
mod chaos;
mod corpus;
mod fuzz;
mod output;
mod roundtrip;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use observatory_codegen::cli::run_main;

/// Checks generated crates against their OpenAPI documents.
#[derive(Debug, Parser)]
#[command(
    name = "cargo xtask",
    bin_name = "cargo xtask",
    version,
    about,
    after_help = "Examples:
  cargo xtask roundtrip --spec specs/galileo/openapi.yaml
  cargo xtask calls --spec specs/galileo/openapi.yaml
  cargo xtask fuzz --count 1000"
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Calls(calls::Args),
    Chaos(chaos::Args),
    Corpus(corpus::Args),
    Fuzz(fuzz::Args),
    Roundtrip(roundtrip::Args),
}

/// Runs the command that the process was started with. The exit code is 1 on any error.
pub fn main() -> ExitCode {
    run_main(|cli: Cli| match cli.command {
        Command::Calls(args) => calls::run(&args),
        Command::Chaos(args) => chaos::run(&args),
        Command::Corpus(args) => corpus::run(&args),
        Command::Fuzz(args) => fuzz::run(&args),
        Command::Roundtrip(args) => roundtrip::run(&args),
    })
}
