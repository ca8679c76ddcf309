//! Traces that are read back: complete, a page at a time, with requests that are valid by the vendors' documents.

mod adaline;
mod braintrust;
mod galileo;
mod helicone;
pub mod langfuse;
mod refusals;

use crate::example::TRACE;
use llm_observatory::Observatory;
use llm_observatory::destinations::Destination;
use llm_observatory::model::TraceId;
use llm_observatory::reading::{StoredTrace, TraceQuery};
use std::time::Duration;

pub fn observatory(destination: impl Destination) -> Observatory {
    let builder = Observatory::builder().shutdown_timeout(Duration::ZERO);
    builder.to(destination).build().unwrap()
}

pub fn id() -> TraceId {
    TRACE.parse().unwrap()
}

/// Reads all traces.
pub async fn traces(observatory: &Observatory, name: &str, query: TraceQuery) -> Vec<StoredTrace> {
    let mut stream = observatory.reader(name).unwrap().traces(query).unwrap();
    let mut traces = Vec::new();
    while let Some(trace) = stream.next().await {
        traces.push(trace.unwrap());
    }
    traces
}

pub fn time(millis: u64) -> String {
    format!(
        "2025-06-15T15:06:{}.{:03}Z",
        40 + millis / 1_000,
        millis % 1_000
    )
}
