//! Reads the logged calls of models back, page by page.
//!
//! Reads `HELICONE_API_KEY` from the environment.

use std::error::Error;

use observatory_helicone::Client;
use observatory_helicone::models::{
    FilterNodeKind, HeliconeRequest, RequestQueryParams,
};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let helicone = Client::from_env()?;
    read_traces(&helicone, |call| {
        println!("{} {}: status {}", call.request_id, call.model, call.response_status);
    })
    .await
}

/// Calls `each` with every logged call of a model.
pub async fn read_traces(
    helicone: &Client,
    mut each: impl FnMut(HeliconeRequest),
) -> Result<(), Box<dyn Error>> {
    let query = RequestQueryParams::new(FilterNodeKind::All).limit(100);
    let mut pages = helicone.request().get(query).pages();
    while let Some(page) = pages.next().await {
        page?.into_iter().for_each(&mut each);
    }
    Ok(())
}
