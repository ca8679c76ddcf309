//! `cargo xtask spec pin`.

use super::pinned::{PinArgs, Pinned, Published, config_path, fetch_with_progress};
use crate::repository::{VendorFolder, vendor_folder};
use observatory_codegen::cli::terminal::print_line;
use observatory_codegen::diag::Error;
use observatory_codegen::files::{Mode, Ownership, TargetDir, commit_all};
use observatory_codegen::inventory::{list_operations, list_schemas};
use observatory_codegen::loader::read_text_if_exists;

/// Write a published document, without its descriptions, to specs/<vendor>/openapi.yaml.
///
/// The origin of the document is recorded in specs/<vendor>/vendor.toml. The crate is not generated.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  cargo xtask spec pin helicone --from swagger.json --license Apache-2.0 --date 2026-04-04
  cargo xtask spec pin acme --from https://api.acme.example/openapi.json")]
pub(crate) struct Args {
    /// The name of the vendor's folder in specs/, which is created if it does not exist
    vendor: String,
    /// The published document: a file or an https URL
    #[arg(long, value_name = "FILE|URL")]
    from: String,
    #[command(flatten)]
    pin: PinArgs,
}

pub(super) fn run(args: &Args) -> Result<bool, Error> {
    let vendor = vendor_folder(&args.vendor)?;
    let fetched = fetch_with_progress(&args.from, None)?.unwrap_or_default();
    let published = Published::parse(&args.from, fetched, &args.pin)?;
    let config = read_text_if_exists(&config_path(&vendor))?;
    let config = config.unwrap_or_else(|| minimal_config(&vendor));
    let pinned = Pinned::new(&vendor, published, &args.pin, &config)?;
    let target = TargetDir {
        root: vendor.spec_dir(),
        display_path: String::new(),
        files: pinned.files(),
        ownership: Ownership::Edited,
    };
    let report = commit_all(&[target], Mode::Write)?;
    let name = &vendor.name;
    let raw = &pinned.published;
    let (operations, schemas) = (
        list_operations(&raw.value).len(),
        list_schemas(&raw.value).count(),
    );
    let state = match report.is_clean() {
        true => "unchanged",
        false => "pinned",
    };
    print_line(format_args!(
        "{name}: {state}, {operations} operations, {schemas} schemas, sha256 {}",
        raw.sha256
    ))?;
    if !report.is_clean() {
        print_line(format_args!("next: cargo xtask codegen {name}"))?;
    }
    Ok(true)
}

/// Returns the `vendor.toml` of a new vendor.
fn minimal_config(vendor: &VendorFolder) -> String {
    let title = vendor.default_title();
    format!("# Configuration of {title} that the document does not contain.\ntitle = \"{title}\"\n")
}
