//! Reads the spans of a project back, page by page, the latest traces first.
//!
//! Reads `BRAINTRUST_API_KEY` and `BRAINTRUST_PROJECT_ID` from the environment.

use std::env;
use std::error::Error;

use observatory_braintrust::Client;
use observatory_braintrust::models::{FetchEventsRequest, ProjectLogsEvent};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let braintrust = Client::from_env()?;
    let project = env::var("BRAINTRUST_PROJECT_ID")?;
    read_traces(&braintrust, &project, |span| {
        println!("trace {}, span {}, {}", span.root_span_id, span.span_id, span.created);
    })
    .await
}

/// Calls `each` with every span of a project.
pub async fn read_traces(
    braintrust: &Client,
    project: &str,
    mut each: impl FnMut(ProjectLogsEvent),
) -> Result<(), Box<dyn Error>> {
    // The limit counts traces: a page has all their spans.
    let fetch = braintrust.logs().fetch(project.to_owned());
    let mut pages = fetch.body(FetchEventsRequest::new().limit(100)).pages();
    while let Some(page) = pages.next().await {
        page?.events.into_iter().for_each(&mut each);
    }
    Ok(())
}
