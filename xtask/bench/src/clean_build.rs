//! What building the generator costs whoever has just cloned the repository.

use std::fs;

use serde::Deserialize;

use super::Bench;
use super::measure::run;
use super::report::{Section, Table, figure};
use observatory_codegen::diag::Error;

/// CPU seconds that building all of it may take.
const BUDGET: f64 = 120.0;

/// How many of the crates are listed.
const LISTED: usize = 20;

/// One compilation, as cargo tells it.
#[derive(Deserialize)]
struct Unit {
    name: String,
    version: String,
    target: String,
    duration: f64,
}

/// From nothing, once.
pub(super) fn section(bench: &Bench) -> Result<Section, Error> {
    let mut section = Section::new(
        "Building the generator",
        "`cargo build --profile xtask -p xtask` into an empty folder, the sources of its dependencies at hand, as `cargo xtask` does it \
         the first time. The shares are seconds of rustc by cargo's own account.",
    );
    let target = bench.work.join("cold");
    bench.clear(&target)?;
    (bench.progress)("building xtask from nothing");
    let mut cargo = bench.cargo();
    cargo
        .args(["build", "--quiet", "--profile", "xtask", "-p", "xtask"])
        .arg("--timings")
        .env("CARGO_TARGET_DIR", &target)
        .env_remove("RUSTFLAGS");
    let outcome = run(&mut cargo, &bench.log())?;
    let mut table = Table::new(&["", "s", "CPU s", "MB"]);
    match &outcome {
        Ok(cost) => {
            let [wall, cpu, peak] = cost.cells();
            table.row(["all of it".to_owned(), wall, cpu, peak]);
        }
        Err(why) => table.row([why.0.clone()]),
    }
    section.tables.push(table);
    let path = target.join("cargo-timings/cargo-timing.html");
    let text = fs::read_to_string(&path).map_err(|why| Error::io(&path, &why))?;
    section.tables.push(shares(&text));
    let cpu = outcome.map_or(f64::NAN, |cost| cost.cpu);
    section.limit("building the generator, CPU s", cpu, BUDGET);
    bench.clear(&target)?;
    Ok(section)
}

/// Who takes how much, by what cargo keeps in its page.
fn shares(page: &str) -> Table {
    let mut table = Table::new(&["crate", "s", "%"]);
    let data = page.split_once("const UNIT_DATA = ").map(|(_, rest)| rest);
    let data = data.and_then(|rest| rest.split_once("];").map(|(list, _)| format!("{list}]")));
    let units: Vec<Unit> = data
        .and_then(|list| serde_json::from_str(&list).ok())
        .unwrap_or_default();
    let mut shares = std::collections::BTreeMap::<String, f64>::new();
    for unit in &units {
        let what = if unit.target.contains("build script") {
            " (build script)"
        } else {
            ""
        };
        *shares
            .entry(format!("{} {}{what}", unit.name, unit.version))
            .or_default() += unit.duration;
    }
    let all: f64 = shares.values().sum();
    let mut shares: Vec<(String, f64)> = shares.into_iter().collect();
    shares.sort_by(|a, b| b.1.total_cmp(&a.1));
    let rest: f64 = shares.iter().skip(LISTED).map(|(_, seconds)| seconds).sum();
    let others = shares.len().saturating_sub(LISTED);
    let mut row = |name: String, seconds: f64| {
        table.row([name, figure(seconds), figure(100.0 * seconds / all)]);
    };
    for (name, seconds) in shares.into_iter().take(LISTED) {
        row(name, seconds);
    }
    row(format!("{others} others"), rest);
    table
}
