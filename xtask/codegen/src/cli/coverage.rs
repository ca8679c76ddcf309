//! `observatory-codegen coverage`, and the table that `cargo xtask coverage` prints, too.

use serde::Serialize;

use super::document::{DocumentArgs, file_name};
use super::terminal::print_line;
use crate::coverage::{Ambiguous, Count, Coverage, Gap, NamedPlace, measure};
use crate::diag::{Code, Error};

/// Compare a document with the generated crate: operations, schemas, every gap with its location, and what the code does
/// not depend on.
///
/// Both sides are counted independently: in the document as it was read, and in the generated Rust. The command fails
/// if something is missing that the configuration does not accept.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  observatory-codegen coverage --spec petstore.yaml
  observatory-codegen coverage --spec petstore.yaml --verbose
  observatory-codegen coverage --spec petstore.yaml --json")]
pub struct Args {
    #[command(flatten)]
    document: DocumentArgs,
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// List every place of what is not generated
    #[arg(long)]
    verbose: bool,
}

/// Runs the command. Returns whether everything in the document is generated.
///
/// # Errors
/// When the document cannot be read or planned.
pub fn run(args: &Args) -> Result<bool, Error> {
    let output = args.document.generator()?.generate(&args.document.spec)?;
    let name = file_name(&args.document.spec);
    print_report(vec![measure(&name, &output)], args.json, args.verbose)
}

#[derive(Serialize)]
struct Vendors {
    vendors: Vec<Coverage>,
}

/// Prints the coverage of documents as a table or as JSON. Returns whether everything is generated.
///
/// # Errors
/// When standard output cannot be written.
pub fn print_report(vendors: Vec<Coverage>, json: bool, verbose: bool) -> Result<bool, Error> {
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
        let unions = vendors
            .iter()
            .flat_map(|coverage| &coverage.incomplete_comparisons);
        unions.into_iter().try_for_each(print_incomplete)?;
        let names = vendors
            .iter()
            .flat_map(|coverage| &coverage.positional_names);
        names.into_iter().try_for_each(print_positional)?;
        let warnings = vendors.iter().flat_map(|coverage| &coverage.warnings);
        warnings.into_iter().try_for_each(print_gap)?;
        vendors
            .iter()
            .try_for_each(|coverage| print_not_generated(coverage, verbose))?;
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
        "{:<width$}  {:>10}  {:>7}  {:>9}  {:>4}  {:>9}",
        "vendor", "operations", "skipped", "schemas", "gaps", "ambiguous"
    ))?;
    for coverage in vendors {
        let operations = fraction(coverage.operations);
        let schemas = fraction(coverage.schemas);
        print_line(format_args!(
            "{:<width$}  {operations:>10}  {:>7}  {schemas:>9}  {:>4}  {:>9}",
            coverage.vendor,
            coverage.skipped,
            coverage.gaps.len(),
            coverage.ambiguities.len()
        ))?;
    }
    Ok(())
}

/// Prints what the generated code does not depend on, by object and keyword, or with every place.
fn print_not_generated(coverage: &Coverage, verbose: bool) -> Result<(), Error> {
    if coverage.not_generated.is_empty() {
        return Ok(());
    }
    print_line(format_args!("\n{}: not generated:", coverage.vendor))?;
    for part in &coverage.not_generated {
        let (count, object, keyword) = (part.count, part.object, &part.keyword);
        print_line(format_args!(
            "{count:>6}  {object} `{}`",
            keyword.escape_debug()
        ))?;
        for place in part.places.iter().filter(|_| verbose) {
            let (file, line, pointer) = (place.file.display(), place.line, &place.pointer);
            print_line(format_args!("        {file}:{line} ({pointer})"))?;
        }
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

fn print_incomplete(found: &NamedPlace) -> Result<(), Error> {
    print_line(format_args!(
        "{}:{}: ambiguous: `{}` has too many members to compare them all; a `discriminator` in overlay.yaml distinguishes them ({})",
        found.file.display(),
        found.line,
        found.name,
        found.pointer
    ))
}

fn print_positional(found: &NamedPlace) -> Result<(), Error> {
    print_line(format_args!(
        "{}:{}: name: `{}` is named by its position; add a `title` to the schema in overlay.yaml ({})",
        found.file.display(),
        found.line,
        found.name,
        found.pointer
    ))
}
