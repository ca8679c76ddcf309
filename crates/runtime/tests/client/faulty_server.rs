//! Failure behavior: one test for each row of the table in ARCHITECTURE.md, in the same order.

use std::io::Write;
use std::time::{Duration, Instant, SystemTime};

use observatory_runtime::spec::{Api, SchemeKind, SecurityScheme};
use observatory_runtime::{
    Bytes, Client, ClientBuilder, Empty, Endpoint, Error, Json, Model, Raw, RequestExt,
    RetryPolicy, StopReason, Text, Value,
};
use serde_json::json;

use crate::support::fault_injection::{Fault, FaultyServer, raw_response};
use crate::support::stub_server;

const KEY: &str = "s3cr3t-key";

static API: Api = stub_server::api(&[SecurityScheme {
    id: "bearer",
    kind: SchemeKind::Bearer,
    env: &[],
    password_env: &[],
    other_headers: &[],
}]);

#[derive(Clone, Debug, PartialEq, Model)]
struct Rows {
    rows: Vec<Row>,
}

#[derive(Clone, Debug, PartialEq, Model)]
struct Row {
    id: String,
}

macro_rules! operation {
    ($name:ident, $method:ident, $output:ty) => {
        #[derive(Clone, Endpoint)]
        #[endpoint($method, "/rows")]
        #[endpoint(output = $output, auth("bearer"))]
        struct $name {
            client: Client,
            #[body(Json)]
            body: Option<Value>,
        }
    };
}
operation!(Get, GET, Json<Value>);
operation!(GetRows, GET, Json<Rows>);
operation!(Post, POST, Json<Value>);
operation!(GetText, GET, Text);
operation!(GetRaw, GET, Raw);
operation!(Delete, DELETE, Empty);

/// Uses short waits. Their real length is tested in `retry`.
fn builder(url: impl Into<String>) -> ClientBuilder<Client> {
    let short = Duration::from_millis(20);
    ClientBuilder::new(&API)
        .api_key(KEY)
        .base_url(url)
        .timeout(Duration::from_secs(20))
        .retry(RetryPolicy::new().backoff(short, short))
}

fn client(server: &FaultyServer) -> Client {
    builder(server.url()).build().unwrap()
}

/// Sends a GET once and returns the error.
async fn single_get_error(server: &FaultyServer) -> Error {
    let get = Get::new(&client(server)).retry(RetryPolicy::never());
    let error = get.await.unwrap_err();
    assert!(!format!("{error} {error:?}").contains(KEY));
    error
}

/// Checks that a GET is retried after the fault and succeeds, and that a POST is sent once.
async fn assert_only_get_is_retried(fault: Fault) -> Error {
    let server = FaultyServer::start([fault.clone(), Fault::json("7")]);
    let response = Get::new(&client(&server)).send().await.unwrap();
    assert_eq!((response.value(), response.attempts()), (&json!(7), 2));
    let server = FaultyServer::start([fault, Fault::json("7")]);
    let error = Post::new(&client(&server)).await.unwrap_err();
    assert_eq!(
        error.stop_reason(),
        Some(StopReason::NotIdempotent),
        "{error}"
    );
    assert_eq!(server.request_count(), 1);
    error
}

#[tokio::test]
async fn retries_post_after_connection_refused() {
    let client = builder(FaultyServer::stopped_url()).build().unwrap();
    // The request was not sent, so a POST is retried as well.
    let error = Post::new(&client).await.unwrap_err();
    assert!(error.is_connect() && error.is_retryable() && !error.is_timeout());
    assert_eq!(
        (error.attempts(), error.stop_reason()),
        (4, Some(StopReason::Attempts))
    );
    assert!(error.to_string().contains("refused"), "{error}");
}

#[tokio::test]
async fn retries_get_after_connection_closed_without_response() {
    let error = assert_only_get_is_retried(Fault::Bytes(Vec::new())).await;
    assert!(
        !error.is_connect() && !error.is_timeout() && !error.is_api(),
        "{error}"
    );
    assert!(error.is_retryable());
}

