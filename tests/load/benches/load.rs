//! The cost of 64 parallel calls, of the generated client and of hand-written code with reqwest and serde. The server
//! runs in a process of its own, so that its time is not measured. The rounds alternate, so that other load on the
//! machine affects both.
//!
//! `cargo bench -p observatory-load --bench load`
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a program for developers"
)]

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use cpu_time::ProcessTime;
use observatory_load::{Caller, ServerProcess, serve_if_requested};

const ROUNDS: u64 = 20;
const CALLS: u64 = 1000;
const IN_FLIGHT: usize = 64;

/// Makes the calls of one round. Returns the elapsed time and the CPU time.
async fn run_round(caller: &Caller, next: &Arc<AtomicU64>) -> Times {
    let end = next.load(Ordering::Relaxed) + CALLS;
    let (wall, cpu) = (Instant::now(), ProcessTime::now());
    let workers: Vec<_> = (0..IN_FLIGHT)
        .map(|_| {
            let (caller, next) = (caller.clone(), Arc::clone(next));
            tokio::spawn(async move {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= end {
                        break;
                    }
                    caller.log(number).await;
                }
            })
        })
        .collect();
    for worker in workers {
        worker.await.expect("successful calls");
    }
    next.store(end, Ordering::Relaxed);
    Times {
        wall: wall.elapsed(),
        cpu: cpu.elapsed(),
    }
}

/// Elapsed time and CPU time.
#[derive(Clone, Copy, Default)]
struct Times {
    wall: Duration,
    cpu: Duration,
}

impl Times {
    fn add(&mut self, other: Self) {
        self.wall += other.wall;
        self.cpu += other.cpu;
    }
}

fn median(mut ratios: Vec<f64>) -> f64 {
    ratios.sort_by(f64::total_cmp);
    ratios[ratios.len() / 2]
}

async fn compare(url: &str) {
    let (hand_written, generated) = (Caller::hand_written(url), Caller::generated(url));
    let next = Arc::default();
    // A round of each as a warm-up.
    for caller in [&hand_written, &generated] {
        run_round(caller, &next).await;
    }
    let (mut hand_written_total, mut generated_total) = (Times::default(), Times::default());
    let mut ratios = Vec::new();
    for round in 0..ROUNDS {
        let (theirs, ours) = if round % 2 == 0 {
            let theirs = run_round(&hand_written, &next).await;
            (theirs, run_round(&generated, &next).await)
        } else {
            let ours = run_round(&generated, &next).await;
            (run_round(&hand_written, &next).await, ours)
        };
        hand_written_total.add(theirs);
        generated_total.add(ours);
        ratios.push(ours.cpu.as_secs_f64() / theirs.cpu.as_secs_f64());
    }
    let calls = (ROUNDS * CALLS) as f64;
    let print_times = |name: &str, times: Times| {
        println!(
            "{name:12} {:>7.0} requests/s {:>7.1} µs of CPU per call",
            calls / times.wall.as_secs_f64(),
            times.cpu.as_secs_f64() * 1e6 / calls
        );
    };
    println!("{calls} traces each, {IN_FLIGHT} calls in parallel, alternating rounds:");
    print_times("hand-written", hand_written_total);
    print_times("generated", generated_total);
    println!(
        "CPU per call, generated / hand-written: {:.3} in total, {:.3} in the median round",
        generated_total.cpu.as_secs_f64() / hand_written_total.cpu.as_secs_f64(),
        median(ratios)
    );
}

fn main() {
    if serve_if_requested() {
        return;
    }
    let server = ServerProcess::start();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.expect("a runtime").block_on(compare(server.url()));
}
