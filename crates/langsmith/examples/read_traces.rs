//! Reads the traces of a project back, page by page, the latest first.
//!
//! Reads `LANGSMITH_API_KEY` and `LANGSMITH_PROJECT_ID` from the environment.

use std::env;
use std::error::Error;

use observatory_langsmith::Client;
use observatory_langsmith::models::{BodyParamsForRunsQuerySchema, RunSchema};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let langsmith = Client::from_env()?;
    let project = env::var("LANGSMITH_PROJECT_ID")?;
    read_traces(&langsmith, &project, |run| {
        println!("trace {}: {}, {}", run.trace_id, run.name, run.status);
    })
    .await
}

/// Calls `each` with the first run of every trace of a project.
pub async fn read_traces(
    langsmith: &Client,
    project: &str,
    mut each: impl FnMut(RunSchema),
) -> Result<(), Box<dyn Error>> {
    let query = BodyParamsForRunsQuerySchema::new()
        .session([project])
        .is_root(true)
        .limit(100);
    let mut pages = langsmith.run().query(query).pages();
    while let Some(page) = pages.next().await {
        page?.runs.into_iter().for_each(&mut each);
    }
    Ok(())
}
