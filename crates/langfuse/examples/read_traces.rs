//! Reads the observations of all traces back, page by page.
//!
//! Reads `LANGFUSE_PUBLIC_KEY` and `LANGFUSE_SECRET_KEY` from the environment.

use std::error::Error;

use observatory_langfuse::Client;
use observatory_langfuse::models::ObservationV2;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let langfuse = Client::from_env()?;
    read_traces(&langfuse, |observation| {
        let trace = observation.trace_id.unwrap_or_default();
        let name = observation.name.unwrap_or_default();
        println!("trace {trace}: {} {name}", observation.type_);
    })
    .await
}

/// Calls `each` with every observation.
pub async fn read_traces(
    langfuse: &Client,
    mut each: impl FnMut(ObservationV2),
) -> Result<(), Box<dyn Error>> {
    let mut pages = langfuse.observations().get_many().limit(100).pages();
    while let Some(page) = pages.next().await {
        page?.data.into_iter().for_each(&mut each);
    }
    Ok(())
}