#[tokio::test]
async fn retries_get_after_reset_in_body() {
    let start = raw_response("200 OK", &["content-length: 1000"], b"{\"a\":");
    let error = assert_only_get_is_retried(Fault::Reset(start)).await;
    assert!(!error.is_decode() && error.is_retryable(), "{error}");
    assert!(error.to_string().contains("interrupted"), "{error}");
}

#[tokio::test]
async fn retries_get_after_truncated_body() {
    let start = raw_response("200 OK", &["content-length: 9"], b"[1,2]");
    // The received part is valid JSON.
    let error = assert_only_get_is_retried(Fault::Bytes(start)).await;
    assert!(!error.is_decode() && error.is_retryable(), "{error}");
    let chunked = raw_response("200 OK", &["transfer-encoding: chunked"], b"3\r\n[1]\r\n");
    assert_only_get_is_retried(Fault::Bytes(chunked)).await;
}

#[tokio::test]
async fn times_out_if_headers_do_not_arrive() {
    let server = FaultyServer::start([Fault::Stall, Fault::json("7")]);
    let attempt = Duration::from_millis(200);
    let get = Get::new(&client(&server)).attempt_timeout(attempt);
    let response = get.send().await.unwrap();
    assert_eq!((response.value(), response.attempts()), (&json!(7), 2));
    let server = FaultyServer::start([Fault::Stall]);
    let error = Post::new(&client(&server))
        .attempt_timeout(attempt)
        .await
        .unwrap_err();
    assert!(error.is_timeout() && !error.is_connect(), "{error}");
    assert_eq!(error.stop_reason(), Some(StopReason::NotIdempotent));
    // The timeout of the call ends the attempts.
    let start = Instant::now();
    let get = Get::new(&client(&server)).attempt_timeout(attempt);
    let error = get.timeout(Duration::from_millis(500)).await.unwrap_err();
    assert!(error.is_timeout(), "{error}");
    assert!(
        start.elapsed() < Duration::from_secs(3),
        "{:?}",
        start.elapsed()
    );
    assert_eq!(error.stop_reason(), Some(StopReason::Deadline));
}

#[tokio::test]
async fn times_out_if_body_is_too_slow() {
    let pause = Duration::from_millis(5);
    let whole = raw_response("200 OK", &["content-length: 5"], b"[1,2]");
    let server = FaultyServer::start([Fault::Drip(whole.clone(), pause)]);
    assert_eq!(Get::new(&client(&server)).await.unwrap(), json!([1, 2]));
    // The timeout applies even if bytes keep arriving.
    let slow = FaultyServer::start([Fault::Drip(whole, Duration::from_millis(100))]);
    let start = Instant::now();
    let get = Get::new(&client(&slow)).timeout(Duration::from_millis(300));
    let error = get.await.unwrap_err();
    assert!(error.is_timeout(), "{error}");
    assert!(start.elapsed() < Duration::from_secs(2));
}

