//! Instructions of a program that runs itself under `valgrind --tool=callgrind`, independently of other load on the
//! machine.

use std::env;
use std::process::Command;

/// The variable with the case that a run under valgrind measures.
const CASE: &str = "BENCHMARK_CASE";

/// Returns the case that this process is to run, if it was started by [`count_instructions`].
pub fn requested_case() -> Option<String> {
    env::var(CASE).ok()
}

/// Runs a case under valgrind and parses the line `Collected : 12345`; `None` without valgrind.
pub fn count_instructions(case: &str) -> Option<u64> {
    let run = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(env::current_exe().ok()?)
        .env(CASE, case)
        .output()
        .ok()?;
    let stderr = String::from_utf8_lossy(&run.stderr);
    assert!(run.status.success(), "valgrind failed: {stderr}");
    let line = stderr
        .lines()
        .find_map(|line| line.split_once("Collected :"))?;
    line.1.trim().parse().ok()
}

/// Counts the instructions of one repetition. `count` counts those of a number of repetitions; the difference of two
/// numbers excludes the start of the program.
pub fn per_repetition((few, many): (u64, u64), count: impl Fn(u64) -> Option<u64>) -> Option<f64> {
    let instructions = count(many)?.saturating_sub(count(few)?);
    Some(instructions as f64 / (many - few) as f64)
}
