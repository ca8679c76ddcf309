//! Error responses: the message, the body, the request ID and the classification.

use std::time::Duration;

use observatory_runtime::spec::Api;
use observatory_runtime::{
    Body, BoxFuture, ByteStream, Client, ClientBuilder, Endpoint, Error, Json, Limits, Model,
    RetryPolicy, Transport, TransportError, TransportErrorKind, Value,
};
use serde_json::json;

use crate::support::stub_server::{self, StubServer};

static API: Api = Api {
    request_id_headers: &["x-trace"],
    ..stub_server::api(&[])
};

#[derive(Clone, Debug, PartialEq, Model)]
struct VendorError {
    code: i64,
    reason: String,
}

#[derive(Endpoint)]
#[endpoint(POST, "/items/{id}")]
#[endpoint(output = Json<Value>)]
struct Change {
    client: Client,
    #[in_path]
    id: String,
    #[body(Json)]
    body: Value,
}

/// Sends the request once. Retries are tested in `retry`.
async fn send_change(builder: ClientBuilder<Client>) -> Error {
    let client = builder.retry(RetryPolicy::never()).build().unwrap();
    let request = Change::new(&client, "secret-id", json!({"secret": "body"}));
    request.await.unwrap_err()
}

async fn error_response(status: &str, headers: &str, body: &str) -> Error {
    let server = StubServer::with_response(status, headers, body.as_bytes());
    let error = send_change(server.builder(&API)).await;
    assert!(error.is_api() && !error.is_decode() && !error.is_builder());
    assert!(!error.is_timeout() && !error.is_connect());
    assert_eq!(server.take_requests().len(), 1, "the request is sent once");
    error
}

