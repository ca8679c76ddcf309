//! `observatory-codegen coverage`, and the table that `cargo xtask coverage` prints, too.

use serde::Serialize;

use super::document::{DocumentArgs, file_name};
use super::terminal::print_line;
use crate::coverage::{Ambiguous, Count, Coverage, Gap, measure};
use crate::diag::{Code, Error};

/// Compare a document with the generated crate: operations, schemas, and every gap with its location.
///
/// Both sides are counted independently: in the document as it was read, and in the generated Rust. The command fails
/// if something is missing that the configuration does not accept.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  observatory-codegen coverage --spec petstore.yaml
  observatory-codegen coverage --spec petstore.yaml --json")]
pub struct Args {
    #[command(flatten)]
    document: DocumentArgs,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Runs the command. Returns whether everything in the document is generated.
///
/// # Errors
/// When the document cannot be read or planned.
pub fn run(args: &Args) -> Result<bool, Error> {
    let output = args.document.generator()?.generate(&args.document.spec)?;
    let name = file_name(&args.document.spec);
    print_report(vec![measure(&name, &output)], args.json)
}

#[derive(Serialize)]
struct Vendors {
    vendors: Vec<Coverage>,
}

/// Prints the coverage of documents as a table or as JSON. Returns whether everything is generated.
///
/// # Errors
/// When standard output cannot be written.
pub fn print_report(vendors: Vec<Coverage>, json: bool) -> Result<bool, Error> {
    let is_complete = vendors.iter().all(Coverage::is_complete);
    if json {
        let text = serde_json::to_string_pretty(&Vendors { vendors })
            .map_err(|error| Error::new(Code::Internal, error.to_string(), None))?;
        print_line(format_args!("{text}"))?;
    } else {
        print_table(&vendors)?;
        let gaps = vendors.iter().flat_map(|coverage| &coverage.gaps);
        gaps.into_iter().try_for_each(print_gap)?;
        let ambiguities = vendors.iter().flat_map(|coverage| &coverage.ambiguities);
        ambiguities.into_iter().try_for_each(print_ambiguity)?;
    }
    Ok(is_complete)
}

fn print_table(vendors: &[Coverage]) -> Result<(), Error> {
    let fraction = |count: Count| format!("{}/{}", count.generated, count.document);
    let width = vendors
        .iter()
        .map(|coverage| coverage.vendor.chars().count())
        .max()
        .unwrap_or_default()
        .max("vendor".len());
    print_line(format_args!(
        "{:<width$}  {:>10}  {:>9}  {:>4}  {:>9}",
        "vendor", "operations", "schemas", "gaps", "ambiguous"
    ))?;
    for coverage in vendors {
        let operations = fraction(coverage.operations);
        let schemas = fraction(coverage.schemas);
        print_line(format_args!(
            "{:<width$}  {operations:>10}  {schemas:>9}  {:>4}  {:>9}",
            coverage.vendor,
            coverage.gaps.len(),
            coverage.ambiguities.len()
        ))?;
    }
    Ok(())
}

fn print_gap(gap: &Gap) -> Result<(), Error> {
    let Gap {
        code,
        pointer,
        line,
        message,
        file,
        accepted,
    } = gap;
    let accepted = if *accepted { ", accepted" } else { "" };
    print_line(format_args!(
        "{}:{line}: {code}: {message} ({pointer}{accepted})",
        file.display()
    ))
}

fn print_ambiguity(ambiguity: &Ambiguous) -> Result<(), Error> {
    let [chosen, other] = &ambiguity.variants;
    print_line(format_args!(
        "{}:{}: ambiguous: {} matches `{}::{chosen}` and `{other}`; it is decoded as the first ({})",
        ambiguity.file.display(),
        ambiguity.line,
        ambiguity.instance,
        ambiguity.union,
        ambiguity.pointer
    ))
}
