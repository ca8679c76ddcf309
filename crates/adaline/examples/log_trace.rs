//! Logs a trace: a step of the program, and below it the call of a model.
//!
//! Reads `ADALINE_API_KEY` and `ADALINE_PROJECT_ID` from the environment.

use std::env;
use std::error::Error;
use std::time::{SystemTime, UNIX_EPOCH};

use observatory_adaline::Client;
use observatory_adaline::models::{
    CreateLogTraceRequest, CreateLogTraceRequestSpan, CreateLogTraceRequestTrace,
    CreateLogTraceResponse, LogSpanFunctionContent, LogSpanModelContent,
};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let adaline = Client::from_env()?;
    let project = env::var("ADALINE_PROJECT_ID")?;
    let logged = log_trace(&adaline, &project).await?;
    println!("logged trace {} with {} spans", logged.trace_id, logged.span_ids.len());
    Ok(())
}

/// Logs one trace to a project.
pub async fn log_trace(
    adaline: &Client,
    project: &str,
) -> Result<CreateLogTraceResponse, Box<dyn Error>> {
    let start = now()?;
    // Here the program calls the model.
    let end = now()?;

    // Input and output are JSON in a string.
    let step = LogSpanFunctionContent::new(
        r#""Why is the sky blue?""#,
        r#""Rayleigh scattering.""#,
    );
    let call = LogSpanModelContent::new()
        .provider("openai")
        .model("gpt-4o")
        .input(r#"[{"role": "user", "content": "Why is the sky blue?"}]"#)
        .output(r#"{"role": "assistant", "content": "Rayleigh scattering."}"#);

    // A span refers to its parent by an id that the program chooses.
    let step_id = format!("respond-{start}");
    let spans = vec![
        CreateLogTraceRequestSpan::new(start, end, "respond", "success", step)
            .reference_id(step_id.as_str()),
        CreateLogTraceRequestSpan::new(start, end, "chat", "success", call)
            .parent_reference_id(step_id),
    ];
    let trace =
        CreateLogTraceRequestTrace::new(start, "question", "success").ended_at(end);
    let request = CreateLogTraceRequest::new(project, trace).spans(spans);
    Ok(adaline.logs().create_trace(request).await?)
}

/// Returns the milliseconds since the Unix epoch.
fn now() -> Result<i64, Box<dyn Error>> {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH)?;
    Ok(i64::try_from(since_epoch.as_millis())?)
}
