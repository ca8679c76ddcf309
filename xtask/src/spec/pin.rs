//! `cargo xtask spec pin`.

use super::staged::{Said, config_path, fetched, stage};
use crate::repository::{repository, vendor_name};
use observatory_codegen::cli::terminal::print_line;
use observatory_codegen::diag::Error;
use observatory_codegen::files::{Mode, write_files};
use observatory_codegen::inventory::{list_operations, list_schemas};
use observatory_codegen::loader::read_text_if_exists;

/// Bring a published document down to its facts, and keep it as specs/<vendor>/openapi.yaml.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  cargo xtask spec pin helicone --from swagger.json --license Apache-2.0 --date 2026-04-04
  cargo xtask spec pin acme --from https://api.acme.example/openapi.json")]
pub(crate) struct Args {
    /// The vendor's folder in specs/; made if it is not there yet
    vendor: String,
    /// The published document: a file, or an https address
    #[arg(long, value_name = "FILE|URL")]
    from: String,
    #[command(flatten)]
    said: Said,
}

pub(super) fn run(args: &Args) -> Result<bool, Error> {
    let vendor = vendor_name(&args.vendor)?;
    let fetched = fetched(&args.from, None)?.unwrap_or_default();
    let folder = repository()?.join("specs").join(vendor);
    let path = config_path(&folder);
    let text = read_text_if_exists(&path)?.unwrap_or_else(|| minimal(vendor));
    let staged = stage(vendor, (&args.from, fetched), &args.said, (&path, &text))?;
    let report = write_files(&staged.files(), &folder, Mode::Write)?;
    let what = if report.is_clean() {
        "unchanged"
    } else {
        "pinned"
    };
    let raw = &staged.published;
    let (operations, schemas) = (
        list_operations(&raw.value).len(),
        list_schemas(&raw.value).count(),
    );
    print_line(format_args!(
        "{vendor}: {what}, {operations} operations, {schemas} schemas, sha256 {}",
        raw.sha256
    ))?;
    if !report.is_clean() {
        print_line(format_args!("next: cargo xtask codegen {vendor}"))?;
    }
    Ok(true)
}

/// What a new vendor starts with.
fn minimal(vendor: &str) -> String {
    let title = super::title(vendor);
    format!("# {title}: what its document does not say.\ntitle = \"{title}\"\n")
}
