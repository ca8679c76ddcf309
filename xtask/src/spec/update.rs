//! `cargo xtask spec update`.

use std::time::Instant;

use super::diff;
use super::pinned::{PinArgs, Pinned, Published, config_path, fetch_with_progress};
use crate::codegen::{print_gaps, summary_line, target_dirs};
use crate::readme_table::updated_readme;
use crate::repository::VendorFolder;
use observatory_codegen::cli::progress::Progress;
use observatory_codegen::cli::terminal::{print_error, print_line, print_warning};
use observatory_codegen::config::Config;
use observatory_codegen::diag::{Code, Error};
use observatory_codegen::files::{Files, Mode, Ownership, TargetDir, commit_all};
use observatory_codegen::loader::read_text_if_exists;
use observatory_codegen::{Diagnostics, Generator, PlannedDocument, Strictness};

/// Update a vendor's document, report the changes, and regenerate its crate.
///
/// Files are written only after every step has succeeded: the document is pinned, the overlay matches it, and the crate
/// is generated.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  cargo xtask spec update acme                          download the document from its recorded URL
  cargo xtask spec update acme --from new.yaml --dry-run
  cargo xtask spec update acme --from https://api.acme.example/openapi.json --write-changelog")]
pub(crate) struct Args {
    /// The name of the vendor's folder in specs/
    vendor: String,
    /// The new document: a file or an https URL [default: the recorded URL]
    #[arg(long, value_name = "FILE|URL")]
    from: Option<String>,
    /// Write nothing: report the changes, and count the files that would be written
    #[arg(long)]
    dry_run: bool,
    /// Add the entry to CHANGELOG.md
    #[arg(long)]
    write_changelog: bool,
    #[command(flatten)]
    pin: PinArgs,
}

pub(super) fn run(args: &Args) -> Result<bool, Error> {
    let vendor = VendorFolder::find_one(&args.vendor)?;
    let config = vendor.config()?;
    let from = document_location(args, &config)?;
    let known_etag = Some(config.document.etag.as_str());
    let known_etag = known_etag.filter(|etag| !etag.is_empty() && from == config.document.origin);
    let Some(fetched) = fetch_with_progress(&from, known_etag)? else {
        let date = &config.document.date;
        print_line(format_args!(
            "{}: unchanged; the server still has the document of {date}",
            vendor.name
        ))?;
        return Ok(true);
    };
    let started = Instant::now();
    let config_text = read_text_if_exists(&config_path(&vendor))?.unwrap_or_default();
    let published = Published::parse(&from, fetched, &args.pin)?;
    let pinned = Pinned::new(&vendor, published, &args.pin, &config_text)?;
    let generator = vendor.generator()?;
    let Plans { old, new, mismatch } = plan_both(&vendor, &generator, &pinned)?;
    let report = diff::report(&vendor, &old, &new);
    print_line(format_args!("{}", report.to_text().trim_end()))?;
    if let Some(error) = mismatch {
        print_line(format_args!(""))?;
        print_error(error.as_error());
        print_warning(NOTHING_WRITTEN);
        return Ok(false);
    }
    let output = generator.emit(new)?;
    if !output.diagnostics.is_empty() {
        print_gaps(&vendor.name, &output);
        print_warning(NOTHING_WRITTEN);
        return Ok(false);
    }
    let [crate_dir, mut spec_dir] = target_dirs(&vendor, &output);
    spec_dir.files.extend(pinned.files());
    let mut all = vec![crate_dir, spec_dir];
    all.extend(updated_readme(&[(&vendor, &output)])?);
    if args.write_changelog {
        all.push(updated_changelog(&vendor, &report.changelog_entry())?);
    }
    let mode = if args.dry_run {
        Mode::DryRun
    } else {
        Mode::Write
    };
    let written = commit_all(&all, mode)?;
    let summary = summary_line(&vendor.name, &output, &written, mode, started.elapsed());
    print_line(format_args!("\n{summary}"))?;
    Ok(true)
}

/// Returns the file or URL of the new document: `--from`, or the recorded URL.
fn document_location(args: &Args, config: &Config) -> Result<String, Error> {
    let recorded = Some(&config.document.origin).filter(|origin| origin.contains("://"));
    args.from.as_ref().or(recorded).cloned().ok_or_else(|| {
        let message = format!(
            "{}: the recorded origin of the document, `{}`, is not a URL",
            args.vendor, config.document.origin
        );
        let help = "pass the new document with `--from`";
        Error::new(Code::Config, message, Some(help))
    })
}

/// Help after errors.
const NOTHING_WRITTEN: &str = "help: no files are written until these errors are fixed";

/// Both documents.
struct Plans {
    old: PlannedDocument,
    new: PlannedDocument,
    /// What of the overlay and the configuration does not match the new document.
    mismatch: Option<Diagnostics>,
}

/// Plans the old and the new document. The overlay and the configuration must match the new one. They may have been
/// changed for it, so they are applied to the old one as far as they match, and where they do not match the new one
/// also to that, so that its changes can be reported.
fn plan_both(
    vendor: &VendorFolder,
    generator: &Generator,
    pinned: &Pinned,
) -> Result<Plans, Error> {
    let mut progress = Progress::start();
    let lenient = generator.clone().strictness(Strictness::Lenient);
    progress.show("planning the new document");
    let (new, mismatch) = match generator.plan(pinned.raw_document()?) {
        Ok(new) => (new, None),
        Err(error) => match lenient.plan(pinned.raw_document()?) {
            Ok(new) => (new, Some(error)),
            Err(_) => return Err(error.into()),
        },
    };
    progress.show("planning the old document");
    let old = lenient.plan(vendor.document())?;
    Ok(Plans { old, new, mismatch })
}

/// Returns the CHANGELOG with a new entry.
fn updated_changelog(vendor: &VendorFolder, entry: &str) -> Result<TargetDir, Error> {
    let changelog = read_text_if_exists(&vendor.root.join("CHANGELOG.md"))?;
    let mut files = Files::default();
    let text = diff::insert_entry(changelog, entry);
    files.insert("CHANGELOG.md".to_owned(), text);
    Ok(TargetDir {
        root: vendor.root.clone(),
        display_path: String::new(),
        files,
        ownership: Ownership::Edited,
    })
}
