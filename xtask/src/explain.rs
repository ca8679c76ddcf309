//! `cargo xtask explain`.

use observatory_codegen::cli::terminal::print_line;
use observatory_codegen::diag::Error;
use observatory_codegen::explain::explain;

use crate::repository::VendorFolder;

/// Explain what was generated from a part of a vendor's document, why, and in which file.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  cargo xtask explain galileo log_traces_projects__project_id__traces_post   an operationId
  cargo xtask explain galileo 'trace().log_traces'                           a method
  cargo xtask explain galileo LlmSpan                                        a schema or a type
  cargo xtask explain galileo models::LlmSpan::input                         a field, a value or a variant
  cargo xtask explain galileo '#/components/schemas/LlmSpan/properties/input'")]
pub(crate) struct Args {
    /// The name of the vendor's folder in specs/
    vendor: String,
    /// An operationId, `METHOD /path`, a schema, a Rust name, or a JSON pointer
    item: String,
}

pub(crate) fn run(args: &Args) -> Result<bool, Error> {
    let vendor = VendorFolder::find_one(&args.vendor)?;
    let generator = vendor.generator()?;
    let planned = generator.plan(vendor.document())?;
    let crate_dir = format!("crates/{}", vendor.name);
    let text = explain(&planned, generator.config(), &crate_dir, &args.item)?;
    print_line(format_args!("{text}"))?;
    Ok(true)
}
