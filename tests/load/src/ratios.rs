//! Prints counts of implementations, compared with a baseline.

use serde_json::{Map, Value};
use std::env;

/// Counts the instructions of each implementation, and prints them as a table, or as JSON with the argument `--json`.
#[allow(clippy::print_stdout, reason = "the output of a benchmark")]
pub fn print_ratios(
    title: &str,
    baseline: &str,
    implementations: &[&str],
    count: impl Fn(&str) -> Option<f64>,
) {
    let count =
        |name: &str| count(name).expect("valgrind; scripts/install-valgrind.sh installs it");
    let names = [&[baseline], implementations].concat();
    let counts: Vec<(&str, f64)> = names.into_iter().map(|name| (name, count(name))).collect();
    if env::args().any(|argument| argument == "--json") {
        let counts = counts
            .into_iter()
            .map(|(name, count)| (name.to_owned(), Value::from(count.round())));
        println!("{}", Value::Object(Map::from_iter(counts)));
        return;
    }
    let baseline = counts.first().map_or(f64::NAN, |(_, count)| *count);
    println!("{title:<24} {:>12} {:>8}", "instructions", "ratio");
    for (name, count) in counts {
        println!("{name:<24} {count:>12.0} {:>8.2}", count / baseline);
    }
}
