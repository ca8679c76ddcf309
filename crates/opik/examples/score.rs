//! Scores a trace that was logged before.
//!
//! Reads `OPIK_API_KEY` and `OPIK_WORKSPACE` from the environment for Comet's cloud, or `OPIK_URL_OVERRIDE` for a server of
//! your own; and `OPIK_PROJECT_NAME` and `TRACE_ID`.

use std::env;
use std::error::Error;

use observatory_opik::Client;
use observatory_opik::models::{FeedbackScoreBatch, FeedbackScoreBatchItem, Source};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let opik = Client::from_env()?;
    let project = env::var("OPIK_PROJECT_NAME")?;
    score(&opik, &project, &env::var("TRACE_ID")?).await
}

/// Scores a trace of a project.
pub async fn score(
    opik: &Client,
    project: &str,
    trace: &str,
) -> Result<(), Box<dyn Error>> {
    let score = FeedbackScoreBatchItem::new(trace, "helpful", Source::Sdk, 0.9)
        .project_name(project)
        .reason("responded at once");
    opik.traces()
        .score_batch(FeedbackScoreBatch::new([score]))
        .await?;
    Ok(())
}
