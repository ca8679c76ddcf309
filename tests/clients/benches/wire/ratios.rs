//! The table of costs, with the ratio of generated to hand-written types.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

/// Prints a table. `cost` returns the cost of a case of a page.
pub fn print_table(unit: &str, pages: &[&str], cost: impl Fn(&str, &str) -> Option<f64>) {
    println!(
        "\n| page, {unit} | | generated | hand-written | `Value` | generated / hand-written |"
    );
    println!("| --- | --- | ---: | ---: | ---: | ---: |");
    for page in pages {
        for direction in ["decode", "encode"] {
            let cost = |types: &str| cost(page, &format!("{direction}/{types}"));
            let (Some(generated), Some(hand_written), Some(value)) =
                (cost("generated"), cost("hand-written"), cost("Value"))
            else {
                continue;
            };
            let ratio = generated / hand_written;
            println!(
                "| {page} | {direction} | {generated:.2} | {hand_written:.2} | {value:.2} | {ratio:.2} |"
            );
        }
    }
}

/// Prints the times that criterion measured. With `--test` it measures nothing.
pub fn print_times(pages: &[&str]) {
    let Some(folder) = criterion_folder() else {
        return;
    };
    print_table("ms", pages, |page, case| {
        Some(median_nanoseconds(&folder, page, case)? / 1e6)
    });
}

/// Returns the folder with the results of criterion.
fn criterion_folder() -> Option<PathBuf> {
    // The program is target/<profile>/deps/<name>.
    let program = std::env::current_exe().ok()?;
    let target = std::env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
    let target = target.or_else(|| program.ancestors().nth(3).map(Path::to_owned))?;
    Some(target.join("criterion"))
}

/// Returns the median time of a case.
fn median_nanoseconds(folder: &Path, page: &str, case: &str) -> Option<f64> {
    let path = folder
        .join(page)
        .join(case.replace('/', "_"))
        .join("new/estimates.json");
    let estimates: Value = serde_json::from_slice(&fs::read(path).ok()?).ok()?;
    estimates.get("median")?.get("point_estimate")?.as_f64()
}
