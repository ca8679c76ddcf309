//! `observatory-codegen coverage`, and the table that `cargo xtask coverage` prints, too.

use serde::Serialize;

use super::document::{DocumentArgs, file_name};
use super::terminal::print_line;
use crate::coverage::{Count, Coverage, measure};
use crate::diag::{Code, Error};

/// Compare a document with what is generated from it: operations, schemas, and every gap with its location.
///
/// Both sides are counted independently: the document as it was read, and the Rust as it was written. Fails where
/// something is missing that the configuration does not accept.
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
    report(vec![measure(&name, &output)], args.json)
}

#[derive(Serialize)]
struct Vendors {
    vendors: Vec<Coverage>,
}

/// Prints the coverage of documents as a table or as JSON. Returns whether everything is generated.
///
/// # Errors
/// When standard output cannot be written.
pub fn report(vendors: Vec<Coverage>, json: bool) -> Result<bool, Error> {
    let whole = vendors.iter().all(Coverage::is_whole);
    if json {
        let text = serde_json::to_string_pretty(&Vendors { vendors })
            .map_err(|error| Error::new(Code::Internal, error.to_string(), None))?;
        print_line(format_args!("{text}"))?;
    } else {
        print_table(&vendors)?;
    }
    Ok(whole)
}

fn print_table(vendors: &[Coverage]) -> Result<(), Error> {
    let share = |count: Count| format!("{}/{}", count.generated, count.document);
    let width = vendors
        .iter()
        .map(|v| v.vendor.chars().count())
        .max()
        .unwrap_or_default()
        .max("vendor".len());
    print_line(format_args!(
        "{:<width$}  {:>10}  {:>9}  {:>4}  {:>9}",
        "vendor", "operations", "schemas", "gaps", "ambiguous"
    ))?;
    for v in vendors {
        let (operations, schemas) = (share(v.operations), share(v.schemas));
        print_line(format_args!(
            "{:<width$}  {operations:>10}  {schemas:>9}  {:>4}  {:>9}",
            v.vendor,
            v.gaps.len(),
            v.ambiguities.len()
        ))?;
    }
    for gap in vendors.iter().flat_map(|v| &v.gaps) {
        let accepted = if gap.accepted { ", accepted" } else { "" };
        let file = gap.file.display();
        print_line(format_args!(
            "{file}:{}: {}: {} ({}{accepted})",
            gap.line, gap.code, gap.message, gap.pointer
        ))?;
    }
    for one in vendors.iter().flat_map(|v| &v.ambiguities) {
        let [read_as, or] = &one.variants;
        print_line(format_args!(
            "{}:{}: ambiguous: {} could be `{}::{read_as}` or `{or}`, and is read as the first ({})",
            one.file.display(),
            one.line,
            one.instance,
            one.union,
            one.pointer
        ))?;
    }
    Ok(())
}
