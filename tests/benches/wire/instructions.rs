//! Counting instructions: this program runs itself under `valgrind --tool=callgrind`, each case once and three times, so
//! that what it takes to get there is left out.

use std::env;
use std::process::Command;

use super::{PAGES, ratios};

/// Says a run under valgrind what to do.
const CASE: &str = "WIRE_CASE";

/// Does what the command line or the environment asks for; `false` if it is not this.
pub fn asked() -> bool {
    if let Ok(case) = env::var(CASE) {
        run(&case);
        return true;
    }
    if !env::args().any(|argument| argument == "instructions") {
        return false;
    }
    ratios::table(
        "million instructions",
        &PAGES.map(|(name, _)| name),
        |page, case| {
            let of = |times: u64| count(&format!("{times}:{page}:{case}"));
            Some((of(3)? - of(1)?) as f64 / 2e6)
        },
    );
    true
}

/// `3:helicone otel:decode/by hand`
fn run(asked: &str) {
    let mut parts = asked.splitn(3, ':');
    let mut next = || parts.next().unwrap_or_default();
    let (times, page, case) = (next().parse().unwrap_or(1), next(), next());
    for (_, page) in PAGES.iter().filter(|(name, _)| *name == page) {
        for (_, run) in page().cases.iter().filter(|(name, _)| *name == case) {
            (0..times).for_each(|_| run());
        }
    }
}

/// `Collected : 12345`, which valgrind says at the end.
fn count(case: &str) -> Option<u64> {
    let program = env::current_exe().ok()?;
    let mut valgrind = Command::new("valgrind");
    valgrind
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(program)
        .env(CASE, case);
    let run = valgrind
        .output()
        .expect("valgrind counts instructions, and is not installed");
    let said = String::from_utf8_lossy(&run.stderr);
    let line = said
        .lines()
        .find_map(|line| line.split_once("Collected :"))?;
    line.1.trim().parse().ok()
}
