//! The time to build the generator from a fresh clone.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use observatory_codegen::diag::Error;
use serde::Deserialize;

use crate::context::BenchContext;
use crate::measure::run;
use crate::report::{Section, Table, format_figure};

/// The largest number of CPU seconds.
const MAX_CPU_SECONDS: f64 = 120.0;

/// The number of crates that the table lists.
const LISTED_CRATES: usize = 20;

/// A compilation in the timings of cargo.
#[derive(Deserialize)]
struct TimingUnit {
    name: String,
    version: String,
    target: String,
    duration: f64,
}

/// Builds `xtask` once into an empty folder.
pub(super) fn measure_section(context: &BenchContext) -> Result<Section, Error> {
    let mut section = Section::new(
        "Building the generator",
        "`cargo build --profile xtask -p xtask` into an empty folder, as the first `cargo xtask` does. The sources of \
         the dependencies are downloaded. The shares are the seconds of rustc that cargo reports.",
    );
    let target = context.work.join("clean-build");
    (context.progress)("building xtask in an empty folder");
    let arguments = [
        "build",
        "--quiet",
        "--profile",
        "xtask",
        "-p",
        "xtask",
        "--timings",
    ];
    let (table, cpu) = run_in_empty_folder(context, &target, "total", &arguments)?;
    section.tables.push(table);
    let path = target.join("cargo-timings/cargo-timing.html");
    let page = fs::read_to_string(&path).map_err(|error| Error::io(&path, &error))?;
    section.tables.push(share_table(&page));
    section.add_limit("building the generator, CPU s", cpu, MAX_CPU_SECONDS);
    context.move_to_trash(&target)?;
    Ok(section)
}

/// Runs cargo with an empty target folder. Returns a table with its cost, and the CPU seconds.
pub(super) fn run_in_empty_folder(
    context: &BenchContext,
    target: &Path,
    label: &str,
    arguments: &[&str],
) -> Result<(Table, f64), Error> {
    context.move_to_trash(target)?;
    let mut cargo = context.cargo();
    cargo
        .args(arguments)
        .env("CARGO_TARGET_DIR", target)
        .env_remove("RUSTFLAGS");
    let result = run(&mut cargo, &context.log_path())?;
    let mut table = Table::new(&["", "s", "CPU s", "MB"]);
    match &result {
        Ok(cost) => {
            let [wall, cpu, peak] = cost.cells();
            table.add_row([label.to_owned(), wall, cpu, peak]);
        }
        Err(failure) => table.add_row([failure.reason.clone()]),
    }
    Ok((table, result.map_or(f64::NAN, |cost| cost.cpu)))
}

/// Returns a table with the seconds of each crate, from the page of cargo's timings.
fn share_table(page: &str) -> Table {
    let mut table = Table::new(&["crate", "s", "%"]);
    let data = page.split_once("const UNIT_DATA = ").map(|(_, rest)| rest);
    let data = data.and_then(|rest| rest.split_once("];").map(|(list, _)| format!("{list}]")));
    let units: Vec<TimingUnit> = data
        .and_then(|list| serde_json::from_str(&list).ok())
        .unwrap_or_default();
    let mut seconds_by_crate = BTreeMap::<String, f64>::new();
    for unit in &units {
        let suffix = if unit.target.contains("build script") {
            " (build script)"
        } else {
            ""
        };
        let name = format!("{} {}{suffix}", unit.name, unit.version);
        *seconds_by_crate.entry(name).or_default() += unit.duration;
    }
    let total: f64 = seconds_by_crate.values().sum();
    let mut shares: Vec<(String, f64)> = seconds_by_crate.into_iter().collect();
    shares.sort_by(|a, b| b.1.total_cmp(&a.1));
    let others = shares.split_off(LISTED_CRATES.min(shares.len()));
    let mut row = |name: String, seconds: f64| {
        let percent = 100.0 * seconds / total;
        table.add_row([name, format_figure(seconds), format_figure(percent)]);
    };
    for (name, seconds) in shares {
        row(name, seconds);
    }
    let rest = others.iter().map(|(_, seconds)| seconds).sum();
    row(format!("{} others", others.len()), rest);
    table
}
