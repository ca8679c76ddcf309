//! Scores a trace.
//!
//! Reads `LANGFUSE_PUBLIC_KEY`, `LANGFUSE_SECRET_KEY` and `TRACE_ID` from the environment.

use std::env;
use std::error::Error;

use observatory_langfuse::Client;
use observatory_langfuse::models::CreateScoreRequest;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let langfuse = Client::from_env()?;
    let score_id = score(&langfuse, &env::var("TRACE_ID")?).await?;
    println!("scored as {score_id}");
    Ok(())
}

/// Scores a trace, and returns the id of the score.
pub async fn score(langfuse: &Client, trace: &str) -> Result<String, Box<dyn Error>> {
    let score = CreateScoreRequest::new("helpful", 0.9)
        .trace_id(trace)
        .comment("responded at once");
    let created = langfuse.scores().create(score).await?;
    Ok(created.id)
}
