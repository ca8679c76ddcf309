//! `cargo xtask spec`: adds, pins, updates and compares the documents in `specs/`.

mod add;
mod date;
pub mod diff;
mod draft;
mod pin;
mod pinned;
mod update;

use observatory_codegen::diag::Error;

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    Add(add::Args),
    Pin(pin::Args),
    Update(update::Args),
    Diff(diff::Args),
}

pub(crate) fn run(command: &Command) -> Result<bool, Error> {
    match command {
        Command::Add(args) => add::run(args),
        Command::Pin(args) => pin::run(args),
        Command::Update(args) => update::run(args),
        Command::Diff(args) => diff::run(args),
    }
}
