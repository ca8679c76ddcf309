//! Reads the traces of a project back, page by page, the latest first.
//!
//! Reads `OPIK_API_KEY` and `OPIK_WORKSPACE` from the environment for Comet's cloud, or `OPIK_URL_OVERRIDE` for a server of
//! your own; and `OPIK_PROJECT_NAME`.

use std::env;
use std::error::Error;

use observatory_opik::Client;
use observatory_opik::models::TracePublic;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let opik = Client::from_env()?;
    let project = env::var("OPIK_PROJECT_NAME")?;
    read_traces(&opik, &project, |trace| {
        let id = trace.id.unwrap_or_default();
        let name = trace.name.unwrap_or_default();
        println!("trace {id}: {name}, {}", trace.start_time);
    })
    .await
}

/// Calls `each` with every trace of a project.
pub async fn read_traces(
    opik: &Client,
    project: &str,
    mut each: impl FnMut(TracePublic),
) -> Result<(), Box<dyn Error>> {
    let traces = opik.traces().get_by_project().project_name(project);
    let mut pages = traces.size(100).pages();
    while let Some(page) = pages.next().await {
        let traces = page?.content.unwrap_or_default();
        traces.into_iter().for_each(&mut each);
    }
    Ok(())
}
