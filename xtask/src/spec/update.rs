//! `cargo xtask spec update`.

use super::diff;
use super::staged::{Said, Staged, config_path, fetched, stage};
use crate::codegen::{complain_of_gaps, places, summary};
use crate::overview::overview;
use crate::repository::VendorFolder;
use observatory_codegen::cli::progress::Progress;
use observatory_codegen::cli::terminal::{print_line, print_warning};
use observatory_codegen::config::Config;
use observatory_codegen::diag::{Code, Error};
use observatory_codegen::files::{Files, Mode, TargetDir, commit_all};
use observatory_codegen::loader::read_text_if_exists;
use observatory_codegen::{Generator, PlannedDocument, Strictness};
use std::time::Instant;

/// Fetch a vendor's document anew, tell what changed for callers, and regenerate.
///
/// Nothing is written unless everything can be: the document is pinned, the overlay applied (an action that no longer
/// fits is an error), the crate made, and only then is anything moved to its place.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  cargo xtask spec update acme                          from where it came the last time, if that was an address
  cargo xtask spec update acme --from new.yaml --dry-run
  cargo xtask spec update acme --from https://api.acme.example/openapi.json --write-changelog")]
pub(crate) struct Args {
    /// The vendor's folder in specs/
    vendor: String,
    /// The new document: a file, or an https address [default: where it came from the last time]
    #[arg(long, value_name = "FILE|URL")]
    from: Option<String>,
    /// Write nothing: tell what changed, and count what would be written
    #[arg(long)]
    dry_run: bool,
    /// Write the entry to CHANGELOG.md, too
    #[arg(long)]
    write_changelog: bool,
    #[command(flatten)]
    said: Said,
}

pub(super) fn run(args: &Args) -> Result<bool, Error> {
    let asked = [args.vendor.clone()];
    let Some(vendor) = VendorFolder::find(&asked)?.into_iter().next() else {
        return Ok(false);
    };
    let before = vendor.config()?;
    let from = from(args, &before)?;
    let known = Some(before.document.etag.as_str());
    let known = known.filter(|etag| !etag.is_empty() && from == before.document.origin);
    let Some(fetched) = fetched(&from, known)? else {
        let date = &before.document.date;
        print_line(format_args!(
            "{}: unchanged; the server still has the document of {date}",
            vendor.name
        ))?;
        return Ok(true);
    };
    let started = Instant::now();
    let path = config_path(&vendor.folder());
    let text = read_text_if_exists(&path)?.unwrap_or_default();
    let staged = stage(&vendor.name, (&from, fetched), &args.said, (&path, &text))?;
    let generator = vendor.generator()?;
    let (old, new) = both(&vendor, &generator, &staged)?;
    let report = diff::report(&vendor, &old, &new);
    print_line(format_args!("{}", report.to_text().trim_end()))?;
    let made = generator.emit(new)?;
    if !made.diagnostics.is_empty() {
        complain_of_gaps(&vendor.name, &made);
        print_warning("nothing is written until that is mended");
        return Ok(false);
    }
    let [krate, mut specs] = places(&vendor, &made);
    specs.files.extend(staged.files());
    let mut all = vec![krate, specs];
    all.extend(overview(&[(&vendor, &made)])?);
    if args.write_changelog {
        all.push(changelog(&vendor, &report.changelog_entry())?);
    }
    let mode = if args.dry_run {
        Mode::DryRun
    } else {
        Mode::Write
    };
    let settled = commit_all(&all, mode)?;
    let told = summary(&vendor.name, &made, &settled, mode, started.elapsed());
    print_line(format_args!("\n{told}"))?;
    Ok(true)
}

/// Where the new document is.
fn from(args: &Args, before: &Config) -> Result<String, Error> {
    let recorded = Some(&before.document.origin).filter(|origin| origin.contains("://"));
    args.from.as_ref().or(recorded).cloned().ok_or_else(|| {
        let message = format!(
            "{}: its document came from a file the last time (`{}`)",
            args.vendor, before.document.origin
        );
        Error::new(
            Code::Config,
            message,
            Some("say where the new one is, with `--from`"),
        )
    })
}

/// What the old and the new document mean. The overlay and the configuration have to fit the new one; they may have
/// been changed for it already, so that the old one takes of them what fits.
fn both(
    vendor: &VendorFolder,
    generator: &Generator,
    staged: &Staged,
) -> Result<(PlannedDocument, PlannedDocument), Error> {
    let mut progress = Progress::start();
    progress.next("the new document");
    let new = generator.plan(staged.facts()?)?;
    progress.next("the old document");
    let lenient = generator.clone().strictness(Strictness::Lenient);
    let old = lenient.plan(vendor.document())?;
    Ok((old, new))
}

fn changelog(vendor: &VendorFolder, entry: &str) -> Result<TargetDir, Error> {
    let before = read_text_if_exists(&vendor.root.join("CHANGELOG.md"))?;
    let mut files = Files::default();
    files.insert("CHANGELOG.md".to_owned(), diff::insert_entry(before, entry));
    Ok(TargetDir {
        root: vendor.root.clone(),
        shown: String::new(),
        files,
    })
}
