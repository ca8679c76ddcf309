//! Instructions and allocations of logging a trace, with the generated client and with hand-written code: building the
//! request, encoding it, decoding the response, and the whole call over loopback to a server in a process of its own.
//! Valgrind counts the instructions, independently of other load on the machine. Without valgrind only allocations are
//! printed.
//!
//! `cargo bench -p observatory-load --bench call` prints a table, with `-- --json` JSON. `-- --profile generated` makes
//! a thousand calls and nothing else, to run under `valgrind --tool=callgrind`.
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

use observatory_galileo::models::LogTracesIngestResponse;
use observatory_load::callgrind::{count_instructions, per_repetition, requested_case};
use observatory_load::{
    Caller, RESPONSE, ServerProcess, generated, hand_written, question, serve_if_requested,
};
use serde_json::{Value, json};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use tokio::runtime::Runtime;

#[global_allocator]
static MEMORY: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// The steps of a call, and the whole call.
const STEPS: [&str; 4] = ["build", "encode", "decode", "call"];
const IMPLEMENTATIONS: [&str; 2] = ["generated", "hand-written"];

/// How often two runs under valgrind repeat a step.
const TIMES: (u64, u64) = (100, 600);

struct Bench {
    tokio: Runtime,
    /// In the order of [`IMPLEMENTATIONS`].
    callers: [Caller; 2],
}

impl Bench {
    fn new(url: &str) -> Self {
        let mut tokio = tokio::runtime::Builder::new_current_thread();
        Self {
            tokio: tokio.enable_all().build().expect("a runtime"),
            callers: [Caller::generated(url), Caller::hand_written(url)],
        }
    }

    /// Repeats a step.
    fn run(&self, step: &str, implementation: &str, times: u64) {
        let index = usize::from(implementation != IMPLEMENTATIONS[0]);
        let is_hand_written = index == 1;
        match step {
            "build" => (0..times).for_each(|number| {
                if is_hand_written {
                    black_box(hand_written::request(question(number)));
                } else {
                    black_box(generated::request(question(number)));
                }
            }),
            "encode" if is_hand_written => {
                let request = hand_written::request(question(7));
                (0..times).for_each(|_| drop(black_box(serde_json::to_vec(&request).unwrap())));
            }
            "encode" => {
                let request = generated::request(question(7));
                (0..times).for_each(|_| drop(black_box(serde_json::to_vec(&request).unwrap())));
            }
            "decode" if is_hand_written => (0..times).for_each(|_| {
                drop(serde_json::from_str::<hand_written::Response>(black_box(RESPONSE)).unwrap());
            }),
            "decode" => (0..times).for_each(|_| {
                drop(serde_json::from_str::<LogTracesIngestResponse>(black_box(RESPONSE)).unwrap());
            }),
            _ => self.tokio.block_on(async {
                for number in 0..times {
                    self.callers[index].log(number).await;
                }
            }),
        }
    }

    /// Counts the allocations, reallocations and bytes of a step, after a warm-up.
    fn allocations(&self, step: &str, implementation: &str) -> Value {
        const TIMES: u64 = 200;
        self.run(step, implementation, TIMES);
        let region = Region::new(MEMORY);
        self.run(step, implementation, TIMES);
        let change = region.change();
        // Not every call allocates, for example when the buffer of a connection grows: the figures have fractions.
        let per_call = |count: usize| (count as f64 / TIMES as f64 * 10.0).round() / 10.0;
        json!({
            "allocations": per_call(change.allocations),
            "reallocations": per_call(change.reallocations),
            "bytes": per_call(change.bytes_allocated),
        })
    }
}

/// Counts the instructions of a step; `None` without valgrind.
fn instructions(url: &str, step: &str, implementation: &str) -> Option<f64> {
    per_repetition(TIMES, |times| {
        count_instructions(&format!("{url} {times} {implementation} {step}"))
    })
}

/// Measures all steps of both implementations.
fn measure(url: &str) -> Value {
    let bench = Bench::new(url);
    let mut steps = serde_json::Map::new();
    for step in STEPS {
        let mut costs = serde_json::Map::new();
        for implementation in IMPLEMENTATIONS {
            eprintln!("{step}, {implementation}");
            let mut cost = bench.allocations(step, implementation);
            cost["instructions"] = json!(instructions(url, step, implementation));
            costs.insert(implementation.to_owned(), cost);
        }
        steps.insert(step.to_owned(), Value::Object(costs));
    }
    Value::Object(steps)
}

/// Prints the measurements as a Markdown table.
fn print_table(steps: &Value) {
    println!("| step | implementation | instructions | allocations | reallocations | bytes |");
    println!("| --- | --- | ---: | ---: | ---: | ---: |");
    for step in STEPS {
        let cost = |implementation: &str, kind: &str| steps[step][implementation][kind].as_f64();
        let kinds = ["instructions", "allocations", "reallocations", "bytes"];
        for implementation in IMPLEMENTATIONS {
            let cells = kinds.map(|kind| match cost(implementation, kind) {
                Some(number) => format!("{number:.0}"),
                None => "–".to_owned(),
            });
            println!("| {step} | {implementation} | {} |", cells.join(" | "));
        }
        let ratios = kinds.map(|kind| match IMPLEMENTATIONS.map(|name| cost(name, kind)) {
            [Some(generated), Some(hand_written)] if hand_written > 0.0 => {
                format!("{:.3}", generated / hand_written)
            }
            _ => "–".to_owned(),
        });
        println!("| {step} | ratio | {} |", ratios.join(" | "));
    }
}

fn main() {
    if serve_if_requested() {
        return;
    }
    if let Some(case) = requested_case() {
        let words: Vec<&str> = case.split(' ').collect();
        let [url, times, implementation, step] = words[..] else {
            panic!("a case is `URL TIMES IMPLEMENTATION STEP`, not `{case}`");
        };
        let times = times.parse().expect("a number");
        Bench::new(url).run(step, implementation, times);
        return;
    }
    let server = ServerProcess::start();
    let mut arguments = env::args().skip_while(|argument| argument != "--profile");
    if let Some(implementation) = arguments.nth(1) {
        Bench::new(server.url()).run("call", &implementation, 1000);
        return;
    }
    let steps = measure(server.url());
    if env::args().any(|argument| argument == "--json") {
        println!("{steps}");
    } else {
        print_table(&steps);
    }
}
