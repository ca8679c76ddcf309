//! Logs a trace: a step of the program, and below it the call of a model.
//!
//! Reads `PHOENIX_COLLECTOR_ENDPOINT` and `PHOENIX_API_KEY` from the environment, where the server is not on this machine;
//! and `PHOENIX_PROJECT`.

use std::env;
use std::error::Error;
use std::time::{SystemTime, UNIX_EPOCH};

use observatory_phoenix::models::{CreateSpansRequestBody, Span, SpanContext};
use observatory_phoenix::{Client, Value};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let phoenix = Client::from_env()?;
    let project = env::var("PHOENIX_PROJECT")?;
    println!("logged trace {}", log_trace(&phoenix, &project).await?);
    Ok(())
}

/// Logs one trace to a project, which must exist, and returns its id.
pub async fn log_trace(
    phoenix: &Client,
    project: &str,
) -> Result<String, Box<dyn Error>> {
    let start = SystemTime::now();
    // Here the program calls the model.
    let end = SystemTime::now();

    // Ids are 16 bytes and 8 bytes in hexadecimal.
    let now = start.duration_since(UNIX_EPOCH)?.as_nanos();
    let trace_id = format!("{now:032x}");
    let [step_id, call_id] = [now, now + 1].map(|id| format!("{id:016x}"));
    let span = |id: &str, name: &str, kind: &str| {
        let context = SpanContext::new(&trace_id, id);
        Span::new(name, context, kind, start, end, "OK")
    };
    let step = span(&step_id, "respond", "CHAIN").attributes([
        ("input.value", Value::from("Why is the sky blue?")),
        ("output.value", Value::from("Rayleigh scattering.")),
    ]);
    let call = span(&call_id, "chat", "LLM")
        .parent_id(step_id)
        .attributes([
            ("llm.model_name", Value::from("gpt-4o")),
            ("llm.token_count.prompt", Value::from(12)),
            ("llm.token_count.completion", Value::from(30)),
            ("input.value", Value::from("Why is the sky blue?")),
            ("output.value", Value::from("Rayleigh scattering.")),
        ]);

    let spans = CreateSpansRequestBody::new([step, call]);
    phoenix.spans().create(project, spans).await?;
    Ok(trace_id)
}
