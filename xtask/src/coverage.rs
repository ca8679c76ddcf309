//! `cargo xtask coverage`.

use observatory_codegen::cli::coverage::report;
use observatory_codegen::cli::progress::Progress;
use observatory_codegen::coverage::measure;
use observatory_codegen::diag::Error;

use crate::repository::VendorFolder;

/// Compare the vendors' documents with their crates: operations, schemas, and every gap with its location.
///
/// Both sides are counted independently: the document as it was read, and the Rust as it was written. Fails where
/// something is missing that vendor.toml does not accept.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  cargo xtask coverage            every vendor in specs/
  cargo xtask coverage galileo    one of them
  cargo xtask coverage --json

For any other document: cargo run -p observatory-codegen --features cli -- coverage --spec petstore.yaml")]
pub(crate) struct Args {
    /// The vendors; all of them if none is named
    vendors: Vec<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(args: &Args) -> Result<bool, Error> {
    let mut vendors = Vec::new();
    let mut progress = Progress::start();
    for vendor in VendorFolder::find(&args.vendors)? {
        progress.next(&vendor.name);
        vendors.push(measure(&vendor.name, &vendor.generate()?));
    }
    progress.clear();
    report(vendors, args.json)
}
