//! Reads the traces of a project back, page by page, the latest first.
//!
//! Reads `ADALINE_API_KEY` and `ADALINE_PROJECT_ID` from the environment.

use std::env;
use std::error::Error;

use observatory_adaline::Client;
use observatory_adaline::models::{LogTraceItem, SearchLogTracesRequest};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let adaline = Client::from_env()?;
    let project = env::var("ADALINE_PROJECT_ID")?;
    read_traces(&adaline, &project, |trace| {
        println!(
            "{} {}: {} after {} ms",
            trace.id, trace.name, trace.status, trace.latency
        );
    })
    .await
}

/// Calls `each` with every trace of a project.
pub async fn read_traces(
    adaline: &Client,
    project: &str,
    mut each: impl FnMut(LogTraceItem),
) -> Result<(), Box<dyn Error>> {
    let search = SearchLogTracesRequest::new(project)
        .sort("startedAt:desc")
        .limit(100);
    let mut pages = adaline.logs().search_traces(search).pages();
    while let Some(page) = pages.next().await {
        page?.traces.into_iter().for_each(&mut each);
    }
    Ok(())
}
