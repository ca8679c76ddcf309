//! `cargo xtask spec`.

mod add;
mod calendar;
pub mod diff;
mod guess;
mod pin;
mod staged;
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

/// What people call the vendor of a folder, as far as the folder tells.
fn title(vendor: &str) -> String {
    let words = vendor.split(['-', '_']).filter(|word| !word.is_empty());
    let words: Vec<String> = words
        .map(|word| {
            let mut letters = word.chars();
            let first = letters.next().map(|first| first.to_ascii_uppercase());
            first.into_iter().chain(letters).collect()
        })
        .collect();
    words.join(" ")
}
