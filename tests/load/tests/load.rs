//! Many traces in parallel: each is logged exactly once, and memory does not grow with their number.
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
use observatory_load::TraceServer;
use peak_alloc::PeakAlloc;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

const TRACES: u64 = 10_000;
const IN_FLIGHT: usize = 64;

/// The largest growth of memory in the second half, in bytes. All connections and buffers exist by then, and 8 bytes
/// that leak in each of 5,000 calls exceed it.
const MAX_GROWTH: usize = 40_000;

/// Logs the trace with this number.
async fn log(client: &Client, number: u64) {
    let question = format!("Why is the sky blue #{number}?");
    let span = LlmSpan::new()
        .input(vec![Message::user(question.as_str())])
        .output(Message::assistant("Rayleigh scattering."))
        .model("gpt-4o");
    let trace = Trace::new().input(question).spans([span.into()]);
    let request = LogTracesIngestRequest::new([trace]).log_stream_id("l");
    let response = client.trace().log("p", request).await.unwrap();
    assert_eq!(response.traces_count, 1);
}

/// Logs the traces from `next` to `end` in parallel.
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
async fn logs_ten_thousand_traces_exactly_once_in_constant_memory() {
    // The server rejects the first request of one trace in a hundred.
    let server = TraceServer::start(|number| number % 100 == 7);
    server.reserve(2 * TRACES as usize);
    let short = Duration::from_millis(5);
    let client = Client::builder()
        .api_key("key")
        .base_url(server.url())
        .retry(RetryPolicy::new().backoff(short, short))
        .retry_budget(RetryBudget::unlimited())
        .build()
        .unwrap();
    let next = Arc::default();
    let mut usage = Vec::new();
    for end in (1000..=TRACES).step_by(1000) {
        log_until(&client, &next, end).await;
        usage.push(MEMORY.current_usage());
    }
    assert_eq!(server.logged_count(), TRACES as usize, "missing traces");
    assert!(!server.has_duplicates(), "duplicate traces");
    let growth = usage[9].saturating_sub(usage[4]);
    assert!(
        growth < MAX_GROWTH,
        "memory grew by {growth} bytes in the second half: {usage:?}"
    );
}
