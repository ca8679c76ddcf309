//! What one trace log costs in instructions and allocations beside one by hand: built, encoded, sent over loopback to a
//! server in a process of its own, its answer decoded. Instructions are counted by valgrind, so that they are the same
//! whatever else the machine does; where there is no valgrind, allocations alone are told.
//!
//! `cargo bench -p observatory-load --bench call`, with `-- --json` for programs. `-- --profile ours` makes a thousand
//! calls and no more, for `valgrind --tool=callgrind` by hand.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program for developers"
)]

use std::alloc::System;
use std::env;
use std::hint::black_box;
use std::process::Command;

use observatory_galileo::models::LogTracesIngestResponse;
use observatory_load::{
    Caller, DONE, Elsewhere, generated, hand_written, question, serve_if_asked,
};
use serde_json::{Value, json};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use tokio::runtime::Runtime;

#[global_allocator]
static MEMORY: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// Says a run under valgrind what to do: `300 ours call`.
const CASE: &str = "CALL_CASE";

/// The parts of a call, and the whole.
const PARTS: [&str; 4] = ["build", "encode", "decode", "call"];
const CALLERS: [&str; 2] = ["ours", "by hand"];

/// How often a run under valgrind does it, less and more: what comes before is in both.
const TIMES: (u64, u64) = (100, 600);

struct Bench {
    tokio: Runtime,
    callers: [Caller; 2],
}

impl Bench {
    fn new(url: &str) -> Self {
        let mut tokio = tokio::runtime::Builder::new_current_thread();
        Self {
            tokio: tokio.enable_all().build().expect("tokio starts"),
            callers: [Caller::ours(url), Caller::by_hand(url)],
        }
    }

    /// Does a part of the call so many times.
    fn run(&self, part: &str, caller: &str, times: u64) {
        let index = usize::from(caller != CALLERS[0]);
        let by_hand = index == 1;
        match part {
            "build" => (0..times).for_each(|number| {
                if by_hand {
                    black_box(hand_written::request(question(number)));
                } else {
                    black_box(generated::request(question(number)));
                }
            }),
            "encode" if by_hand => {
                let request = hand_written::request(question(7));
                (0..times).for_each(|_| drop(black_box(serde_json::to_vec(&request).unwrap())));
            }
            "encode" => {
                let request = generated::request(question(7));
                (0..times).for_each(|_| drop(black_box(serde_json::to_vec(&request).unwrap())));
            }
            "decode" if by_hand => (0..times).for_each(|_| {
                drop(serde_json::from_str::<hand_written::Done>(black_box(DONE)).unwrap());
            }),
            "decode" => (0..times).for_each(|_| {
                drop(serde_json::from_str::<LogTracesIngestResponse>(black_box(DONE)).unwrap());
            }),
            _ => self.tokio.block_on(async {
                for number in 0..times {
                    self.callers[index].log(number).await;
                }
            }),
        }
    }

    /// What is allocated each time, once everything is warm: how many pieces, how many of them grow, and bytes.
    fn allocations(&self, part: &str, caller: &str) -> Value {
        const TIMES: u64 = 200;
        self.run(part, caller, TIMES);
        let region = Region::new(MEMORY);
        self.run(part, caller, TIMES);
        let made = region.change();
        // Work that grows within a call, such as a connection's buffer, comes in fractions.
        let each = |count: usize| (count as f64 / TIMES as f64 * 10.0).round() / 10.0;
        json!({
            "allocations": each(made.allocations),
            "reallocations": each(made.reallocations),
            "bytes": each(made.bytes_allocated),
        })
    }
}

/// Instructions of a part, each time.
fn instructions(url: &str, part: &str, caller: &str) -> Option<f64> {
    let of = |times: u64| count(url, &format!("{times} {} {part}", caller.replace(' ', "_")));
    let (less, more) = (of(TIMES.0)?, of(TIMES.1)?);
    Some(more.saturating_sub(less) as f64 / (TIMES.1 - TIMES.0) as f64)
}

/// `Collected : 12345`, which valgrind says at the end; nothing without valgrind.
fn count(url: &str, case: &str) -> Option<u64> {
    let run = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(env::current_exe().ok()?)
        .env(CASE, format!("{url} {case}"))
        .output()
        .ok()?;
    let said = String::from_utf8_lossy(&run.stderr);
    assert!(run.status.success(), "under valgrind: {said}");
    let line = said
        .lines()
        .find_map(|line| line.split_once("Collected :"))?;
    line.1.trim().parse().ok()
}

fn measure(url: &str) -> Value {
    let bench = Bench::new(url);
    let mut parts = serde_json::Map::new();
    for part in PARTS {
        let mut costs = serde_json::Map::new();
        for caller in CALLERS {
            eprintln!("{part}, {caller}");
            let mut cost = bench.allocations(part, caller);
            cost["instructions"] = json!(instructions(url, part, caller));
            costs.insert(caller.to_owned(), cost);
        }
        parts.insert(part.to_owned(), Value::Object(costs));
    }
    Value::Object(parts)
}

fn table(parts: &Value) {
    println!("| one trace log | | instructions | allocations | reallocations | bytes |");
    println!("| --- | --- | ---: | ---: | ---: | ---: |");
    for part in PARTS {
        let cost = |caller: &str, what: &str| parts[part][caller][what].as_f64();
        let columns = ["instructions", "allocations", "reallocations", "bytes"];
        for caller in CALLERS {
            let cells = columns.map(|what| match cost(caller, what) {
                Some(number) => format!("{number:.0}"),
                None => "–".to_owned(),
            });
            println!("| {part} | {caller} | {} |", cells.join(" | "));
        }
        let ratios = columns.map(|what| match (cost("ours", what), cost("by hand", what)) {
            (Some(ours), Some(by_hand)) if by_hand > 0.0 => format!("{:.3}", ours / by_hand),
            _ => "–".to_owned(),
        });
        println!("| {part} | ratio | {} |", ratios.join(" | "));
    }
}

fn main() {
    if serve_if_asked() {
        return;
    }
    if let Ok(case) = env::var(CASE) {
        let words: Vec<&str> = case.split(' ').collect();
        let [url, times, caller, part] = words[..] else {
            panic!("{CASE} is `url times caller part`");
        };
        let times = times.parse().expect("a number of times");
        Bench::new(url).run(part, &caller.replace('_', " "), times);
        return;
    }
    let server = Elsewhere::start();
    let mut arguments = env::args().skip_while(|argument| argument != "--profile");
    if let Some(caller) = arguments.nth(1) {
        Bench::new(server.url()).run("call", &caller, 1000);
        return;
    }
    let parts = measure(server.url());
    if env::args().any(|argument| argument == "--json") {
        println!("{parts}");
    } else {
        table(&parts);
    }
}
