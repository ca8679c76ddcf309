//! What delivering a batch of 512 LLM spans of 2 kB costs, in instructions, compared with `opentelemetry-otlp`:
//! `cargo bench -p observatory-load --features tracer --bench deliver`, with `-- --json` as JSON.
//!
//! All sides send protobuf over HTTP to a server in a process of its own. The spans are recorded before, and not counted.
#![allow(
    missing_docs,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a program for developers"
)]

use llm_observatory::destinations::{BoxFuture, Destination, ItemOutcome, Outcome, otlp};
use llm_observatory::model::Record;
use observatory_load::callgrind::{count_instructions, per_repetition, requested_case};
use observatory_load::llm_call::{
    IMPLEMENTATIONS, record_with_observatory, record_with_opentelemetry,
};
use observatory_load::ratios::print_ratios;
use observatory_load::{ServerProcess, serve_if_requested};
use opentelemetry_otlp::{Protocol, WithExportConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{SdkTracerProvider, SpanData, SpanExporter};
use std::future::{Future, ready};
use std::mem;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::runtime::{Builder, Runtime};

const BASELINE: &str = "opentelemetry-otlp";

const BATCH: usize = 512;

/// How many batches two runs deliver. Both record the larger number.
const BATCHES: (u64, u64) = (1, 3);

fn main() {
    if serve_if_requested() {
        return;
    }
    if let Some(case) = requested_case() {
        let words: Vec<&str> = case.splitn(3, ' ').collect();
        let [url, batches, implementation] = words[..] else {
            panic!("a case is `URL BATCHES IMPLEMENTATION`, not `{case}`");
        };
        run(url, implementation, batches.parse().expect("a number"));
        return;
    }
    let server = ServerProcess::start();
    let url = format!("{}/v1/traces", server.url());
    print_ratios(
        "512 LLM spans of 2 kB",
        BASELINE,
        &IMPLEMENTATIONS,
        |implementation| {
            per_repetition(BATCHES, |batches| {
                count_instructions(&format!("{url} {batches} {implementation}"))
            })
        },
    );
}

fn run(url: &str, implementation: &str, batches: usize) {
    let tokio = Builder::new_current_thread().enable_all().build();
    let tokio = tokio.expect("a runtime");
    if implementation == BASELINE {
        export(&tokio, url, batches);
    } else {
        deliver(&tokio, url, implementation, batches);
    }
}

fn spans() -> u64 {
    BATCHES.1 * BATCH as u64
}

/// Delivers batches with the exporter of OpenTelemetry.
fn export(tokio: &Runtime, url: &str, batches: usize) {
    let collected = Collected::default();
    let provider = SdkTracerProvider::builder().with_simple_exporter(collected.clone());
    record_with_opentelemetry(&provider.build(), spans());
    let mut exporter = opentelemetry_otlp::SpanExporter::builder()
        .with_http()
        .with_protocol(Protocol::HttpBinary)
        .with_endpoint(url)
        .build()
        .expect("an exporter");
    exporter.set_resource(&Resource::builder().with_service_name("bench").build());
    let spans = collected.take();
    tokio.block_on(async {
        for batch in split(spans).take(batches) {
            exporter.export(batch).await.expect("a server that accepts");
        }
    });
}

/// Delivers batches with the destination of `llm-observatory`.
fn deliver(tokio: &Runtime, url: &str, implementation: &str, batches: usize) {
    let collected = Collected::default();
    record_with_observatory(collected.clone(), implementation, spans());
    let destination = otlp::endpoint(url).build().expect("a destination");
    let records = collected.take();
    tokio.block_on(async {
        for batch in split(records).take(batches) {
            let outcome = destination.deliver(&batch).await;
            let Outcome::Items(items) = outcome else {
                panic!("{outcome:?}");
            };
            assert!(
                items
                    .iter()
                    .all(|item| matches!(item, ItemOutcome::Acknowledged))
            );
        }
    });
}

/// Splits what was recorded into batches. The last ones are leaked, so that dropping them is not counted.
fn split<T>(mut items: Vec<T>) -> impl Iterator<Item = Vec<T>> {
    assert_eq!(items.len() as u64, spans());
    let mut batches: Vec<Vec<T>> = Vec::new();
    while !items.is_empty() {
        batches.push(items.split_off(items.len() - BATCH));
    }
    let mut batches = mem::ManuallyDrop::new(batches);
    std::iter::from_fn(move || batches.pop())
}

/// Keeps what is delivered to it.
#[derive(Debug)]
struct Collected<T>(Arc<Mutex<Vec<T>>>);

impl<T> Collected<T> {
    fn take(&self) -> Vec<T> {
        mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn extend(&self, items: impl IntoIterator<Item = T>) {
        let mut collected = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        collected.extend(items);
    }
}

impl<T> Clone for Collected<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> Default for Collected<T> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl SpanExporter for Collected<SpanData> {
    fn export(&self, batch: Vec<SpanData>) -> impl Future<Output = OTelSdkResult> + Send {
        self.extend(batch);
        ready(Ok(()))
    }
}

impl Destination for Collected<Arc<Record>> {
    fn name(&self) -> &str {
        "collected"
    }

    fn deliver<'a>(&'a self, batch: &'a [Arc<Record>]) -> BoxFuture<'a, Outcome> {
        self.extend(batch.iter().cloned());
        Box::pin(ready(Outcome::Items(vec![
            ItemOutcome::Acknowledged;
            batch.len()
        ])))
    }
}
