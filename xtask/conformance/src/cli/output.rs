//! Output that several commands share.

use std::collections::BTreeMap;

use observatory_codegen::cli::terminal::print_line;
use observatory_codegen::diag::{Code, Error};
use serde::Serialize;

use crate::shared::skipped::Skipped;

/// Prints a report as JSON.
pub(super) fn print_json(report: &impl Serialize) -> Result<(), Error> {
    let text = serde_json::to_string_pretty(report)
        .map_err(|error| Error::new(Code::Internal, error.to_string(), None))?;
    print_line(format_args!("{text}"))
}

/// Prints one line for each reason, with the number of skipped items and the first of them.
pub(super) fn print_skipped(skipped: &[Skipped]) -> Result<(), Error> {
    let mut by_reason: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for item in skipped {
        let pointers = by_reason.entry(&item.reason).or_default();
        pointers.push(&item.pointer);
    }
    for (reason, pointers) in by_reason {
        let first = pointers.first().copied().unwrap_or_default();
        let count = pointers.len();
        print_line(format_args!("skipped: {count}, {reason}, first {first}"))?;
    }
    Ok(())
}

/// Returns the default number of parallel jobs: the number of processors.
pub(super) fn default_jobs() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}
