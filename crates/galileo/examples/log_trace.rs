//! Logs a trace: a step of the program, and below it the call of a model.
//!
//! Reads `GALILEO_API_KEY`, `GALILEO_PROJECT_ID` and `GALILEO_LOG_STREAM_ID` from the environment.

use std::env;
use std::error::Error;
use std::time::Instant;

use observatory_galileo::Client;
use observatory_galileo::models::{
    LlmMetrics, LlmSpan, LogTracesIngestRequest, LogTracesIngestResponse, Message,
    Trace, WorkflowSpan,
};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let galileo = Client::from_env()?;
    let project = env::var("GALILEO_PROJECT_ID")?;
    let log_stream = env::var("GALILEO_LOG_STREAM_ID")?;
    let logged = log_trace(&galileo, &project, &log_stream).await?;
    println!("logged {} trace with {} spans", logged.traces_count, logged.spans_count);
    Ok(())
}

/// Logs one trace to a log stream.
pub async fn log_trace(
    galileo: &Client,
    project: &str,
    log_stream: &str,
) -> Result<LogTracesIngestResponse, Box<dyn Error>> {
    let start = Instant::now();
    // Here the program calls the model.
    let duration = i64::try_from(start.elapsed().as_nanos())?;

    let metrics = LlmMetrics::new()
        .num_input_tokens(12)
        .num_output_tokens(30)
        .duration_ns(duration);
    let call = LlmSpan::new()
        .name("chat")
        .model("gpt-4o")
        .input(vec![Message::user("Why is the sky blue?")])
        .output(Message::assistant("Rayleigh scattering."))
        .metrics(metrics);
    let step = WorkflowSpan::new()
        .name("respond")
        .input("Why is the sky blue?")
        .output("Rayleigh scattering.")
        .spans([call.into()]);
    let trace = Trace::new()
        .name("question")
        .input("Why is the sky blue?")
        .output("Rayleigh scattering.")
        .spans([step.into()]);

    let request = LogTracesIngestRequest::new([trace]).log_stream_id(log_stream);
    Ok(galileo.trace().log(project, request).await?)
}
