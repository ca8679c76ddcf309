//! Reads the traces of a project back, page by page, with their spans.
//!
//! Reads `PHOENIX_COLLECTOR_ENDPOINT` and `PHOENIX_API_KEY` from the environment, where the server is not on this machine;
//! and `PHOENIX_PROJECT`.

use std::env;
use std::error::Error;

use observatory_phoenix::Client;
use observatory_phoenix::models::TraceData;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let phoenix = Client::from_env()?;
    let project = env::var("PHOENIX_PROJECT")?;
    read_traces(&phoenix, &project, |trace| {
        let spans = trace.spans.unwrap_or_default();
        println!("trace {}: {} spans", trace.trace_id, spans.len());
    })
    .await
}

/// Calls `each` with every trace of a project.
pub async fn read_traces(
    phoenix: &Client,
    project: &str,
    mut each: impl FnMut(TraceData),
) -> Result<(), Box<dyn Error>> {
    let traces = phoenix.traces().list_project(project).include_spans(true);
    let mut pages = traces.limit(100).pages();
    while let Some(page) = pages.next().await {
        page?.data.into_iter().for_each(&mut each);
    }
    Ok(())
}
