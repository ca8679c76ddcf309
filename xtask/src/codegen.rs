//! `cargo xtask codegen`.

use std::time::{Duration, Instant};

use diffy::DiffOptions;

use crate::overview::overview;
use crate::parallel::each;
use crate::repository::VendorFolder;
use crate::unchanged;
use observatory_codegen::Output;
use observatory_codegen::cli::progress::Progress;
use observatory_codegen::cli::terminal::{print_error, print_line, print_warning};
use observatory_codegen::diag::{ColorChoice, Error, render_diagnostics};
use observatory_codegen::files::{FileDiff, Files, Mode, TargetDir, WriteReport, commit_all};
use observatory_codegen::lock;

/// Write the client crates of the vendors in specs/.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  cargo xtask codegen             every vendor
  cargo xtask codegen galileo     one of them
  cargo xtask codegen --check     tell what differs, and fail if anything does
  cargo xtask codegen --force     make the crates anew, although nothing has changed")]
pub(crate) struct Args {
    /// The vendors; all of them if none is named
    vendors: Vec<String>,
    /// Write nothing: show what differs, and fail if anything does
    #[arg(long, conflicts_with = "dry_run")]
    check: bool,
    /// Write nothing: count what would be written
    #[arg(long)]
    dry_run: bool,
    /// Make the crates anew even where nothing has changed
    #[arg(long)]
    force: bool,
}

/// A vendor whose crate has been made and not yet written.
struct Ready {
    vendor: VendorFolder,
    made: Output,
    took: Duration,
}

pub(crate) fn run(args: &Args) -> Result<bool, Error> {
    let mode = match (args.check, args.dry_run) {
        (true, _) => Mode::Check,
        (_, true) => Mode::DryRun,
        _ => Mode::Write,
    };
    let mut progress = Progress::start();
    let vendors = VendorFolder::find(&args.vendors)?;
    let (unchanged, vendors): (Vec<_>, Vec<_>) = vendors
        .into_iter()
        .partition(|vendor| mode == Mode::Write && !args.force && unchanged::is_unchanged(vendor));
    for vendor in &unchanged {
        print_line(format_args!(
            "{:<12} nothing has changed; 0 files written",
            vendor.name
        ))?;
    }
    let count = vendors.len();
    progress.next(&format!("{count} vendors"));
    let mut ready = Vec::new();
    for outcome in each(vendors, prepare)? {
        progress.clear();
        match outcome {
            Ok(one) => ready.push(one),
            Err(failure) => complain_of(failure),
        }
    }
    let mut good = ready.len() == count;
    if !good && mode == Mode::Write {
        print_warning("nothing is written until that is mended");
        return Ok(false);
    }
    for Ready { vendor, made, took } in &ready {
        progress.next(&format!("{}: files", vendor.name));
        let started = Instant::now();
        let report = commit_all(&places(vendor, made), mode)?;
        progress.clear();
        print_line(format_args!(
            "{}",
            summary(&vendor.name, made, &report, mode, *took + started.elapsed())
        ))?;
        if mode == Mode::Check && !report.is_clean() {
            show(&format!(" {}", vendor.name), &report)?;
            good = false;
        }
    }
    let made: Vec<(&VendorFolder, &Output)> = ready.iter().map(|r| (&r.vendor, &r.made)).collect();
    let report = commit_all(overview(&made)?.as_slice(), mode)?;
    if !report.is_clean() {
        progress.clear();
        print_line(format_args!("README.md    the table of vendors"))?;
    }
    if mode == Mode::Check && !report.is_clean() {
        show("", &report)?;
        good = false;
    }
    if mode == Mode::Write {
        ready
            .iter()
            .try_for_each(|ready| unchanged::remember(&ready.vendor))?;
    }
    Ok(good)
}

/// Why a crate cannot be made.
enum Failure {
    Gaps(VendorFolder, Box<Output>),
    Fault(Error),
}

