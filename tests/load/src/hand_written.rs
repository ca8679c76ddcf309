//! Logs a trace with reqwest and serde: the code of an application that needs nothing else.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::trace::REPLY;

/// The body of the request.
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

/// The body of the response.
#[derive(Deserialize)]
#[allow(dead_code, reason = "decoding the fields is measured")]
pub struct Response {
    project_id: String,
    project_name: String,
    session_id: Option<String>,
    log_stream_id: Option<String>,
    traces_count: i64,
    records_count: i64,
    trace_ids: Vec<String>,
}

/// Returns a client with a timeout, as the generated client has one.
pub fn client() -> reqwest::Client {
    let builder = reqwest::Client::builder().timeout(Duration::from_secs(60));
    builder.build().expect("a client")
}

/// Returns the request that logs a trace with this input.
pub fn request(question: String) -> Request {
    let message = |role: &str, content: &str| Message {
        content: content.to_owned(),
        role: role.to_owned(),
    };
    let span = Span {
        kind: "llm",
        input: vec![message("user", &question)],
        output: message("assistant", REPLY),
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

/// Logs a trace with this input.
pub async fn log(client: &reqwest::Client, url: &str, question: String) {
    let project = "p";
    let response = client
        .post(format!("{url}/projects/{project}/traces"))
        .header("Galileo-API-Key", "key")
        .header("accept", "application/json")
        .json(&request(question))
        .send()
        .await
        .and_then(reqwest::Response::error_for_status)
        .expect("a response");
    let response: Response = response.json().await.expect("a JSON response");
    assert_eq!(response.traces_count, 1);
}
