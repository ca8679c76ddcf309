//! `cargo xtask codegen`.

use std::time::{Duration, Instant};

use diffy::DiffOptions;

use crate::digest_cache::{is_unchanged, store_digest};
use crate::parallel::map_in_parallel;
use crate::readme_table::updated_readme;
use crate::repository::VendorFolder;
use observatory_codegen::Output;
use observatory_codegen::cli::progress::Progress;
use observatory_codegen::cli::terminal::{print_error, print_line, print_warning};
use observatory_codegen::diag::{ColorChoice, Error, render_diagnostics};
use observatory_codegen::files::{
    FileDiff, Files, Mode, Ownership, TargetDir, WriteReport, commit_all,
};
use observatory_codegen::lock;

/// Generate the client crates of the vendors in specs/.
///
/// If one of the crates cannot be generated, no files are written. A vendor is skipped if its files in specs/ and its
/// crate have not changed since the last run.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  cargo xtask codegen             all vendors
  cargo xtask codegen galileo     one vendor
  cargo xtask codegen --check     show the differences, and fail if there are any
  cargo xtask codegen --force     generate crates whose inputs have not changed, too")]
pub(crate) struct Args {
    /// The vendors [default: all]
    vendors: Vec<String>,
    /// Write nothing: show the differences, and fail if there are any
    #[arg(long, conflicts_with = "dry_run")]
    check: bool,
    /// Write nothing: count the files that would be written
    #[arg(long)]
    dry_run: bool,
    /// Generate crates whose inputs have not changed, too
    #[arg(long)]
    force: bool,
}

impl Args {
    fn mode(&self) -> Mode {
        match (self.check, self.dry_run) {
            (true, _) => Mode::Check,
            (_, true) => Mode::DryRun,
            _ => Mode::Write,
        }
    }
}

pub(crate) fn run(args: &Args) -> Result<bool, Error> {
    let mode = args.mode();
    let mut progress = Progress::start();
    let vendors = VendorFolder::find(&args.vendors)?;
    let vendors = match mode == Mode::Write && !args.force {
        true => skip_unchanged(vendors)?,
        false => vendors,
    };
    let count = vendors.len();
    progress.show(&format!("generating {count} crates"));
    let generated = generate_vendors(vendors, &mut progress)?;
    let are_all_generated = generated.len() == count;
    if !are_all_generated && mode == Mode::Write {
        print_warning("help: fix these errors; until then, no files are written");
        return Ok(false);
    }
    let are_crates_clean = write_crates(&generated, mode, &mut progress)?;
    let is_readme_clean = write_readme(&generated, mode)?;
    if mode == Mode::Write {
        let vendors = generated.iter().map(|generated| &generated.vendor);
        vendors.into_iter().try_for_each(store_digest)?;
    }
    let is_clean = mode != Mode::Check || are_crates_clean && is_readme_clean;
    Ok(are_all_generated && is_clean)
}

/// Prints a line for each vendor that has not changed since its crate was written, and returns the others.
fn skip_unchanged(vendors: Vec<VendorFolder>) -> Result<Vec<VendorFolder>, Error> {
    let (unchanged, changed): (Vec<_>, Vec<_>) = vendors.into_iter().partition(is_unchanged);
    for vendor in &unchanged {
        print_line(format_args!(
            "{:<12} unchanged since the last run; 0 files written",
            vendor.name
        ))?;
    }
    Ok(changed)
}

/// A vendor and its generated crate, which is not written yet.
struct GeneratedVendor {
    vendor: VendorFolder,
    output: Output,
    duration: Duration,
}

/// The reason why a vendor's crate cannot be generated.
enum GenerationFailure {
    Gaps(VendorFolder, Box<Output>),
    Error(Error),
}

/// Generates the crates in parallel. Prints failures and returns the crates that were generated.
fn generate_vendors(
    vendors: Vec<VendorFolder>,
    progress: &mut Progress,
) -> Result<Vec<GeneratedVendor>, Error> {
    let results = map_in_parallel(vendors, generate_vendor)?;
    progress.clear();
    let mut generated = Vec::new();
    for result in results {
        match result {
            Ok(vendor) => generated.push(vendor),
            Err(GenerationFailure::Gaps(vendor, output)) => print_gaps(&vendor.name, &output),
            Err(GenerationFailure::Error(error)) => print_error(&error),
        }
    }
    Ok(generated)
}

fn generate_vendor(vendor: VendorFolder) -> Result<GeneratedVendor, GenerationFailure> {
    let started = Instant::now();
    let output = vendor.generate().map_err(GenerationFailure::Error)?;
    if !output.diagnostics.is_empty() {
        return Err(GenerationFailure::Gaps(vendor, Box::new(output)));
    }
    Ok(GeneratedVendor {
        vendor,
        output,
        duration: started.elapsed(),
    })
}

