//! Reads the traces of a project back, page by page, the latest first.
//!
//! Reads `LANGSMITH_API_KEY` and `LANGSMITH_PROJECT_ID` from the environment.

use std::env;
use std::error::Error;
use std::time::{Duration, SystemTime};

use observatory_langsmith::Client;
use observatory_langsmith::models::{
    QueryRunResponse, QueryRunsRequestBody, RunSelectField,
};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let langsmith = Client::from_env()?;
    let project = env::var("LANGSMITH_PROJECT_ID")?;
    let last_week = SystemTime::now() - Duration::from_secs(7 * 24 * 60 * 60);
    read_traces(&langsmith, &project, last_week, |run| {
        println!("trace {:?}: {:?}, {:?}", run.trace_id, run.name, run.status);
    })
    .await
}

/// Calls `each` with the first run of every trace of a project that started at a time or later.
pub async fn read_traces(
    langsmith: &Client,
    project: &str,
    since: SystemTime,
    mut each: impl FnMut(QueryRunResponse),
) -> Result<(), Box<dyn Error>> {
    let query = QueryRunsRequestBody::new()
        .project_ids([project])
        .is_root(true)
        .min_start_time(since)
        .selects([
            RunSelectField::RunSelectTraceId,
            RunSelectField::RunSelectName,
            RunSelectField::RunSelectStatus,
        ])
        .page_size(100);
    let mut pages = langsmith.runs().query(query).pages();
    while let Some(page) = pages.next().await {
        page?.items.into_iter().flatten().for_each(&mut each);
    }
    Ok(())
}
