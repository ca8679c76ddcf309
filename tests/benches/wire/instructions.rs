//! Counting instructions: this program runs itself under `valgrind --tool=callgrind`, each case once and three times, so
//! that what it takes to get there is left out.

use std::env;
use std::process::Command;

use super::{Page, ratios};

/// Says a run under valgrind what to do.
const CASE: &str = "WIRE_CASE";

/// Does what the command line or the environment asks for; `false` if it is not this.
pub fn asked(pages: &dyn Fn() -> Vec<Page>) -> bool {
    if let Ok(case) = env::var(CASE) {
        run(&pages(), &case);
        return true;
    }
    if !env::args().any(|argument| argument == "instructions") {
        return false;
    }
    let pages = pages();
    let names: Vec<&str> = pages.iter().map(|page| page.name).collect();
    ratios::table("million instructions", &names, |page, case| {
        let of = |times: u64| count(&format!("{times}:{page}:{case}"));
        Some((of(3)? - of(1)?) as f64 / 2e6)
    });
    true
}

/// `3:helicone otel:decode/by hand`
fn run(pages: &[Page], asked: &str) {
    let mut parts = asked.splitn(3, ':');
    let mut next = || parts.next().unwrap_or_default();
    let (times, page, case) = (next().parse().unwrap_or(1), next(), next());
    let found = pages
        .iter()
        .filter(|one| one.name == page)
        .flat_map(|page| &page.cases);
    for (_, run) in found.filter(|(name, _)| *name == case) {
        (0..times).for_each(|_| run());
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
