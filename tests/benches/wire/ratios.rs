//! The table at the end: medians, and how many times as long as by hand.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

/// Where criterion keeps what it measured.
fn measured() -> Option<PathBuf> {
    // target/<profile>/deps/<this program>
    let program = std::env::current_exe().ok()?;
    let target = std::env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
    let target = target.or_else(|| program.ancestors().nth(3).map(Path::to_owned))?;
    Some(target.join("criterion"))
}

/// Nanoseconds, the median.
fn median(folder: &Path, group: &str, what: &str) -> Option<f64> {
    let place = folder
        .join(group)
        .join(what.replace('/', "_"))
        .join("new/estimates.json");
    let estimates: Value = serde_json::from_slice(&fs::read(place).ok()?).ok()?;
    estimates.get("median")?.get("point_estimate")?.as_f64()
}

/// Nothing where criterion has not measured, as with `--test`.
pub fn print(groups: &[&str]) {
    let Some(folder) = measured() else {
        return;
    };
    println!("\n| page | | generated | by hand | `Value` | generated / by hand |");
    println!("| --- | --- | ---: | ---: | ---: | ---: |");
    for group in groups {
        for way in ["decode", "encode"] {
            let of = |who: &str| median(&folder, group, &format!("{way}/{who}"));
            let (Some(ours), Some(hand), Some(value)) =
                (of("generated"), of("by hand"), of("Value"))
            else {
                continue;
            };
            let ms = |nanoseconds: f64| nanoseconds / 1e6;
            println!(
                "| {group} | {way} | {:.2} ms | {:.2} ms | {:.2} ms | {:.2} |",
                ms(ours),
                ms(hand),
                ms(value),
                ours / hand
            );
        }
    }
}
