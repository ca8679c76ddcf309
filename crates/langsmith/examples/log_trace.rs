//! Logs a trace: a step of the program, and below it the call of a model.
//!
//! Reads `LANGSMITH_API_KEY` and `LANGSMITH_PROJECT` from the environment.

use std::env;
use std::error::Error;
use std::hash::{BuildHasher, RandomState};
use std::time::{SystemTime, UNIX_EPOCH};

use observatory_langsmith::models::{BatchRunRequest, RunTypeEnum, RunsRun};
use observatory_langsmith::{Client, Timestamp, Value};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let langsmith = Client::from_env()?;
    let project = env::var("LANGSMITH_PROJECT")?;
    println!("logged trace {}", log_trace(&langsmith, &project).await?);
    Ok(())
}

/// Logs one trace to a project, which is created if it does not exist, and returns its id.
pub async fn log_trace(
    langsmith: &Client,
    project: &str,
) -> Result<String, Box<dyn Error>> {
    let start = SystemTime::now();
    // Here the program calls the model.
    let end = SystemTime::now();

    let run = |id: &str, name: &str, kind: RunTypeEnum| {
        RunsRun::new()
            .id(id)
            .session_name(project)
            .name(name)
            .run_type(kind)
            .start_time(start)
            .end_time(end)
            .inputs([("question", Value::from("Why is the sky blue?"))])
            .outputs([("reply", Value::from("Rayleigh scattering."))])
    };
    // The first run has the id of its trace. The order of runs is the path from the first one.
    let [trace_id, call_id] = [new_id(start)?, new_id(start)?];
    let order = order_part(start, &trace_id)?;
    let step = run(&trace_id, "respond", RunTypeEnum::Chain)
        .trace_id(&trace_id)
        .dotted_order(&order);
    let metadata: Value = r#"{"ls_provider": "openai", "ls_model_name": "gpt-4o",
        "usage_metadata": {"input_tokens": 12, "output_tokens": 30, "total_tokens": 42}}"#
        .parse()?;
    let call = run(&call_id, "chat", RunTypeEnum::Llm)
        .trace_id(&trace_id)
        .parent_run_id(&trace_id)
        .dotted_order(format!("{order}.{}", order_part(start, &call_id)?))
        .extra([("metadata", metadata)]);

    let runs = BatchRunRequest::new().post([step, call]);
    langsmith.runs().batch(runs).await?;
    Ok(trace_id)
}

/// Returns the part of the order that a run adds: its start as `20261231T235959123456Z`, and its id.
fn order_part(start: SystemTime, id: &str) -> Result<String, Box<dyn Error>> {
    let micros = start.duration_since(UNIX_EPOCH)?.subsec_micros();
    let seconds = Timestamp::from(start);
    let seconds: String = seconds.as_str().chars().take(19).collect();
    let seconds = seconds.replace(['-', ':'], "");
    Ok(format!("{seconds}{micros:06}Z{id}"))
}

/// Returns a new UUID of version 7: the time in milliseconds, then random bits.
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