/// Writes the crates or compares them with the disk. Returns whether the disk was up to date.
fn write_crates(
    generated: &[GeneratedVendor],
    mode: Mode,
    progress: &mut Progress,
) -> Result<bool, Error> {
    let mut is_clean = true;
    for GeneratedVendor {
        vendor,
        output,
        duration,
    } in generated
    {
        progress.show(&format!("{}: writing files", vendor.name));
        let started = Instant::now();
        let report = commit_all(&target_dirs(vendor, output), mode)?;
        progress.clear();
        let duration = *duration + started.elapsed();
        print_line(format_args!(
            "{}",
            summary_line(&vendor.name, output, &report, mode, duration)
        ))?;
        if mode == Mode::Check && !report.is_clean() {
            print_differences(&report, &format!("cargo xtask codegen {}", vendor.name))?;
        }
        is_clean &= report.is_clean();
    }
    Ok(is_clean)
}

/// Writes the table of vendors in the README, or compares it with the disk. Returns whether it was up to date.
fn write_readme(generated: &[GeneratedVendor], mode: Mode) -> Result<bool, Error> {
    let outputs = generated.iter();
    let outputs: Vec<_> = outputs.map(|one| (&one.vendor, &one.output)).collect();
    let report = commit_all(updated_readme(&outputs)?.as_slice(), mode)?;
    if !report.is_clean() {
        let state = match mode {
            Mode::Write => "updated",
            Mode::Check | Mode::DryRun => "out of date",
        };
        print_line(format_args!("README.md    table of vendors {state}"))?;
    }
    if mode == Mode::Check && !report.is_clean() {
        print_differences(&report, "cargo xtask codegen")?;
    }
    Ok(report.is_clean())
}

/// Prints the parts of a document that cannot be generated.
pub(crate) fn print_gaps(vendor: &str, output: &Output) {
    let source = output.raw.source();
    let gaps = render_diagnostics(&output.diagnostics, &source, ColorChoice::for_stderr());
    print_warning(&gaps);
    let count = output.diagnostics.len();
    let parts = if count == 1 { "part" } else { "parts" };
    print_warning(&format!(
        "error: {vendor}: {count} {parts} of the document cannot be generated\n\
         help: fix the document in specs/{vendor}/overlay.yaml, or accept each gap in specs/{vendor}/vendor.toml: \
         [[accept]] with `code`, `pointer` and `reason`"
    ));
}

/// Returns one line about a generated crate: operations, types, files, and the time it took.
pub(crate) fn summary_line(
    vendor: &str,
    output: &Output,
    report: &WriteReport,
    mode: Mode,
    duration: Duration,
) -> String {
    let types: usize = output.plan.models.iter().map(|file| file.types.len()).sum();
    let (written, removed) = match mode {
        Mode::Write => ("written", "removed"),
        Mode::Check | Mode::DryRun => ("to write", "to remove"),
    };
    format!(
        "{vendor:<12} {} operations, {types} types; {} files {written}, {} unchanged, {} {removed}; {:.1} s",
        output.plan.operation_count,
        report.written.len(),
        report.unchanged,
        report.removed.len(),
        duration.as_secs_f64(),
    )
}

/// Returns the generated files of a vendor: its crate, and names.lock in its folder in `specs/`.
pub(crate) fn target_dirs(vendor: &VendorFolder, output: &Output) -> [TargetDir; 2] {
    let mut names_lock = Files::default();
    names_lock.insert(lock::FILE_NAME.to_owned(), output.lock.as_str());
    [
        TargetDir {
            root: vendor.crate_dir(),
            display_path: format!("crates/{}", vendor.name),
            files: output.files.clone(),
            ownership: Ownership::Generated,
        },
        TargetDir {
            root: vendor.spec_dir(),
            display_path: format!("specs/{}", vendor.name),
            files: names_lock,
            ownership: Ownership::Edited,
        },
    ]
}

/// Writes a vendor's generated crate or compares it with the disk. With gaps, nothing is written and the report is
/// empty.
///
/// # Errors
/// When a file cannot be read or written.
pub fn write_crate(
    vendor: &VendorFolder,
    output: &Output,
    mode: Mode,
) -> Result<WriteReport, Error> {
    match output.diagnostics.is_empty() {
        true => commit_all(&target_dirs(vendor, output), mode),
        false => Ok(WriteReport::default()),
    }
}

/// Prints the differences between the disk and the generated files as a patch, and the command that updates the files.
fn print_differences(report: &WriteReport, command: &str) -> Result<(), Error> {
    for diff in report.written.iter().chain(&report.removed) {
        let FileDiff { path, before, .. } = diff;
        let after: &str = &diff.after;
        let file_name = |side: &str, text: &str| match text {
            "" => "/dev/null".to_owned(),
            _ => format!("{side}/{path}"),
        };
        let mut options = DiffOptions::new();
        options
            .set_original_filename(file_name("a", before))
            .set_modified_filename(file_name("b", after));
        let patch = options.create_patch(before, after).to_string();
        print_line(format_args!("{}", patch.trim_end_matches('\n')))?;
    }
    print_line(format_args!("help: to update the files, run: {command}"))
}
