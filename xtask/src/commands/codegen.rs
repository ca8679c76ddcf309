//! `cargo xtask codegen`.

use std::time::Instant;

use super::VendorFolder;
use crate::diag::{Error, Style, render_diags};
use crate::files::{Mode, Report, settle};
use crate::pipeline::{Made, run as make};

/// Write the client crates of the vendors in specs/.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  cargo xtask codegen             every vendor\n  cargo xtask codegen galileo     one of them\n  cargo xtask codegen --check     tell what differs, and fail if anything does"
)]
pub(super) struct Args {
    /// The vendors; all of them if none is named
    vendors: Vec<String>,
    /// Write nothing: show what differs, and fail if anything does
    #[arg(long, conflicts_with = "dry_run")]
    check: bool,
    /// Write nothing: count what would be written
    #[arg(long)]
    dry_run: bool,
}

pub(super) fn run(args: &Args) -> Result<bool, Error> {
    let mode = match (args.check, args.dry_run) {
        (true, _) => Mode::Check,
        (_, true) => Mode::DryRun,
        _ => Mode::Write,
    };
    let mut good = true;
    for vendor in VendorFolder::find(&args.vendors)? {
        let started = Instant::now();
        let outcome = codegen_vendor(&vendor, mode)?;
        let Outcome { made, report } = &outcome;
        if !made.gaps.is_empty() {
            eprintln!(
                "{}",
                render_diags(&made.gaps, &made.raw.source(), Style::for_stderr())
            );
            eprintln!(
                "{}: {} gaps; nothing is written until vendor.toml accepts them with a reason",
                vendor.name,
                made.gaps.len()
            );
            good = false;
            continue;
        }
        let types: usize = made.plan.models.iter().map(|file| file.types.len()).sum();
        println!(
            "{:<12} {} operations, {types} types; {} files {}, {} unchanged, {} removed; {:.1} s",
            vendor.name,
            made.plan.operations,
            report.written.len(),
            if mode == Mode::Write {
                "written"
            } else {
                "differ"
            },
            report.unchanged,
            report.removed.len(),
            started.elapsed().as_secs_f64(),
        );
        if mode == Mode::Check && !report.is_clean() {
            show(report);
            println!("mend it with: cargo xtask codegen {}", vendor.name);
            good = false;
        }
    }
    Ok(good)
}

/// What came of a vendor.
#[derive(Debug)]
pub struct Outcome {
    /// What was made.
    pub made: Made,
    /// What the disk said; empty where there are gaps.
    pub report: Report,
}

/// Makes one vendor's crate.
///
/// # Errors
/// When its files cannot be read or understood, or the disk refuses.
pub fn codegen_vendor(vendor: &VendorFolder, mode: Mode) -> Result<Outcome, Error> {
    let config = vendor.config()?;
    let made = make(&vendor.inputs(), &config, &vendor.options(&config))?;
    let report = if made.gaps.is_empty() {
        settle(&made.files, &vendor.krate(), mode)?
    } else {
        Report::default()
    };
    Ok(Outcome { made, report })
}

/// So many lines of differences are shown; nobody reads more.
const SHOWN: usize = 400;

fn show(report: &Report) {
    let mut left = SHOWN;
    for change in report.written.iter().chain(&report.removed) {
        let diff = similar::TextDiff::from_lines(&change.before, &change.after);
        let text = diff
            .unified_diff()
            .header(
                &format!("{} (on disk)", change.path),
                &format!("{} (generated)", change.path),
            )
            .to_string();
        for line in text.lines().take(left) {
            println!("{line}");
        }
        left = left.saturating_sub(text.lines().count());
        if left == 0 {
            println!("… and more");
            return;
        }
    }
}
