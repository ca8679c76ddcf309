//! Scores a span that was logged before.
//!
//! Reads `BRAINTRUST_API_KEY`, `BRAINTRUST_PROJECT_ID` and `SPAN_ID` from the environment.

use std::collections::BTreeMap;
use std::env;
use std::error::Error;

use observatory_braintrust::Client;
use observatory_braintrust::models::{
    FeedbackProjectLogsEventRequest, FeedbackProjectLogsItem,
};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let braintrust = Client::from_env()?;
    score(&braintrust, &env::var("BRAINTRUST_PROJECT_ID")?, &env::var("SPAN_ID")?).await
}

/// Scores a span of a project.
pub async fn score(
    braintrust: &Client,
    project: &str,
    span: &str,
) -> Result<(), Box<dyn Error>> {
    // From 0 to 1.
    let scores = BTreeMap::from([("helpful".to_owned(), Some(0.9))]);
    let feedback = FeedbackProjectLogsItem::new(span)
        .scores(scores)
        .comment("responded at once");
    let request = FeedbackProjectLogsEventRequest::new([feedback]);
    braintrust
        .logs()
        .feedback(project.to_owned(), request)
        .await?;
    Ok(())
}
