//! `cargo xtask spec diff`.

use std::fs;
use std::path::Path;

use observatory_codegen::cli::diff::{Format, print_report};
use observatory_codegen::compare::{Change, Package, Report, compare};
use observatory_codegen::diag::Error;
use observatory_codegen::loader::read_text_if_exists;
use observatory_codegen::{Generator, PlannedDocument, Strictness};

use crate::fetch::UrlLoader;
use crate::repository::VendorFolder;

/// Compare two versions of a vendor's document by their effect on code that uses the generated crate.
///
/// Changes of security schemes and servers come first, then changes that break dependent code, changes on the wire, and
/// additions. Descriptions are not compared. overlay.yaml and vendor.toml are applied to both documents as far as they
/// match.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  cargo xtask spec diff acme --from old.yaml                         compare with specs/acme/openapi.yaml
  cargo xtask spec diff acme --from old.yaml --to new.yaml --format markdown
  cargo xtask spec diff acme --from old.yaml --write-changelog")]
pub(crate) struct Args {
    /// The name of the vendor's folder in specs/
    vendor: String,
    /// The old version of the document: a file or an https URL
    #[arg(long, value_name = "FILE|URL")]
    from: String,
    /// The new version of the document: a file or an https URL [default: specs/<vendor>/openapi.yaml]
    #[arg(long, value_name = "FILE|URL")]
    to: Option<String>,
    /// The format of the report
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Add the entry to CHANGELOG.md
    #[arg(long)]
    write_changelog: bool,
}

pub(super) fn run(args: &Args) -> Result<bool, Error> {
    let vendor = VendorFolder::find_one(&args.vendor)?;
    let generator = lenient_generator(&vendor)?;
    let old = generator.plan(&args.from)?;
    let new = match &args.to {
        Some(to) => generator.plan(to)?,
        None => generator.plan(vendor.document())?,
    };
    let report = report(&vendor, &old, &new);
    print_report(&report, args.format)?;
    if args.write_changelog {
        let path = vendor.root.join("CHANGELOG.md");
        let text = insert_entry(read_text_if_exists(&path)?, &report.changelog_entry());
        fs::write(&path, text).map_err(|error| Error::io(&path, &error))?;
    }
    Ok(true)
}

/// Returns the report of the changes between two versions of a vendor's document.
pub(super) fn report(
    vendor: &VendorFolder,
    old: &PlannedDocument,
    new: &PlannedDocument,
) -> Report {
    Report {
        name: vendor.name.clone(),
        package: Some(Package {
            name: new.plan.options.package.clone(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
        }),
        old_version: old.api.version.clone(),
        new_version: new.api.version.clone(),
        changes: compare(old, new),
    }
}

/// Returns a generator for documents that the overlay and the configuration may not have been written for.
fn lenient_generator(vendor: &VendorFolder) -> Result<Generator, Error> {
    let generator = vendor.generator()?;
    Ok(generator.strictness(Strictness::Lenient).loader(UrlLoader))
}

/// Returns the changes between two versions of a vendor's document.
///
/// # Errors
/// When one of the documents cannot be read or is not valid.
pub fn compare_documents(
    vendor: &VendorFolder,
    old: &Path,
    new: &Path,
) -> Result<Vec<Change>, Error> {
    let generator = lenient_generator(vendor)?;
    Ok(compare(&generator.plan(old)?, &generator.plan(new)?))
}

/// Returns the text of the CHANGELOG with the entry below `## Unreleased`, which is added if it does not exist.
pub(super) fn insert_entry(changelog: Option<String>, entry: &str) -> String {
    const HEADING: &str = "## Unreleased\n";
    let changelog = changelog.unwrap_or_else(|| format!("# Changelog\n\n{HEADING}"));
    match changelog.split_once(HEADING) {
        Some((before, after)) => format!("{before}{HEADING}\n{}\n{after}", entry.trim_end()),
        None => format!("{}\n\n{HEADING}\n{entry}", changelog.trim_end()),
    }
}
