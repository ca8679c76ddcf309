//! `observatory-codegen explain`.

use super::document::DocumentArgs;
use super::terminal::print_line;
use crate::diag::Error;
use crate::explain::explain;

/// Explain what was generated from a part of a document, why, and in which file.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  observatory-codegen explain --spec petstore.yaml listPets         an operationId
  observatory-codegen explain --spec petstore.yaml 'GET /pets'      an operation
  observatory-codegen explain --spec petstore.yaml Pet              a schema or a type
  observatory-codegen explain --spec petstore.yaml '#/components/schemas/Pet/properties/name'")]
pub struct Args {
    #[command(flatten)]
    document: DocumentArgs,
    /// An operationId, `METHOD /path`, a schema, a Rust name, or a JSON pointer
    item: String,
}

/// Runs the command.
///
/// # Errors
/// When the document cannot be read or planned, or has no such item.
pub fn run(args: &Args) -> Result<bool, Error> {
    let generator = args.document.generator()?;
    let planned = generator.plan(&args.document.spec)?;
    let text = explain(&planned, generator.config(), "", &args.item)?;
    print_line(format_args!("{text}"))?;
    Ok(true)
}
