//! Reads the traces of a log stream back, page by page.
//!
//! Reads `GALILEO_API_KEY`, `GALILEO_PROJECT_ID` and `GALILEO_LOG_STREAM_ID` from the environment.

use std::env;
use std::error::Error;

use observatory_galileo::Client;
use observatory_galileo::models::{
    ExtendedTraceRecord, LogRecordsQueryRequest, LogRecordsQueryResponseRecord,
};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let galileo = Client::from_env()?;
    let project = env::var("GALILEO_PROJECT_ID")?;
    let log_stream = env::var("GALILEO_LOG_STREAM_ID")?;
    read_traces(&galileo, &project, &log_stream, |trace| {
        let name = trace.name.unwrap_or_default();
        println!("{} {name}: {} spans", trace.id, trace.num_spans.unwrap_or_default());
    })
    .await
}

/// Calls `each` with every trace of a log stream.
pub async fn read_traces(
    galileo: &Client,
    project: &str,
    log_stream: &str,
    mut each: impl FnMut(ExtendedTraceRecord),
) -> Result<(), Box<dyn Error>> {
    let query = LogRecordsQueryRequest::new()
        .log_stream_id(log_stream)
        .limit(100);
    let mut pages = galileo.trace().query(project, query).pages();
    while let Some(page) = pages.next().await {
        for record in page?.records.unwrap_or_default() {
            // Of all kinds of records, this search finds only traces.
            if let LogRecordsQueryResponseRecord::Trace(trace) = record {
                each(*trace);
            }
        }
    }
    Ok(())
}