#[tokio::test]
async fn extracts_message_from_error_body() {
    for (body, message) in [
        (r#"{"detail":"Not yours"}"#, Some("Not yours")),
        (
            r#"{"detail":[{"loc":["body","traces",0,"input"],"msg":"Field required","type":"missing","input":{}},
                {"loc":["query","limit"],"msg":"Too much","type":"x"}]}"#,
            Some("body.traces.0.input: Field required; query.limit: Too much"),
        ),
        (r#"{"detail":{"message":"Deep"}}"#, Some("Deep")),
        (r#"{"detail":[]}"#, None),
        (r#"{"error":"No rows"}"#, Some("No rows")),
        (
            r#"{"error":{"code":3,"message":"No rows"}}"#,
            Some("No rows"),
        ),
        (r#"{"error":true,"message":"No rows"}"#, Some("No rows")),
        (
            r#"{"error":"Forbidden","message":"No rows"}"#,
            Some("No rows"),
        ),
        (r#"{"message":"","error":"No rows"}"#, Some("No rows")),
        (r#"{"message":null,"detail":"No rows"}"#, Some("No rows")),
        (r#"{"data":null,"error":"No rows"}"#, Some("No rows")),
        (
            r#"{"errors":[{"message":"a"},{"message":"b"}]}"#,
            Some("a; b"),
        ),
        (
            r#"{"error":"invalid_grant","error_description":"Old"}"#,
            Some("invalid_grant"),
        ),
        (
            r#"{"error":{"code":3},"error_description":"Old"}"#,
            Some("Old"),
        ),
        (r#"{"title":"No rows","status":404}"#, Some("No rows")),
        (r#""No rows""#, Some("No rows")),
        (r#"["a","b"]"#, Some("a; b")),
        ("No rows\n", Some("No rows")),
        ("two\r\nlines", Some("two  lines")),
        (r#"{"code":3}"#, None),
        ("{}", None),
        ("null", None),
        ("", None),
        ("  ", None),
        ("<html><h1>Bad gateway</h1></html>", None),
        ("\u{feff}\n<!DOCTYPE html>", None),
    ] {
        let error = error_response("400 Bad Request", "", body).await;
        assert_eq!(error.message(), message, "{body}");
        let colon = message.map(|message| format!(": {message}"));
        let expected = format!(
            "POST /items/{{id}}: server returned 400 Bad Request{}",
            colon.unwrap_or_default()
        );
        assert_eq!(error.to_string(), expected);
        assert_eq!(error.body(), Some(body.as_bytes()));
    }
}

#[tokio::test]
async fn truncates_long_messages() {
    let long = "ü".repeat(10_000);
    for body in [format!(r#"{{"message":"{long}"}}"#), long] {
        let error = error_response("500 Internal Server Error", "", &body).await;
        let message = error.to_string();
        assert!(
            message.ends_with("üü…") && message.chars().count() < 400,
            "{message}"
        );
        assert_eq!(error.body().unwrap().len(), body.len());
    }
}

#[tokio::test]
async fn keeps_body_and_decodes_it() {
    let error = error_response("409 Conflict", "", r#"{"code":7,"reason":"exists"}"#).await;
    let expected = VendorError::new(7, "exists");
    assert_eq!(error.decode::<VendorError>(), Some(expected));
    assert_eq!(error.decode::<Value>().unwrap()["code"], 7);
    assert_eq!(error.decode::<Vec<i64>>(), None);
    assert_eq!(error.json_path(), None);
    let html = error_response("502 Bad Gateway", "", "<html></html>").await;
    assert_eq!(html.decode::<Value>(), None);
    assert_eq!(html.body(), Some(b"<html></html>".as_slice()));
}

#[tokio::test]
async fn returns_request_id() {
    for (headers, id) in [
        ("x-trace: t\r\nx-request-id: r\r\n", Some("t")),
        ("X-Request-Id: r\r\n", Some("r")),
        ("request-id: q\r\n", Some("q")),
        ("request-id: q\r\nx-request-id: r\r\n", Some("r")),
        ("x-other: o\r\n", None),
    ] {
        let error = error_response("500 Internal Server Error", headers, "").await;
        assert_eq!(error.request_id(), id);
        let message = error.to_string();
        let end = id.map_or("Error".to_owned(), |id| format!("Error (request ID {id})"));
        assert!(message.ends_with(&end), "{message}");
        assert!(error.headers().unwrap().contains_key("connection"));
    }
}

#[tokio::test]
async fn classifies_errors_by_status() {
    // auth, not found, rate limited, invalid, server
    for (status, expected) in [
        ("400 Bad Request", [false, false, false, true, false]),
        ("401 Unauthorized", [true, false, false, false, false]),
        ("402 Payment Required", [false; 5]),
        ("403 Forbidden", [true, false, false, false, false]),
        ("404 Not Found", [false, true, false, false, false]),
        (
            "422 Unprocessable Entity",
            [false, false, false, true, false],
        ),
        ("429 Too Many Requests", [false, false, true, false, false]),
        (
            "500 Internal Server Error",
            [false, false, false, false, true],
        ),
        (
            "503 Service Unavailable",
            [false, false, false, false, true],
        ),
        ("599 Odd", [false, false, false, false, true]),
        ("304 Not Modified", [false; 5]),
    ] {
        let error = error_response(status, "", "").await;
        let actual = [
            error.is_auth(),
            error.is_not_found(),
            error.is_rate_limited(),
            error.is_invalid(),
            error.is_server(),
        ];
        assert_eq!(actual, expected, "{status}");
        let code = error.status().unwrap().as_u16();
        assert_eq!(code.to_string(), status[..3]);
    }
}

/// A transport that fails each attempt.
struct FailingTransport(TransportErrorKind);

impl Transport for FailingTransport {
    fn send(
        &self,
        request: http::Request<Body>,
        limits: Limits,
    ) -> BoxFuture<'_, Result<http::Response<ByteStream>, TransportError>> {
        assert_eq!(limits.timeout, Duration::from_secs(7));
        assert_eq!(request.uri(), "https://a.b/items/secret-id");
        Box::pin(async {
            Err(TransportError {
                kind: self.0,
                source: "connection lost".into(),
            })
        })
    }
}

#[tokio::test]
async fn transport_failures_have_no_response() {
    for (failure, timeout, connect, message) in [
        (
            TransportErrorKind::Timeout,
            true,
            false,
            "request timed out",
        ),
        (
            TransportErrorKind::Connect,
            false,
            true,
            "connection failed",
        ),
        (
            TransportErrorKind::Timeout,
            true,
            false,
            "request timed out",
        ),
        (
            TransportErrorKind::Connect,
            false,
            true,
            "connection failed",
        ),
        (
            TransportErrorKind::Broken,
            false,
            false,
            "connection interrupted",
        ),
    ] {
        let builder = ClientBuilder::new(&API).base_url("https://a.b");
        let builder = builder.timeout(Duration::from_secs(7));
        let error = send_change(builder.transport(FailingTransport(failure))).await;
        assert_eq!((error.is_timeout(), error.is_connect()), (timeout, connect));
        assert!(!error.is_api() && !error.is_decode() && !error.is_builder());
        assert!(error.status().is_none() && error.body().is_none());
        assert!(error.headers().is_none() && error.request_id().is_none());
        assert_eq!(error.decode::<Value>(), None);
        let expected = format!("POST /items/{{id}}: {message}: connection lost");
        assert_eq!(error.to_string(), expected);
    }
}

#[tokio::test]
async fn distinguishes_timeout_connect_and_broken_response() {
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", silent.local_addr().unwrap());
    let builder = || ClientBuilder::new(&API).base_url(url.as_str());
    let error = send_change(builder().timeout(Duration::from_millis(50))).await;
    assert!(error.is_timeout() && !error.is_connect(), "{error}");
    drop(silent);
    let error = send_change(builder()).await;
    assert!(error.is_connect() && !error.is_timeout(), "{error}");
    // The body is shorter than its declared length.
    let server = StubServer::with_response("200 OK\r\ncontent-length: 9\r\nx-cut: ", "", b"{}");
    let error = send_change(server.builder(&API)).await;
    assert!(
        !error.is_connect() && !error.is_timeout() && !error.is_api(),
        "{error}"
    );
}
