//! `cargo xtask spec add`.

use std::path::Path;
use std::time::Instant;

use super::draft::{draft_config, draft_overlay};
use super::pinned::{PinArgs, Pinned, Published, config_path, fetch_with_progress};
use crate::codegen::{print_gaps, summary_line, target_dirs};
use crate::readme_table::updated_readme;
use crate::repository::{VendorFolder, vendor_folder};
use observatory_codegen::Output;
use observatory_codegen::cli::terminal::{print_error, print_line, print_warning};
use observatory_codegen::config::Config;
use observatory_codegen::diag::{Code, Error};
use observatory_codegen::files::{Files, Mode, Ownership, TargetDir, commit_all};
use observatory_codegen::inventory::list_operations;

/// Add a vendor: pin its document, draft its configuration, and generate its crate.
///
/// The draft in specs/<vendor>/vendor.toml gives a reason for each value; verify each one. If parts of the document
/// cannot be generated, the command writes the folder in specs/ and not the crate, so that the overlay can correct them.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  cargo xtask spec add acme --from openapi.yaml --license MIT --date 2026-08-22
  cargo xtask spec add acme --from https://api.acme.example/openapi.json")]
pub(crate) struct Args {
    /// The name of the vendor's new folder in specs/
    vendor: String,
    /// The published document: a file or an https URL
    #[arg(long, value_name = "FILE|URL")]
    from: String,
    #[command(flatten)]
    pin: PinArgs,
}

pub(super) fn run(args: &Args) -> Result<bool, Error> {
    let started = Instant::now();
    let vendor = vendor_folder(&args.vendor)?;
    for folder in [vendor.spec_dir(), vendor.crate_dir()] {
        if folder.exists() {
            return Err(already_exists(&vendor.name, &folder));
        }
    }
    let fetched = fetch_with_progress(&args.from, None)?.unwrap_or_default();
    let published = Published::parse(&args.from, fetched, &args.pin)?;
    let draft = draft_config(&vendor, &published.document);
    let pinned = Pinned::new(&vendor, published, &args.pin, &draft)?;
    let config = Config::parse(&config_path(&vendor), &pinned.config)?;
    let mut spec_files = pinned.files();
    spec_files.insert("overlay.yaml".to_owned(), draft_overlay(&config.title));
    let generator = vendor.generator_with_config(config);
    let output = match generator.generate(pinned.raw_document()?) {
        Ok(output) if output.diagnostics.is_empty() => output,
        failed => {
            commit_all(&[spec_dir(&vendor, spec_files)], Mode::Write)?;
            match failed {
                Ok(output) => print_gaps(&vendor.name, &output),
                Err(error) => print_error(error.as_error()),
            }
            print_next_steps_after_failure(&vendor.name, &pinned);
            return Ok(false);
        }
    };
    let report = commit_all(&all_files(&vendor, &output, spec_files)?, Mode::Write)?;
    let name = &vendor.name;
    print_line(format_args!(
        "{}",
        summary_line(name, &output, &report, Mode::Write, started.elapsed())
    ))?;
    print_line(format_args!(
        "next: verify the draft in specs/{name}/vendor.toml, describe the main operations in specs/{name}/overlay.yaml, \
         add a [quick-start] to vendor.toml, and run: cargo xtask codegen {name}"
    ))?;
    Ok(true)
}

fn already_exists(vendor: &str, path: &Path) -> Error {
    let message = format!("{} already exists", path.display());
    let help = format!("to update its document, run: cargo xtask spec update {vendor} --from …");
    Error::new(Code::Config, message, Some(&help))
}

fn print_next_steps_after_failure(name: &str, pinned: &Pinned) {
    let operations = list_operations(&pinned.published.value).len();
    print_warning(&format!(
        "help: specs/{name} is written ({operations} operations), and crates/{name} is not: fix the document in \
         specs/{name}/overlay.yaml, and run: cargo xtask codegen {name}"
    ));
}

fn spec_dir(vendor: &VendorFolder, files: Files) -> TargetDir {
    TargetDir {
        root: vendor.spec_dir(),
        display_path: format!("specs/{}", vendor.name),
        files,
        ownership: Ownership::Edited,
    }
}

/// Returns the vendor's folder, its crate, and the README with the new vendor.
fn all_files(
    vendor: &VendorFolder,
    output: &Output,
    spec_files: Files,
) -> Result<Vec<TargetDir>, Error> {
    let [crate_dir, mut spec_dir] = target_dirs(vendor, output);
    spec_dir.files.extend(spec_files);
    let mut all = vec![crate_dir, spec_dir];
    all.extend(updated_readme(&[(vendor, output)])?);
    Ok(all)
}
