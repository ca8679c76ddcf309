//! Logs a trace: a step of the program, and below it the call of a model.
//!
//! Reads `HELICONE_API_KEY` from the environment.

use std::error::Error;
use std::time::{SystemTime, UNIX_EPOCH};

use observatory_helicone::Client;
use observatory_helicone::models::{OtelTrace, Span, SpanAttribute};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let helicone = Client::from_env()?;
    println!("logged trace {}", log_trace(&helicone).await?);
    Ok(())
}

/// Logs one trace, and returns its id.
pub async fn log_trace(helicone: &Client) -> Result<String, Box<dyn Error>> {
    let start = SystemTime::now();
    // Here the program calls the model.
    let end = SystemTime::now();

    // Ids are 16 bytes and 8 bytes in hexadecimal.
    let nanos = start.duration_since(UNIX_EPOCH)?.as_nanos();
    let trace_id = format!("{nanos:032x}");
    let [step_id, call_id] = [nanos, nanos + 1].map(|id| format!("{id:016x}"));

    let step = Span::internal(&trace_id, &step_id, "respond", start, end);
    let call = Span::internal(&trace_id, call_id, "chat", start, end)
        .parent_span_id(step_id)
        .with_attributes([
            SpanAttribute::string("gen_ai.system", "openai"),
            SpanAttribute::string("gen_ai.response.model", "gpt-4o"),
            SpanAttribute::string("gen_ai.prompt.0.role", "user"),
            SpanAttribute::string("gen_ai.prompt.0.content", "Why is the sky blue?"),
            SpanAttribute::string("gen_ai.completion.0.role", "assistant"),
            SpanAttribute::string("gen_ai.completion.0.content", "Rayleigh scattering."),
            SpanAttribute::integer("gen_ai.usage.prompt_tokens", 12),
            SpanAttribute::integer("gen_ai.usage.completion_tokens", 30),
        ]);
    let spans = OtelTrace::for_service("my-app", [step, call]);
    helicone.trace().log(spans).await?;
    Ok(trace_id)
}
