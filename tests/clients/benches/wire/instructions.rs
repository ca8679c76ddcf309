//! Counts instructions: the program runs itself under `valgrind --tool=callgrind`. Each case runs once and three times;
//! the difference excludes the start of the program.

use std::env;
use std::process::Command;

use super::{PAGES, ratios};

/// The variable with the case of a run under valgrind.
const CASE: &str = "WIRE_CASE";

/// Counts instructions, or runs a case under valgrind, if the arguments or the environment request it. Returns whether
/// they do.
pub fn run_if_requested() -> bool {
    if let Ok(case) = env::var(CASE) {
        run_case(&case);
        return true;
    }
    if !env::args().any(|argument| argument == "instructions") {
        return false;
    }
    ratios::print_table(
        "million instructions",
        &PAGES.map(|(name, _)| name),
        |page, case| {
            let count = |times: u64| count_instructions(&format!("{times}:{page}:{case}"));
            Some((count(3)? - count(1)?) as f64 / 2e6)
        },
    );
    true
}

/// Runs a case such as `3:helicone otel:decode/hand-written`.
fn run_case(text: &str) {
    let mut parts = text.splitn(3, ':');
    let mut next = || parts.next().unwrap_or_default();
    let (times, page, case) = (next().parse().unwrap_or(1), next(), next());
    for (_, make_page) in PAGES.iter().filter(|(name, _)| *name == page) {
        for (_, run) in make_page().cases.iter().filter(|(name, _)| *name == case) {
            (0..times).for_each(|_| run());
        }
    }
}

/// Runs a case under valgrind and parses the line `Collected : 12345`.
fn count_instructions(case: &str) -> Option<u64> {
    let program = env::current_exe().ok()?;
    let mut valgrind = Command::new("valgrind");
    valgrind
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(program)
        .env(CASE, case);
    let run = valgrind.output().expect("valgrind is installed");
    let stderr = String::from_utf8_lossy(&run.stderr);
    let line = stderr
        .lines()
        .find_map(|line| line.split_once("Collected :"))?;
    line.1.trim().parse().ok()
}
