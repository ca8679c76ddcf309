//! A server with fixed responses, and clients for it.

use std::sync::Mutex;

use serde_json::Value;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

/// Starts a server that sends these responses in order, and then status 500.
pub async fn start_server(responses: Vec<Value>) -> MockServer {
    let server = MockServer::start().await;
    let remaining = Mutex::new(responses.into_iter());
    let next = move |_: &Request| match remaining.lock().unwrap().next() {
        Some(body) => ResponseTemplate::new(200).set_body_json(body),
        None => ResponseTemplate::new(500),
    };
    Mock::given(any()).respond_with(next).mount(&server).await;
    server
}

/// Returns query and body of every request, and asserts that all have this method and path.
pub async fn received(server: &MockServer, target: &str) -> Vec<(String, Value)> {
    let requests = server.received_requests().await.unwrap();
    let shown = |request: &Request| {
        let path = format!("{} {}", request.method, request.url.path());
        assert_eq!(path, target);
        let query = request.url.query().unwrap_or_default().to_owned();
        (query, request.body_json().unwrap_or(Value::Null))
    };
    requests.iter().map(shown).collect()
}

/// Returns a client for a server.
pub fn adaline(server: &MockServer) -> observatory_adaline::Client {
    let builder = observatory_adaline::Client::builder().base_url(server.uri());
    builder.api_key("key").build().unwrap()
}

/// Returns a client for a server.
pub fn galileo(server: &MockServer) -> observatory_galileo::Client {
    let builder = observatory_galileo::Client::builder().base_url(server.uri());
    builder.api_key("key").build().unwrap()
}

/// Returns a client for a server.
pub fn braintrust(server: &MockServer) -> observatory_braintrust::Client {
    let builder = observatory_braintrust::Client::builder().base_url(server.uri());
    builder.api_key("key").build().unwrap()
}

/// Returns a client for a server.
pub fn helicone(server: &MockServer) -> observatory_helicone::Client {
    let builder = observatory_helicone::Client::builder().base_url(server.uri());
    builder.api_key("key").build().unwrap()
}

/// Returns a client for a server.
pub fn langfuse(server: &MockServer) -> observatory_langfuse::Client {
    let builder = observatory_langfuse::Client::builder().base_url(server.uri());
    builder.basic_auth("pk-lf-1", "secret").build().unwrap()
}

/// Returns a client for a server.
pub fn langsmith(server: &MockServer) -> observatory_langsmith::Client {
    let builder = observatory_langsmith::Client::builder().base_url(server.uri());
    builder.api_key("key").build().unwrap()
}

/// Returns a client for a server of one's own, which needs no key.
pub fn opik(server: &MockServer) -> observatory_opik::Client {
    let builder = observatory_opik::Client::builder().base_url(server.uri());
    builder.build().unwrap()
}

/// Returns a client for a server without authentication.
pub fn phoenix(server: &MockServer) -> observatory_phoenix::Client {
    let builder = observatory_phoenix::Client::builder().base_url(server.uri());
    builder.build().unwrap()
}
