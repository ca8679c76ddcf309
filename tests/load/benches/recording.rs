//! What recording one LLM span of 2 kB costs, in instructions of the whole process, compared with `tracing-opentelemetry` and
//! its `BatchSpanProcessor`: `cargo bench -p observatory-load --features tracer --bench recording`, with `-- --json` as JSON.
//!
//! All sides deliver to a destination that accepts everything, so that the work of their threads counts too.
#![allow(
    missing_docs,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a program for developers"
)]

use llm_observatory::destinations::{BoxFuture, Destination, ItemOutcome, Outcome};
use llm_observatory::model::Record;
use observatory_load::callgrind::{count_instructions, per_repetition, requested_case};
use observatory_load::llm_call::{
    IMPLEMENTATIONS, record_with_observatory, record_with_opentelemetry,
};
use observatory_load::ratios::print_ratios;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{SdkTracerProvider, SpanData, SpanExporter};
use std::future::{Future, ready};
use std::sync::Arc;

const BASELINE: &str = "tracing-opentelemetry";

/// Fewer than the queue of `BatchSpanProcessor` holds, so that neither side drops any.
const SPANS: (u64, u64) = (200, 1_000);

fn main() {
    if let Some(case) = requested_case() {
        let (spans, implementation) = case.split_once(' ').expect("`SPANS IMPLEMENTATION`");
        run(implementation, spans.parse().expect("a number"));
        return;
    }
    print_ratios(
        "one LLM span of 2 kB",
        BASELINE,
        &IMPLEMENTATIONS,
        |implementation| {
            per_repetition(SPANS, |spans| {
                count_instructions(&format!("{spans} {implementation}"))
            })
        },
    );
}

fn run(implementation: &str, spans: u64) {
    if implementation == BASELINE {
        let provider = SdkTracerProvider::builder().with_batch_exporter(Accepting);
        record_with_opentelemetry(&provider.build(), spans);
    } else {
        record_with_observatory(Accepting, implementation, spans);
    }
}

/// Accepts everything.
#[derive(Debug)]
struct Accepting;

impl SpanExporter for Accepting {
    fn export(&self, batch: Vec<SpanData>) -> impl Future<Output = OTelSdkResult> + Send {
        drop(batch);
        ready(Ok(()))
    }
}

impl Destination for Accepting {
    fn name(&self) -> &str {
        "accepting"
    }

    fn deliver<'a>(&'a self, batch: &'a [Arc<Record>]) -> BoxFuture<'a, Outcome> {
        let outcome = Outcome::Items(vec![ItemOutcome::Acknowledged; batch.len()]);
        Box::pin(ready(outcome))
    }
}