#[tokio::test]
async fn does_not_retry_truncated_json() {
    let server = FaultyServer::start([Fault::json(r#"{"rows":[{"id":"1"},{"id""#)]);
    let error = GetRows::new(&client(&server)).await.unwrap_err();
    assert!(error.is_decode() && !error.is_retryable(), "{error}");
    // The response was complete, so a retry would return the same.
    assert_eq!(
        (server.request_count(), error.stop_reason()),
        (1, Some(StopReason::Permanent))
    );
    assert_eq!(error.json_path(), Some("rows[1].id"));
    assert!(error.excerpt().unwrap().ends_with(r#"{"id""#));
    assert_eq!(error.status().unwrap(), 200);
}

#[tokio::test]
async fn reports_unexpected_content_type() {
    let html = "<!DOCTYPE html><title>Log in</title>";
    let server = FaultyServer::start([Fault::response(
        "200 OK",
        &["content-type: text/html"],
        html,
    )]);
    let error = Get::new(&client(&server)).await.unwrap_err();
    assert!(error.is_decode() && !error.is_retryable());
    assert_eq!(error.content_type(), Some("text/html"));
    assert_eq!(error.body(), Some(html.as_bytes()));
    let message = error.to_string();
    assert!(
        message.contains("<!DOCTYPE html>") && message.ends_with("(content type text/html)"),
        "{message}"
    );
    // JSON with another media type is accepted.
    let plain = Fault::response("200 OK", &["content-type: text/plain"], "[1]");
    let server = FaultyServer::start([plain]);
    assert_eq!(Get::new(&client(&server)).await.unwrap(), json!([1]));
}

/// Compresses this many million spaces.
fn gzip_bomb(millions: usize) -> Vec<u8> {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    let million = vec![b' '; 1_000_000];
    for _ in 0..millions {
        gzip.write_all(&million).unwrap();
    }
    gzip.finish().unwrap()
}

const GZIP: &str = "content-encoding: gzip";

#[tokio::test]
async fn limits_size_of_decompressed_body() {
    // 100 MB compressed to 100 kB.
    let packed = gzip_bomb(100);
    assert!(packed.len() < 150_000);
    let server = FaultyServer::start([Fault::response("200 OK", &[GZIP], packed)]);
    let error = Get::new(&client(&server)).await.unwrap_err();
    assert!(error.is_too_large() && !error.is_retryable(), "{error}");
    assert_eq!(server.request_count(), 1);
    // A compressed body of exactly the maximum size is accepted.
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(b"[1,2]").unwrap();
    let server = FaultyServer::start([Fault::response("200 OK", &[GZIP], gzip.finish().unwrap())]);
    let fits = builder(server.url()).max_response_size(5).build().unwrap();
    assert_eq!(Get::new(&fits).await.unwrap(), json!([1, 2]));
    let over = builder(server.url()).max_response_size(4).build().unwrap();
    assert!(Get::new(&over).await.unwrap_err().is_too_large());
    assert!(
        server.request_heads()[0]
            .to_lowercase()
            .contains("accept-encoding: gzip")
    );
}

#[tokio::test]
async fn limits_size_of_endless_body() {
    // Without a declared length, reading stops at the limit.
    let start = raw_response("200 OK", &[], b"");
    let server = FaultyServer::start([Fault::Flood(start, b' ', 500)]);
    let small = builder(server.url()).max_response_size(3_000_000);
    let error = Get::new(&small.build().unwrap()).await.unwrap_err();
    assert!(error.is_too_large(), "{error}");
    assert!(error.to_string().contains("3000000"), "{error}");
    assert!(
        server.bytes_written() < 50_000_000,
        "{}",
        server.bytes_written()
    );
    // With a declared length over the limit, the body is not read.
    let start = raw_response("200 OK", &["content-length: 500000000"], b"");
    let server = FaultyServer::start([Fault::Flood(start, b' ', 500)]);
    let error = Get::new(&client(&server)).await.unwrap_err();
    assert!(error.is_too_large());
    assert!(
        server.bytes_written() < 50_000_000,
        "{}",
        server.bytes_written()
    );
}

#[tokio::test]
async fn waits_for_retry_after_seconds() {
    let refused = Fault::response("429 Too Many Requests", &["retry-after: 1"], "");
    let server = FaultyServer::start([refused, Fault::json("7")]);
    let start = Instant::now();
    // The server did not process the request, so a POST is retried as well.
    assert_eq!(Post::new(&client(&server)).await.unwrap(), json!(7));
    assert!(start.elapsed() >= Duration::from_secs(1));
}

#[tokio::test]
async fn waits_for_retry_after_date() {
    let now = SystemTime::now();
    let later = httpdate::fmt_http_date(now + Duration::from_secs(2));
    let headers = [
        format!("retry-after: {later}"),
        format!("date: {}", httpdate::fmt_http_date(now)),
    ];
    let headers = headers.each_ref().map(String::as_str);
    let refused = Fault::response("429 Too Many Requests", &headers, "");
    let server = FaultyServer::start([refused, Fault::json("7")]);
    let start = Instant::now();
    assert_eq!(Post::new(&client(&server)).await.unwrap(), json!(7));
    assert!(start.elapsed() >= Duration::from_secs(2));
}

#[tokio::test]
async fn returns_error_if_retry_after_is_too_long() {
    let body = r#"{"message":"Slow down"}"#;
    let refused = Fault::response("429 Too Many Requests", &["retry-after: 3600"], body);
    let server = FaultyServer::start([refused]);
    let error = Get::new(&client(&server)).await.unwrap_err();
    assert!(error.is_rate_limited() && error.is_retryable());
    assert_eq!(error.retry_after(), Some(Duration::from_secs(3600)));
    assert_eq!(
        (server.request_count(), error.stop_reason()),
        (1, Some(StopReason::RetryAfter))
    );
    assert_eq!(
        error.to_string(),
        "GET /rows: server returned 429 Too Many Requests: Slow down \
         (1 attempt; retry after 3600 s)"
    );
}

#[tokio::test]
async fn retry_budget_limits_retries_of_unavailable_server() {
    let unavailable = || Fault::response("503 Service Unavailable", &["x-request-id: r1"], "busy");
    let server = FaultyServer::start([
        unavailable(),
        unavailable(),
        unavailable(),
        Fault::json("7"),
    ]);
    let response = Post::new(&client(&server)).send().await.unwrap();
    assert_eq!(response.attempts(), 4);
    let server = FaultyServer::start([unavailable()]);
    let error = Post::new(&client(&server)).await.unwrap_err();
    assert_eq!(server.request_count(), 4);
    assert_eq!(
        error.to_string(),
        "POST /rows: server returned 503 Service Unavailable: busy \
         (request ID r1; 4 attempts: maximum number of attempts)"
    );
    // Concurrent calls share a budget of 50 retries.
    let server = FaultyServer::start([unavailable()]);
    let client = client(&server);
    let calls: Vec<_> = (0..100)
        .map(|_| tokio::spawn(Get::new(&client).send()))
        .collect();
    for call in calls {
        assert!(call.await.unwrap().unwrap_err().is_retryable());
    }
    assert_eq!(server.request_count(), 150);
}

#[tokio::test]
async fn sends_and_receives_thirty_megabytes() {
    let size = 30_000_000;
    let body = vec![b'x'; size];
    let server = FaultyServer::start([Fault::response("200 OK", &[], &body)]);
    let response: Bytes = GetRaw::new(&client(&server)).await.unwrap();
    assert!(response.as_ref() == body);
    // A large request is sent again in full.
    let server = FaultyServer::start([Fault::response("503 Busy", &[], ""), Fault::json("7")]);
    let post = Post::new(&client(&server)).body(json!("y".repeat(size)));
    assert_eq!(post.await.unwrap(), json!(7));
    let length = format!("content-length: {}\r\n", size + 2);
    for head in server.request_heads() {
        assert!(head.to_lowercase().contains(&length), "{head}");
    }
}

#[tokio::test]
async fn does_not_follow_redirect_to_other_host() {
    let other = FaultyServer::start([Fault::json("7")]);
    for host in ["localhost", "127.0.0.1"] {
        let location = format!("location: http://{host}:{}/rows", other.port());
        let moved = Fault::response("307 Temporary Redirect", &[&location], "");
        let server = FaultyServer::start([moved]);
        let error = Get::new(&client(&server)).await.unwrap_err();
        assert_eq!(error.status().unwrap(), 307);
        assert!(error.headers().unwrap().contains_key("location"));
        assert!(error.is_api() && !error.is_retryable());
    }
    assert_eq!(other.request_count(), 0);
}

#[tokio::test]
async fn handles_invalid_utf_8() {
    let server = FaultyServer::start([Fault::response(
        "200 OK",
        &[],
        b"{\"rows\":[{\"id\":\"\xff\"}]}",
    )]);
    let error = GetRows::new(&client(&server)).await.unwrap_err();
    assert!(error.is_decode(), "{error}");
    assert_eq!(error.json_path(), Some("rows[0].id"));
    // Text replaces invalid bytes; raw bytes are unchanged.
    let text = GetText::new(&client(&server)).await.unwrap();
    assert_eq!(text, "{\"rows\":[{\"id\":\"\u{fffd}\"}]}");
    let raw = GetRaw::new(&client(&server)).await.unwrap();
    assert_eq!(raw.as_ref(), b"{\"rows\":[{\"id\":\"\xff\"}]}");
    let server = FaultyServer::start([Fault::response("400 Bad Request", &[], b"no \xff")]);
    assert_eq!(
        single_get_error(&server).await.message(),
        Some("no \u{fffd}")
    );
}

#[tokio::test]
async fn handles_html_error_page_of_gateway() {
    let html = "<html><body><h1>502 Bad Gateway</h1></body></html>";
    let page = || Fault::response("502 Bad Gateway", &["content-type: text/html"], html);
    let server = FaultyServer::start([page(), Fault::json("7")]);
    assert_eq!(Get::new(&client(&server)).await.unwrap(), json!(7));
    let error = assert_only_get_is_retried(page()).await;
    assert!(error.is_api() && error.is_server() && error.is_retryable());
    // The HTML page is kept in the body, but is not part of the message.
    assert_eq!(
        (error.message(), error.body()),
        (None, Some(html.as_bytes()))
    );
    assert!(!error.to_string().contains('<'), "{error}");
}

#[tokio::test]
async fn ignores_body_of_204() {
    let odd = Fault::Bytes(raw_response(
        "204 No Content",
        &["content-length: 5"],
        b"[1,2]",
    ));
    let server = FaultyServer::start([odd]);
    Delete::new(&client(&server)).await.unwrap();
    // The body of a 204 is not decoded.
    assert_eq!(Get::new(&client(&server)).await.unwrap(), Value::Null);
    assert_eq!(server.request_count(), 2);
}

#[tokio::test]
async fn uses_first_of_duplicate_headers() {
    let twice = [
        "x-request-id: r1",
        "x-request-id: r2",
        "retry-after: 0",
        "retry-after: 3600",
    ];
    let server = FaultyServer::start([Fault::response("429 Too Many Requests", &twice, "")]);
    let error = Get::new(&client(&server)).await.unwrap_err();
    // The first value is used, and all of them are kept.
    assert_eq!(error.request_id(), Some("r1"));
    assert_eq!(
        (error.retry_after(), error.attempts()),
        (Some(Duration::ZERO), 4)
    );
    let kept = error.headers().unwrap().get_all("x-request-id");
    assert_eq!(kept.iter().count(), 2);
    // Different lengths make the response invalid.
    let lengths = ["content-length: 5", "content-length: 3"];
    let server = FaultyServer::start([Fault::Bytes(raw_response("200 OK", &lengths, b"[1,2]"))]);
    let error = single_get_error(&server).await;
    assert!(
        !error.is_api() && !error.is_decode() && !error.is_timeout(),
        "{error}"
    );
}

#[tokio::test]
async fn returns_error_if_response_is_not_http() {
    let server = FaultyServer::start([Fault::Bytes(b"SSH-2.0-OpenSSH_9.6\r\n".to_vec())]);
    let error = single_get_error(&server).await;
    assert!(
        !error.is_api() && !error.is_connect() && !error.is_timeout(),
        "{error}"
    );
    assert!(error.to_string().contains("interrupted"), "{error}");
}
