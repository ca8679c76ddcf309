//! Logs a trace: a step of the program, and below it the call of a model.
//!
//! Reads `LANGFUSE_PUBLIC_KEY` and `LANGFUSE_SECRET_KEY` from the environment.

use std::error::Error;
use std::time::{SystemTime, UNIX_EPOCH};

use observatory_langfuse::Client;
use observatory_langfuse::models::{
    ExportTracesRequest, OtelAttribute, OtelAttributeValue, OtelResourceSpan,
    OtelScopeSpan, OtelSpan,
};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let langfuse = Client::from_env()?;
    println!("logged trace {}", log_trace(&langfuse).await?);
    Ok(())
}

/// Logs one trace, and returns its id.
pub async fn log_trace(langfuse: &Client) -> Result<String, Box<dyn Error>> {
    let start = now()?;
    // Here the program calls the model.
    let end = now()?;

    // Ids are 16 bytes and 8 bytes in hexadecimal.
    let trace_id = format!("{start:032x}");
    let [step_id, call_id] = [start, start + 1].map(|id| format!("{id:016x}"));
    let span = |id: &str, name: &str| {
        OtelSpan::new()
            .trace_id(trace_id.as_str())
            .span_id(id)
            .name(name)
            .start_time_unix_nano(start.to_string())
            .end_time_unix_nano(end.to_string())
    };
    let step = span(&step_id, "respond").attributes(vec![
        text("langfuse.observation.input", "Why is the sky blue?"),
        text("langfuse.observation.output", "Rayleigh scattering."),
    ]);
    let call = span(&call_id, "chat")
        .parent_span_id(step_id)
        .attributes(vec![
            text("langfuse.observation.type", "generation"),
            text("gen_ai.request.model", "gpt-4o"),
            text("langfuse.observation.input", "Why is the sky blue?"),
            text("langfuse.observation.output", "Rayleigh scattering."),
            number("gen_ai.usage.input_tokens", 12),
            number("gen_ai.usage.output_tokens", 30),
        ]);

    let scope = OtelScopeSpan::new().spans(vec![step, call]);
    let program = OtelResourceSpan::new().scope_spans(vec![scope]);
    let request = ExportTracesRequest::new([program]);
    langfuse.opentelemetry().export_traces(request).await?;
    Ok(trace_id)
}

fn text(key: &str, value: &str) -> OtelAttribute {
    OtelAttribute::new()
        .key(key)
        .value(OtelAttributeValue::new().string_value(value))
}

fn number(key: &str, value: i64) -> OtelAttribute {
    OtelAttribute::new()
        .key(key)
        .value(OtelAttributeValue::new().int_value(value))
}

/// Returns the nanoseconds since the Unix epoch.
fn now() -> Result<u128, Box<dyn Error>> {
    Ok(SystemTime::now().duration_since(UNIX_EPOCH)?.as_nanos())
}
