//! `observatory-codegen diff`, and the report that `cargo xtask spec diff` prints, too.

use std::path::PathBuf;

use super::document::{DocumentArgs, file_name};
use super::terminal::print_line;
use crate::compare::{Report, compare};
use crate::diag::{Code, Error};
use crate::pipeline::Strictness;

/// Compare two versions of a document by their effect on code that uses the generated crate.
///
/// Changes of security schemes and servers come first, then changes that break dependent code, changes on the wire, and
/// additions. Descriptions are not compared. The configuration and the overlay are applied to both documents as far as
/// they match.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  observatory-codegen diff --spec old.yaml --to new.yaml
  observatory-codegen diff --spec old.yaml --to new.yaml --format markdown
  observatory-codegen diff --spec old.yaml --to new.yaml --config vendor.toml --overlay overlay.yaml")]
pub struct Args {
    #[command(flatten)]
    document: DocumentArgs,
    /// The new version of the document
    #[arg(long, value_name = "FILE")]
    to: PathBuf,
    /// The format of the report
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// The format of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// For a terminal
    Text,
    /// For other programs
    Json,
    /// For a pull request
    Markdown,
}

/// Runs the command.
///
/// # Errors
/// When a document, the configuration or the overlay cannot be read or is not valid.
pub fn run(args: &Args) -> Result<bool, Error> {
    let generator = args.document.generator()?.strictness(Strictness::Lenient);
    let old = generator.plan(&args.document.spec)?;
    let new = generator.plan(&args.to)?;
    let report = Report {
        name: file_name(&args.to),
        package: None,
        old_version: old.api.version.clone(),
        new_version: new.api.version.clone(),
        changes: compare(&old, &new),
    };
    print_report(&report, args.format)?;
    Ok(true)
}

/// Prints a report to standard output.
///
/// # Errors
/// When standard output cannot be written.
pub fn print_report(report: &Report, format: Format) -> Result<(), Error> {
    let text = match format {
        Format::Text => report.to_text(),
        Format::Markdown => report.to_markdown(),
        Format::Json => serde_json::to_string_pretty(&report.to_json())
            .map_err(|error| Error::new(Code::Internal, error.to_string(), None))?,
    };
    print_line(format_args!("{}", text.trim_end()))
}
