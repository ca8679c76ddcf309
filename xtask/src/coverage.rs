//! `cargo xtask coverage`.

use observatory_codegen::cli::coverage::print_report;
use observatory_codegen::cli::progress::Progress;
use observatory_codegen::coverage::measure;
use observatory_codegen::diag::Error;

use crate::repository::VendorFolder;

/// Compare the vendors' documents with the generated crates: operations, schemas, and every gap with its location.
///
/// Both sides are counted independently: in the document as it was read, and in the generated Rust. The command fails
/// if something is missing that vendor.toml does not accept.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  cargo xtask coverage            all vendors in specs/
  cargo xtask coverage galileo    one vendor
  cargo xtask coverage --json

For a document outside specs/, run: cargo run -p observatory-codegen --features cli -- coverage --spec petstore.yaml")]
pub(crate) struct Args {
    /// The vendors [default: all]
    vendors: Vec<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// List every place of what is not generated
    #[arg(long)]
    verbose: bool,
}

pub(crate) fn run(args: &Args) -> Result<bool, Error> {
    let mut coverages = Vec::new();
    let mut progress = Progress::start();
    for vendor in VendorFolder::find(&args.vendors)? {
        progress.show(&vendor.name);
        coverages.push(measure(&vendor.name, &vendor.generate()?));
    }
    progress.clear();
    print_report(coverages, args.json, args.verbose)
}
