//! The table at the end: how much each way costs, and how many times as much as by hand.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

/// Prints a table of what `cost` says of a page and a case.
pub fn table(unit: &str, pages: &[&str], cost: impl Fn(&str, &str) -> Option<f64>) {
    println!("\n| page, {unit} | | generated | by hand | `Value` | generated / by hand |");
    println!("| --- | --- | ---: | ---: | ---: | ---: |");
    for page in pages {
        for way in ["decode", "encode"] {
            let of = |who: &str| cost(page, &format!("{way}/{who}"));
            let (Some(ours), Some(hand), Some(value)) =
                (of("generated"), of("by hand"), of("Value"))
            else {
                continue;
            };
            let ratio = ours / hand;
            println!("| {page} | {way} | {ours:.2} | {hand:.2} | {value:.2} | {ratio:.2} |");
        }
    }
}

/// What criterion has measured; nothing where it has not, as with `--test`.
pub fn measured(pages: &[&str]) {
    let Some(folder) = folder() else {
        return;
    };
    table("ms", pages, |page, case| {
        Some(median(&folder, page, case)? / 1e6)
    });
}

/// Where criterion keeps what it measured.
fn folder() -> Option<PathBuf> {
    // target/<profile>/deps/<this program>
    let program = std::env::current_exe().ok()?;
    let target = std::env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
    let target = target.or_else(|| program.ancestors().nth(3).map(Path::to_owned))?;
    Some(target.join("criterion"))
}

/// Nanoseconds, the median.
fn median(folder: &Path, page: &str, case: &str) -> Option<f64> {
    let place = folder
        .join(page)
        .join(case.replace('/', "_"))
        .join("new/estimates.json");
    let estimates: Value = serde_json::from_slice(&fs::read(place).ok()?).ok()?;
    estimates.get("median")?.get("point_estimate")?.as_f64()
}
