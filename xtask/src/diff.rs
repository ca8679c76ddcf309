//! `cargo xtask spec diff`.

use std::fs;
use std::path::Path;

use crate::fetch::UrlLoader;
use crate::repository::VendorFolder;
use observatory_codegen::cli::terminal::print_line;
use observatory_codegen::compare::{Change, Report, compare};
use observatory_codegen::diag::{Code, Error};
use observatory_codegen::loader::read_text_if_exists;
use observatory_codegen::{Generator, PlannedDocument, Strictness};

/// Tell what a new document means for callers: security and servers first, then what breaks.
///
/// Compared is what becomes of the documents, overlay.yaml and vendor.toml applied as far as they fit.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  cargo xtask spec diff acme --from old.yaml                         what changed up to specs/acme/openapi.yaml
  cargo xtask spec diff acme --from old.yaml --to new.yaml --format markdown
  cargo xtask spec diff acme --from old.yaml --write-changelog")]
pub(crate) struct Args {
    /// The vendor's folder in specs/
    vendor: String,
    /// The document as it was: a file, or an https address
    #[arg(long, value_name = "FILE|URL")]
    from: String,
    /// The document as it is [default: the one in specs/]
    #[arg(long, value_name = "FILE|URL")]
    to: Option<String>,
    /// How to tell it
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Write the entry to CHANGELOG.md, too
    #[arg(long)]
    write_changelog: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    Text,
    Json,
    Markdown,
}

pub(crate) fn run(args: &Args) -> Result<bool, Error> {
    let asked = [args.vendor.clone()];
    let Some(vendor) = VendorFolder::find(&asked)?.into_iter().next() else {
        return Ok(false);
    };
    let generator = lenient_generator(&vendor)?;
    let old = generator.plan(&args.from)?;
    let new = match &args.to {
        Some(to) => generator.plan(to)?,
        None => generator.plan(vendor.document())?,
    };
    let report = report(&vendor, &old, &new);
    match args.format {
        Format::Text => print_line(format_args!("{}", report.text().trim_end()))?,
        Format::Markdown => print_line(format_args!("{}", report.markdown().trim_end()))?,
        Format::Json => {
            let text = serde_json::to_string_pretty(&report.json());
            let text = text.map_err(|why| Error::new(Code::Internal, why.to_string(), None))?;
            print_line(format_args!("{text}"))?;
        }
    }
    if args.write_changelog {
        let path = vendor.root.join("CHANGELOG.md");
        let text = with_entry(read_text_if_exists(&path)?, &report.entry());
        fs::write(&path, text).map_err(|why| Error::io(&path, &why))?;
    }
    Ok(true)
}

/// What changed from one document of a vendor to another.
pub(crate) fn report(
    vendor: &VendorFolder,
    old: &PlannedDocument,
    new: &PlannedDocument,
) -> Report {
    Report {
        vendor: vendor.name.clone(),
        package: new.plan.options.package.clone(),
        from: old.api.version.clone(),
        to: new.api.version.clone(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        changes: compare(old, new),
    }
}

/// Returns the generator of documents that overlay and configuration were not written for.
fn lenient_generator(vendor: &VendorFolder) -> Result<Generator, Error> {
    let generator = vendor.generator()?;
    Ok(generator.strictness(Strictness::Lenient).loader(UrlLoader))
}

/// What changed from one document to another, as `vendor` is configured.
///
/// # Errors
/// When one of the documents cannot be read or understood.
pub fn changes(vendor: &VendorFolder, from: &Path, to: &Path) -> Result<Vec<Change>, Error> {
    let generator = lenient_generator(vendor)?;
    Ok(compare(&generator.plan(from)?, &generator.plan(to)?))
}

/// The text of the changelog with the entry below `## Unreleased`, which is made if it is not there.
pub(crate) fn with_entry(before: Option<String>, entry: &str) -> String {
    const HEAD: &str = "## Unreleased\n";
    let before = before.unwrap_or_else(|| format!("# Changelog\n\n{HEAD}"));
    match before.split_once(HEAD) {
        Some((head, rest)) => format!("{head}{HEAD}\n{}\n{}", entry.trim_end(), rest),
        None => format!("{}\n\n{HEAD}\n{entry}", before.trim_end()),
    }
}
