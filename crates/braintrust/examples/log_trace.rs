//! Logs a trace: a step of the program, and below it the call of a model.
//!
//! Reads `BRAINTRUST_API_KEY` and `BRAINTRUST_PROJECT_ID` from the environment.

use std::env;
use std::error::Error;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use observatory_braintrust::Client;
use observatory_braintrust::models::{
    InsertEventMetadata, InsertEventMetrics, InsertProjectLogsEvent,
    InsertProjectLogsEventRequest, SpanAttributes, SpanType,
};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let braintrust = Client::from_env()?;
    let project = env::var("BRAINTRUST_PROJECT_ID")?;
    let span_ids = log_trace(&braintrust, &project).await?;
    println!("logged spans {}", span_ids.join(", "));
    Ok(())
}

/// Logs one trace to a project, and returns the ids of its spans.
pub async fn log_trace(
    braintrust: &Client,
    project: &str,
) -> Result<Vec<String>, Box<dyn Error>> {
    let start = now()?;
    // Here the program calls the model.
    let end = now()?;

    // The id of the first span is that of the trace.
    let root_id = format!("respond-{}", start.as_nanos());
    let step =
        span(&root_id, &root_id, "respond", SpanType::Task).metrics(times(start, end));
    let call_id = format!("chat-{}", start.as_nanos());
    let call = span(&call_id, &root_id, "chat", SpanType::Llm)
        .span_parents(vec![root_id.clone()])
        .metadata(InsertEventMetadata::new().model("gpt-4o"))
        .metrics(times(start, end).prompt_tokens(12).completion_tokens(30));

    let request = InsertProjectLogsEventRequest::new([step, call]);
    let logged = braintrust
        .logs()
        .insert(project.to_owned(), request)
        .await?;
    Ok(logged.row_ids)
}

fn span(id: &str, root_id: &str, name: &str, kind: SpanType) -> InsertProjectLogsEvent {
    InsertProjectLogsEvent::new()
        .id(id.to_owned())
        .span_id(id.to_owned())
        .root_span_id(root_id.to_owned())
        .span_attributes(SpanAttributes::new().name(name.to_owned()).type_(kind))
        .input("Why is the sky blue?")
        .output("Rayleigh scattering.")
}

/// Returns start and end in seconds since the Unix epoch.
fn times(start: Duration, end: Duration) -> InsertEventMetrics {
    InsertEventMetrics::new()
        .start(start.as_secs_f64())
        .end(end.as_secs_f64())
}

/// Returns the time since the Unix epoch.
fn now() -> Result<Duration, Box<dyn Error>> {
    Ok(SystemTime::now().duration_since(UNIX_EPOCH)?)
}