/// Makes a crate.
fn prepare(vendor: VendorFolder) -> Result<Ready, Failure> {
    let started = Instant::now();
    let made = vendor.generate();
    let took = started.elapsed();
    match made {
        Ok(made) if made.diagnostics.is_empty() => Ok(Ready { vendor, made, took }),
        Ok(made) => Err(Failure::Gaps(vendor, Box::new(made))),
        Err(error) => Err(Failure::Fault(error)),
    }
}

/// Says why a crate cannot be made.
fn complain_of(failure: Failure) {
    match failure {
        Failure::Gaps(vendor, made) => complain_of_gaps(&vendor.name, &made),
        Failure::Fault(error) => print_error(&error),
    }
}

/// Tells what cannot be expressed, and what to do about it.
pub(crate) fn complain_of_gaps(name: &str, made: &Output) {
    let source = made.raw.source();
    print_warning(&render_diagnostics(
        &made.diagnostics,
        &source,
        ColorChoice::for_stderr(),
    ));
    let what = match made.diagnostics.len() {
        1 => "one thing",
        _ => "things",
    };
    print_warning(&format!(
        "{name}: {what} of the document cannot be expressed. Mend it in specs/{name}/overlay.yaml, or accept each \
         gap in specs/{name}/vendor.toml: [[accept]] with `code`, `pointer` and `reason`"
    ));
}

pub(crate) fn summary(
    name: &str,
    made: &Output,
    report: &WriteReport,
    mode: Mode,
    took: Duration,
) -> String {
    let types: usize = made.plan.models.iter().map(|file| file.types.len()).sum();
    let (written, removed) = match mode {
        Mode::Write => ("written", "removed"),
        Mode::Check | Mode::DryRun => ("to write", "to remove"),
    };
    format!(
        "{name:<12} {} operations, {types} types; {} files {written}, {} unchanged, {} {removed}; {:.1} s",
        made.plan.operations,
        report.written.len(),
        report.unchanged,
        report.removed.len(),
        took.as_secs_f64(),
    )
}

/// What a vendor's folders should hold; paths in reports are those of the repository.
pub(crate) fn places(vendor: &VendorFolder, made: &Output) -> [TargetDir; 2] {
    let mut lock = Files::default();
    lock.insert(lock::FILE_NAME.to_owned(), made.lock.as_str());
    [
        TargetDir {
            root: vendor.krate(),
            shown: format!("crates/{}", vendor.name),
            files: made.files.clone(),
        },
        TargetDir {
            root: vendor.folder(),
            shown: format!("specs/{}", vendor.name),
            files: lock,
        },
    ]
}

/// What came of a vendor.
#[derive(Debug)]
pub struct Outcome {
    /// What was made.
    pub made: Output,
    /// What the disk said; empty where there are gaps.
    pub report: WriteReport,
}

/// Makes one vendor's crate.
///
/// # Errors
/// When its files cannot be read or understood, or the disk refuses.
pub fn codegen_vendor(vendor: &VendorFolder, mode: Mode) -> Result<Outcome, Error> {
    let made = vendor.generate()?;
    let report = if made.diagnostics.is_empty() {
        commit_all(&places(vendor, &made), mode)?
    } else {
        WriteReport::default()
    };
    Ok(Outcome { made, report })
}

/// Shows what differs, as `patch` reads it, and how to mend it.
fn show(vendor: &str, report: &WriteReport) -> Result<(), Error> {
    for change in report.written.iter().chain(&report.removed) {
        let FileDiff { path, before, .. } = change;
        let after: &str = &change.after;
        let name = |side: &str, text: &str| match text {
            "" => "/dev/null".to_owned(),
            _ => format!("{side}/{path}"),
        };
        let mut options = DiffOptions::new();
        options
            .set_original_filename(name("a", before))
            .set_modified_filename(name("b", after));
        let shown = options.create_patch(before, after).to_string();
        print_line(format_args!("{}", shown.trim_end_matches('\n')))?;
    }
    print_line(format_args!("mend it with: cargo xtask codegen{vendor}"))
}
