//! Scores a logged call of a model.
//!
//! Reads `HELICONE_API_KEY` and `REQUEST_ID` from the environment.

use std::collections::BTreeMap;
use std::env;
use std::error::Error;

use observatory_helicone::Client;
use observatory_helicone::models::ScoreRequest;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let helicone = Client::from_env()?;
    score(&helicone, &env::var("REQUEST_ID")?).await
}

/// Scores the call with this id.
pub async fn score(helicone: &Client, request_id: &str) -> Result<(), Box<dyn Error>> {
    let scores = BTreeMap::from([
        ("helpful".to_owned(), 90.0.into()),
        ("polite".to_owned(), true.into()),
    ]);
    let scores = ScoreRequest::new(scores);
    helicone.request().add_scores(request_id, scores).await?;
    Ok(())
}
