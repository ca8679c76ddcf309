//! Scores a span that was logged before.
//!
//! Reads `PHOENIX_COLLECTOR_ENDPOINT` and `PHOENIX_API_KEY` from the environment, where the server is not on this machine;
//! and `SPAN_ID`.

use std::env;
use std::error::Error;

use observatory_phoenix::Client;
use observatory_phoenix::models::{
    AnnotateSpansRequestBody, AnnotationResult, SpanAnnotationData,
};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let phoenix = Client::from_env()?;
    score(&phoenix, &env::var("SPAN_ID")?).await
}

/// Scores a span.
pub async fn score(phoenix: &Client, span: &str) -> Result<(), Box<dyn Error>> {
    let result = AnnotationResult::new()
        .score(0.9)
        .explanation("responded at once");
    // The kinds are `HUMAN`, `LLM` and `CODE`.
    let annotation = SpanAnnotationData::new("helpful", "CODE", span).result(result);
    let annotations = AnnotateSpansRequestBody::new([annotation]);
    phoenix.spans().annotate(annotations).await?;
    Ok(())
}
