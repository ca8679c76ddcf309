//! The command line of `observatory-codegen`, and the parts that the commands of the repository share with it.

pub mod coverage;
pub mod diff;
pub mod document;
pub mod explain;
pub mod generate;
pub mod progress;
pub mod terminal;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::diag::Error;

/// Generate typed Rust client crates from OpenAPI documents.
#[derive(Debug, Parser)]
#[command(
    version,
    about,
    after_help = "Examples:
  observatory-codegen generate --spec petstore.yaml --out ../petstore --name petstore-client
  observatory-codegen coverage --spec petstore.yaml
  observatory-codegen diff --spec petstore.yaml --to petstore-new.yaml
  observatory-codegen explain --spec petstore.yaml listPets"
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Coverage(coverage::Args),
    Diff(diff::Args),
    Explain(explain::Args),
    Generate(generate::Args),
}

/// Runs the command of the process's arguments. The exit code is 1 on any error.
pub fn main() -> ExitCode {
    run_main(|cli: Cli| match cli.command {
        Command::Coverage(args) => coverage::run(&args),
        Command::Diff(args) => diff::run(&args),
        Command::Explain(args) => explain::run(&args),
        Command::Generate(args) => generate::run(&args),
    })
}

/// Parses the process's arguments and runs `run` with them. The exit code is 1 when it fails or returns `false`.
pub fn run_main<C: Parser>(run: impl FnOnce(C) -> Result<bool, Error>) -> ExitCode {
    let cli = match C::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version are errors of this kind, too. If printing fails, there is no way to report it.
            let _ = error.print();
            return ExitCode::from(u8::from(error.use_stderr()));
        }
    };
    match run(cli) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            terminal::print_error(&error);
            ExitCode::FAILURE
        }
    }
}
