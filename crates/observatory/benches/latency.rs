//! What a traced call takes while all destinations hang, compared with destinations that respond at once:
//! `cargo bench -p llm-observatory --bench latency`.
//!
//! Rounds of both alternate, so that the load of the machine is the same for both. A call is a trace with an LLM call of 2 kB
//! and a score; only the thread of the application is timed. The queues of hanging destinations fill up and then drop records,
//! and both states are part of the figures.

use llm_observatory::Observatory;
use llm_observatory::destinations::{BoxFuture, Destination, ItemOutcome, Outcome};
use llm_observatory::model::{Message, Record, Usage};
use std::future::{pending, ready};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

const VENDORS: [&str; 5] = ["one", "two", "three", "four", "five"];
const ROUNDS: usize = 40;
const CALLS: usize = 500;

fn main() -> ExitCode {
    let (Some(responding), Some(hanging)) = (observatory(false), observatory(true)) else {
        return ExitCode::FAILURE;
    };
    let mut times = [Vec::new(), Vec::new()];
    for _ in 0..ROUNDS {
        for (observatory, times) in [&responding, &hanging].into_iter().zip(&mut times) {
            times.extend((0..CALLS).map(|_| time_call(observatory)));
        }
        responding.flush_blocking(Duration::from_secs(60));
    }
    let [responding, hanging] = times.map(|mut times| {
        times.sort_unstable();
        [2, 100].map(|part| times[times.len() - times.len().div_ceil(part)])
    });
    println!(
        "{:<12} {:>12} {:>12} {:>8}",
        "traced call", "responding", "hanging", "ratio"
    );
    for (name, (responding, hanging)) in ["median", "99 %"]
        .iter()
        .zip(responding.iter().zip(&hanging))
    {
        let ratio = hanging.as_secs_f64() / responding.as_secs_f64();
        let [responding, hanging] = [responding, hanging].map(|time| format!("{time:.1?}"));
        println!("{name:<12} {responding:>12} {hanging:>12} {ratio:>8.2}");
    }
    ExitCode::SUCCESS
}

fn observatory(hangs: bool) -> Option<Observatory> {
    let mut builder = Observatory::builder().shutdown_timeout(Duration::ZERO);
    for name in VENDORS {
        builder = builder.to(Vendor { name, hangs });
    }
    builder
        .build()
        .inspect_err(|error| eprintln!("error: {error}"))
        .ok()
}

fn time_call(observatory: &Observatory) -> Duration {
    let question = "Why is the sky blue? ".repeat(57);
    let response = "Rayleigh scattering. ".repeat(38);
    let start = Instant::now();
    let mut trace = observatory.trace("request");
    trace
        .llm("chat")
        .model("gpt-4o")
        .input([Message::user(question)])
        .output(Message::assistant(response))
        .usage(Usage::tokens(12, 30))
        .record();
    trace.output("reply").score("helpful", 0.9);
    trace.end();
    start.elapsed()
}

struct Vendor {
    name: &'static str,
    hangs: bool,
}

impl Destination for Vendor {
    fn name(&self) -> &str {
        self.name
    }

    fn deliver<'a>(&'a self, batch: &'a [Arc<Record>]) -> BoxFuture<'a, Outcome> {
        if self.hangs {
            return Box::pin(pending());
        }
        let outcome = Outcome::Items(vec![ItemOutcome::Acknowledged; batch.len()]);
        Box::pin(ready(outcome))
    }
}
