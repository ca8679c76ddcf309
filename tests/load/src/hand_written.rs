//! Logging a trace with reqwest and serde, as somebody writes it who needs no more.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::ANSWER;

/// What is sent.
#[derive(Serialize)]
pub struct Request {
    log_stream_id: String,
    traces: Vec<Trace>,
}

#[derive(Serialize)]
struct Trace {
    #[serde(rename = "type")]
    kind: &'static str,
    input: String,
    spans: Vec<Span>,
}

#[derive(Serialize)]
struct Span {
    #[serde(rename = "type")]
    kind: &'static str,
    input: Vec<Message>,
    output: Message,
    model: String,
}

#[derive(Serialize)]
struct Message {
    content: String,
    role: String,
}

/// What comes back.
#[derive(Deserialize)]
#[allow(dead_code, reason = "reading them is what is measured")]
pub struct Done {
    project_id: String,
    project_name: String,
    session_id: Option<String>,
    log_stream_id: Option<String>,
    traces_count: i64,
    records_count: i64,
    trace_ids: Vec<String>,
}

/// A client with a limit in time, which ours has as well.
pub fn client() -> reqwest::Client {
    let builder = reqwest::Client::builder().timeout(Duration::from_secs(60));
    builder.build().expect("reqwest starts")
}

/// The trace.
pub fn request(question: String) -> Request {
    let message = |role: &str, content: &str| Message {
        content: content.to_owned(),
        role: role.to_owned(),
    };
    let span = Span {
        kind: "llm",
        input: vec![message("user", &question)],
        output: message("assistant", ANSWER),
        model: "gpt-4o".to_owned(),
    };
    let trace = Trace {
        kind: "trace",
        input: question,
        spans: vec![span],
    };
    Request {
        log_stream_id: "l".to_owned(),
        traces: vec![trace],
    }
}

/// Logs it.
pub async fn log(client: &reqwest::Client, url: &str, question: String) {
    let project = "p";
    let answer = client
        .post(format!("{url}/projects/{project}/traces"))
        .header("Galileo-API-Key", "key")
        .header("accept", "application/json")
        .json(&request(question))
        .send()
        .await
        .and_then(reqwest::Response::error_for_status)
        .expect("the server answers");
    let done: Done = answer.json().await.expect("it answers with JSON");
    assert_eq!(done.traces_count, 1);
}
