//! Many traces at once: none is lost, none is logged twice, and memory does not grow with their number.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use observatory_galileo::models::{LlmSpan, LogTracesIngestRequest, Message, Trace};
use observatory_galileo::runtime::RetryBudget;
use observatory_galileo::{Client, RetryPolicy};
use observatory_load::Server;
use peak_alloc::PeakAlloc;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

const TRACES: u64 = 10_000;
const IN_FLIGHT: usize = 64;

/// What may be allocated at the end that was not after the first half, when all connections and buffers are there: 5,000
/// calls that each kept 8 bytes would be seen.
const GROWTH: usize = 40_000;

async fn log(client: &Client, number: u64) {
    let question = format!("Why is the sky blue #{number}?");
    let span = LlmSpan::new()
        .input(vec![Message::user(question.as_str())])
        .output(Message::assistant("Rayleigh scattering."))
        .model("gpt-4o");
    let trace = Trace::new().input(question).spans([span.into()]);
    let request = LogTracesIngestRequest::new([trace]).log_stream_id("l");
    let done = client.trace().log_traces("p", request).await.unwrap();
    assert_eq!(done.traces_count, 1);
}

/// Logs traces up to this number.
async fn log_until(client: &Client, next: &Arc<AtomicU64>, end: u64) {
    let workers: Vec<_> = (0..IN_FLIGHT)
        .map(|_| {
            let (client, next) = (client.clone(), Arc::clone(next));
            tokio::spawn(async move {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= end {
                        break;
                    }
                    log(&client, number).await;
                }
            })
        })
        .collect();
    for worker in workers {
        worker.await.unwrap();
    }
    next.store(end, Ordering::Relaxed);
}

#[tokio::test]
async fn ten_thousand_traces() {
    // One in a hundred is refused the first time.
    let server = Server::start(|number| number % 100 == 7);
    server.expect(2 * TRACES as usize);
    let short = Duration::from_millis(5);
    let client = Client::builder()
        .api_key("key")
        .base_url(server.url())
        .retry(RetryPolicy::new().backoff(short, short))
        .retry_budget(RetryBudget::unlimited())
        .build()
        .unwrap();
    let next = Arc::default();
    let mut taken = Vec::new();
    for end in (1000..=TRACES).step_by(1000) {
        log_until(&client, &next, end).await;
        taken.push(MEMORY.current_usage());
    }
    assert_eq!(server.logged(), TRACES as usize, "some were lost");
    assert!(!server.twice(), "some were logged twice");
    let growth = taken[9].saturating_sub(taken[4]);
    assert!(
        growth < GROWTH,
        "{growth} bytes more after the second half: {taken:?}"
    );
}
