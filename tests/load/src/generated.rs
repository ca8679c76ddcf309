//! Logging a trace with the generated client.

use observatory_galileo::Client;
use observatory_galileo::models::{LlmSpan, LogTracesIngestRequest, Message, Trace};

use crate::ANSWER;

/// The client as it comes.
pub fn client(url: &str) -> Client {
    let client = Client::builder().api_key("key").base_url(url).build();
    client.expect("the client starts")
}

/// The trace.
pub fn request(question: String) -> LogTracesIngestRequest {
    let span = LlmSpan::new()
        .input(vec![Message::user(question.as_str())])
        .output(Message::assistant(ANSWER))
        .model("gpt-4o");
    let trace = Trace::new().input(question).spans([span.into()]);
    LogTracesIngestRequest::new([trace]).log_stream_id("l")
}

/// Logs it.
pub async fn log(client: &Client, question: String) {
    let done = client.trace().log_traces("p", request(question)).await;
    assert_eq!(done.expect("the server answers").traces_count, 1);
}
