//! What a call costs beside one written by hand with reqwest and serde: 64 at once, against a server in a process of
//! its own, so that its time is not counted. Both take turns, so that what else the machine does befalls both.
//!
//! `cargo bench -p observatory-load`
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
use observatory_load::{Caller, Elsewhere, serve_if_asked};

const ROUNDS: u64 = 20;
const CALLS: u64 = 1000;
const IN_FLIGHT: usize = 64;

/// Wall and CPU time of so many calls.
async fn round(caller: &Caller, next: &Arc<AtomicU64>) -> (Duration, Duration) {
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
        worker.await.expect("no call fails");
    }
    next.store(end, Ordering::Relaxed);
    (wall.elapsed(), cpu.elapsed())
}

fn median(mut ratios: Vec<f64>) -> f64 {
    ratios.sort_by(f64::total_cmp);
    ratios[ratios.len() / 2]
}

async fn compare(url: &str) {
    let (by_hand, ours) = (Caller::by_hand(url), Caller::ours(url));
    let next = Arc::default();
    for caller in [&by_hand, &ours] {
        round(caller, &next).await;
    }
    let (mut of_hand, mut of_ours, mut ratios) = (Duration::ZERO, Duration::ZERO, Vec::new());
    let (mut wall_hand, mut wall_ours) = (Duration::ZERO, Duration::ZERO);
    for turn in 0..ROUNDS {
        let (hand, own) = if turn % 2 == 0 {
            let hand = round(&by_hand, &next).await;
            (hand, round(&ours, &next).await)
        } else {
            let own = round(&ours, &next).await;
            (round(&by_hand, &next).await, own)
        };
        wall_hand += hand.0;
        wall_ours += own.0;
        of_hand += hand.1;
        of_ours += own.1;
        ratios.push(own.1.as_secs_f64() / hand.1.as_secs_f64());
    }
    let calls = (ROUNDS * CALLS) as f64;
    let line = |name: &str, wall: Duration, cpu: Duration| {
        println!(
            "{name:9} {:>7.0} requests/s {:>7.1} µs of CPU a call",
            calls / wall.as_secs_f64(),
            cpu.as_secs_f64() * 1e6 / calls
        );
    };
    println!("{calls} trace logs each, {IN_FLIGHT} in flight, turn by turn:");
    line("by hand", wall_hand, of_hand);
    line("ours", wall_ours, of_ours);
    println!(
        "CPU a call, ours to by hand: {:.3} in all, {:.3} in the median round",
        of_ours.as_secs_f64() / of_hand.as_secs_f64(),
        median(ratios)
    );
}

fn main() {
    if serve_if_asked() {
        return;
    }
    let server = Elsewhere::start();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime
        .expect("tokio starts")
        .block_on(compare(server.url()));
}
