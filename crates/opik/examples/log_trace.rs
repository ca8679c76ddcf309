//! Logs a trace: a step of the program, and below it the call of a model.
//!
//! Reads `OPIK_API_KEY` and `OPIK_WORKSPACE` from the environment for Comet's cloud, or `OPIK_URL_OVERRIDE` for a server of
//! your own; and `OPIK_PROJECT_NAME`.

use std::env;
use std::error::Error;
use std::hash::{BuildHasher, RandomState};
use std::time::{SystemTime, UNIX_EPOCH};

use observatory_opik::Client;
use observatory_opik::models::{
    SpanBatchWrite, SpanType, SpanWrite, TraceBatchWrite, TraceWrite,
};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let opik = Client::from_env()?;
    let project = env::var("OPIK_PROJECT_NAME")?;
    println!("logged trace {}", log_trace(&opik, &project).await?);
    Ok(())
}

/// Logs one trace to a project, and returns its id.
pub async fn log_trace(opik: &Client, project: &str) -> Result<String, Box<dyn Error>> {
    let start = SystemTime::now();
    // Here the program calls the model.
    let end = SystemTime::now();

    let trace_id = new_id(start)?;
    let trace = TraceWrite::new(start)
        .id(&trace_id)
        .project_name(project)
        .name("question")
        .end_time(end)
        .input("Why is the sky blue?")
        .output("Rayleigh scattering.");
    opik.traces()
        .create_batch(TraceBatchWrite::new([trace]))
        .await?;

    let span = |id: &str, name: &str, kind: SpanType| {
        SpanWrite::new(start)
            .id(id)
            .trace_id(&trace_id)
            .project_name(project)
            .name(name)
            .type_(kind)
            .end_time(end)
            .input("Why is the sky blue?")
            .output("Rayleigh scattering.")
    };
    let step_id = new_id(start)?;
    let step = span(&step_id, "respond", SpanType::General);
    let call = span(&new_id(start)?, "chat", SpanType::Llm)
        .parent_span_id(step_id)
        .model("gpt-4o")
        .provider("openai")
        .usage([("prompt_tokens", 12), ("completion_tokens", 30)]);
    opik.spans()
        .create_batch(SpanBatchWrite::new([step, call]))
        .await?;
    Ok(trace_id)
}

/// Returns a new UUID of version 7, the only one that the server accepts: the time in milliseconds, then random bits.
fn new_id(time: SystemTime) -> Result<String, Box<dyn Error>> {
    let millis = time.duration_since(UNIX_EPOCH)?.as_millis();
    let [high, low] = [(); 2].map(|()| RandomState::new().hash_one(millis));
    let (first, second) = (millis >> 16, millis & 0xffff);
    let (third, fourth) = (0x7000 | high & 0xfff, 0x8000 | low >> 50);
    Ok(format!(
        "{first:08x}-{second:04x}-{third:04x}-{fourth:04x}-{:012x}",
        low & 0xffff_ffff_ffff
    ))
}
