//! Logs a trace with the generated client.

use observatory_galileo::Client;
use observatory_galileo::models::{LlmSpan, LogTracesIngestRequest, Message, Trace};

use crate::trace::REPLY;

/// Returns a client with default settings.
pub fn client(url: &str) -> Client {
    let client = Client::builder().api_key("key").base_url(url).build();
    client.expect("a client")
}

/// Returns the request that logs a trace with this input.
pub fn request(question: String) -> LogTracesIngestRequest {
    let span = LlmSpan::new()
        .input(vec![Message::user(question.as_str())])
        .output(Message::assistant(REPLY))
        .model("gpt-4o");
    let trace = Trace::new().input(question).spans([span.into()]);
    LogTracesIngestRequest::new([trace]).log_stream_id("l")
}

/// Logs a trace with this input.
pub async fn log(client: &Client, question: String) {
    let response = client.trace().log("p", request(question)).await;
    assert_eq!(response.expect("a response").traces_count, 1);
}
