//! Scores a run that was logged before.
//!
//! Reads `LANGSMITH_API_KEY`, `LANGSMITH_PROJECT_ID` and `RUN_ID` from the environment.

use std::env;
use std::error::Error;

use observatory_langsmith::Client;
use observatory_langsmith::models::FeedbackCreateSchema;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let langsmith = Client::from_env()?;
    let project = env::var("LANGSMITH_PROJECT_ID")?;
    let feedback_id = score(&langsmith, &project, &env::var("RUN_ID")?).await?;
    println!("scored as {feedback_id}");
    Ok(())
}

/// Scores a run of a project, and returns the id of the feedback.
pub async fn score(
    langsmith: &Client,
    project: &str,
    run: &str,
) -> Result<String, Box<dyn Error>> {
    let feedback = FeedbackCreateSchema::new("helpful")
        .run_id(run)
        .session_id(project)
        .score(0.9)
        .comment("responded at once");
    let created = langsmith.feedback().create(feedback).await?;
    Ok(created.id)
}
