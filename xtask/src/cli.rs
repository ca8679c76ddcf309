//! The command line of `cargo xtask`.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use observatory_codegen::cli::{generate, run_main};

use crate::{codegen, coverage, explain, forward, spec};

/// Run the commands of the LLM Observatory repository.
#[derive(Debug, Parser)]
#[command(
    name = "cargo xtask",
    bin_name = "cargo xtask",
    version,
    about,
    after_help = "Examples:
  cargo xtask codegen                           generate the crates of all vendors
  cargo xtask coverage                          show how much of each document is generated
  cargo xtask generate --spec petstore.yaml --out ../petstore --name petstore-client"
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Measure the generator and the generated crates, and compare them with other generators
    Bench(forward::Args),
    /// Call every operation of a generated crate and validate the requests
    Calls(forward::Args),
    /// Call every operation while the server fails at random
    Chaos(forward::Args),
    Codegen(codegen::Args),
    /// Generate every document of a folder and count the results by cause
    Corpus(forward::Args),
    Coverage(coverage::Args),
    Explain(explain::Args),
    /// Generate mutated documents and keep those that break a guarantee
    Fuzz(forward::Args),
    Generate(generate::Args),
    /// Send values of every schema through the generated types and compare them
    Roundtrip(forward::Args),
    /// Add, update and compare the documents in specs/
    #[command(
        subcommand,
        after_help = "Examples:
  cargo xtask spec add acme --from openapi.yaml
  cargo xtask spec update acme --from openapi.yaml"
    )]
    Spec(spec::Command),
}

/// Runs the command of the process's arguments. The exit code is 1 on any error.
pub fn main() -> ExitCode {
    run_main(|cli: Cli| match cli.command {
        Command::Bench(args) => forward::bench(&args),
        Command::Calls(args) => forward::conformance("calls", &args),
        Command::Chaos(args) => forward::conformance("chaos", &args),
        Command::Codegen(args) => codegen::run(&args),
        Command::Corpus(args) => forward::conformance("corpus", &args),
        Command::Coverage(args) => coverage::run(&args),
        Command::Explain(args) => explain::run(&args),
        Command::Fuzz(args) => forward::conformance("fuzz", &args),
        Command::Generate(args) => generate::run(&args),
        Command::Roundtrip(args) => forward::conformance("roundtrip", &args),
        Command::Spec(command) => spec::run(&command),
    })
}
