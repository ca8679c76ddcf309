//! Failure behavior, continued: what a hostile server or a mistake of the caller leads to. The rows of the second table in
//! ARCHITECTURE.md, in the same order.

use std::future::Future;
use std::io::Write;
use std::sync::Arc;
use std::task::{Context, Wake, Waker};
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::GzEncoder;
use observatory_runtime::{
    Client, ClientBuilder, Empty, Endpoint, Error, Json, Model, Raw, RequestExt, RetryPolicy, Text,
    Value,
};
use serde_json::json;

use crate::support::fault_injection::{Fault, FaultyServer, raw_response};
use crate::support::scripted_transport::{ScriptedTransport, Step, block_on};
use crate::support::stub_server::{self, StubServer};

macro_rules! operation {
    ($name:ident, $method:ident, $output:ty) => {
        #[derive(Clone, Endpoint)]
        #[endpoint($method, "/rows")]
        #[endpoint(output = $output)]
        struct $name {
            client: Client,
            #[body(Json)]
            body: Option<Value>,
        }
    };
}
operation!(Get, GET, Json<Value>);
operation!(Post, POST, Json<Value>);
operation!(GetText, GET, Text);
operation!(GetRaw, GET, Raw);
operation!(Delete, DELETE, Empty);

/// A page that names another one.
#[derive(Clone, Debug, Default, PartialEq, Model)]
struct Page {
    rows: Vec<Value>,
    next: Option<String>,
}

#[derive(Clone, Debug, Endpoint)]
#[endpoint(GET, "/rows", output = Json<Page>)]
#[endpoint(pages(cursor = "cursor", next = "next", items = "rows"), item = Value)]
struct ListRows {
    client: Client,
    #[query("cursor")]
    cursor: Option<String>,
}

fn builder(url: impl Into<String>) -> ClientBuilder<Client> {
    let short = Duration::from_millis(5);
    ClientBuilder::new(&stub_server::API_WITHOUT_AUTH)
        .base_url(url)
        .timeout(Duration::from_secs(20))
        .retry(RetryPolicy::new().backoff(short, short))
}

fn client(server: &FaultyServer) -> Client {
    builder(server.url()).build().unwrap()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

async fn get_error(fault: Fault) -> Error {
    let client = client(&FaultyServer::start([fault]));
    Get::new(&client)
        .retry(RetryPolicy::never())
        .await
        .unwrap_err()
}

#[tokio::test]
async fn keeps_the_start_of_a_large_error_body() {
    let text = "x".repeat(1 << 20);
    for (headers, body) in [
        (vec![], text.clone().into_bytes()),
        (vec!["content-encoding: gzip"], gzip(text.as_bytes())),
    ] {
        let error = get_error(Fault::response("401 Unauthorized", &headers, body)).await;
        assert!(error.is_auth() && !error.is_too_large(), "{error}");
        assert_eq!(error.body().unwrap().len(), 256 << 10);
        assert!(error.message().unwrap().starts_with("xxx"));
    }
    // A smaller limit of the client applies to errors too.
    let server = FaultyServer::start([Fault::response("401 Unauthorized", &[], text)]);
    let client = builder(server.url()).max_response_size(10).build().unwrap();
    let error = Get::new(&client).await.unwrap_err();
    assert_eq!(
        (error.is_auth(), error.body()),
        (true, Some(&b"xxxxxxxxxx"[..]))
    );
    // Other transports return bodies of any size.
    let script = ScriptedTransport::repeating(Step::status(401).body(&"x".repeat(1 << 20)));
    let client = builder("https://example.com")
        .transport(script)
        .build()
        .unwrap();
    let error = Get::new(&client).await.unwrap_err();
    assert_eq!(error.body().unwrap().len(), 256 << 10);
}

#[tokio::test]
async fn names_unsupported_content_encodings() {
    let twice = gzip(&gzip(b"7"));
    for (encoding, body) in [
        ("br", b"\x0b\x02\x80\x37\x03".to_vec()),
        ("zstd", b"\x28\xb5\x2f\xfd".to_vec()),
        ("gzip, gzip", twice.clone()),
        ("deflate", b"7x".to_vec()),
    ] {
        let header = format!("content-encoding: {encoding}");
        let headers = [header.as_str(), "content-type: application/json"];
        let server = FaultyServer::start([Fault::response("200 OK", &headers, &body)]);
        let client = client(&server);
        let stream = Get::new(&client).stream().await;
        for error in [
            Get::new(&client).await.unwrap_err(),
            GetText::new(&client).await.unwrap_err(),
            GetRaw::new(&client).await.unwrap_err(),
            stream.map(drop).unwrap_err(),
        ] {
            let text = error.to_string();
            assert!(
                text.contains(&format!("content encoding `{encoding}`")),
                "{text}"
            );
            assert!(error.is_decode() && error.attempts() == 1, "{text}");
        }
        let error = get_error(Fault::response("404 Not Found", &headers, &body)).await;
        assert!(
            error.is_not_found() && error.to_string().contains(encoding),
            "{error}"
        );
        Delete::new(&client).await.unwrap();
    }
    // Two headers are the same as a list.
    let headers = ["content-encoding: gzip", "content-encoding: gzip"];
    let error = get_error(Fault::response("200 OK", &headers, twice)).await;
    assert!(error.to_string().contains("`gzip, gzip`"), "{error}");
}

#[tokio::test]
async fn decodes_gzip_by_any_name_and_ignores_other_names() {
    let members = [gzip(b"[1,"), gzip(b"2]")].concat();
    for (encoding, body) in [
        ("gzip", gzip(b"[1,2]")),
        ("GZIP", gzip(b"[1,2]")),
        ("x-gzip", members),
        ("identity, gzip", gzip(b"[1,2]")),
        ("utf-8", b"[1,2]".to_vec()),
        ("identity", b"[1,2]".to_vec()),
        // The name of an encoding that the server does not use.
        ("br", b"[1,2]".to_vec()),
    ] {
        let header = format!("content-encoding: {encoding}");
        let server = FaultyServer::start([Fault::response("200 OK", &[&header], body)]);
        let client = client(&server);
        assert_eq!(
            Get::new(&client).await.unwrap(),
            json!([1, 2]),
            "{encoding}"
        );
        assert!(server.request_heads()[0].contains("accept-encoding: gzip"));
    }
    let server = FaultyServer::start([Fault::response("200 OK", &["content-encoding: gzip"], "")]);
    assert_eq!(GetText::new(&client(&server)).await.unwrap(), "");
}

#[tokio::test]
async fn rejects_truncated_gzip() {
    let whole = gzip(&[b'7'; 1000]);
    for length in [1, 10, whole.len() / 2, whole.len() - 1] {
        let body = &whole[..length];
        let error = get_error(Fault::response("200 OK", &["content-encoding: gzip"], body)).await;
        assert!(
            error.is_retryable() && !error.is_decode(),
            "{length}: {error}"
        );
        let server =
            FaultyServer::start([Fault::response("200 OK", &["content-encoding: gzip"], body)]);
        let stream = Get::new(&client(&server)).stream().await.unwrap();
        let mut stream = stream.into_value();
        let mut last = None;
        while let Some(chunk) = stream.next().await {
            last = Some(chunk);
        }
        assert!(last.unwrap().is_err(), "{length}");
    }
}

#[tokio::test]
async fn skips_byte_order_mark() {
    let server = FaultyServer::start([Fault::json("\u{feff}{\"a\":1}")]);
    assert_eq!(Get::new(&client(&server)).await.unwrap(), json!({"a": 1}));
    let body = "\u{feff}{\"message\":\"no\"}";
    let error = get_error(Fault::response("400 Bad Request", &[], body)).await;
    assert_eq!(error.message(), Some("no"));
    let error = get_error(Fault::json("\u{feff}{\"a\":tru}")).await;
    assert_eq!(error.json_path(), Some("a"));
    assert!(error.excerpt().unwrap().contains("\"a\":tru"), "{error}");
}

#[tokio::test]
async fn sends_the_whole_body_with_any_content_length() {
    for (name, value) in [
        ("content-length", "0"),
        ("content-length", "3"),
        ("content-length", "1000"),
        ("transfer-encoding", "chunked"),
        ("transfer-encoding", "gzip, chunked"),
    ] {
        let server = StubServer::with_response("200 OK", "", b"7");
        let client = builder(server.url()).header(name, value).build().unwrap();
        Post::new(&client).body(json!("the body")).await.unwrap();
        let client = builder(server.url()).build().unwrap();
        let post = Post::new(&client).body(json!("the body"));
        post.header(name, value).await.unwrap();
        for request in server.take_requests() {
            assert_eq!(request.text(), "\"the body\"", "{name}: {value}");
            assert_eq!(request.header("content-length"), Some("10"));
        }
    }
}

#[test]
fn async_call_without_runtime_is_an_error() {
    let server = StubServer::with_response("200 OK", "", b"7");
    let client = builder(server.url()).build().unwrap();
    let error = block_on(Get::new(&client).send()).unwrap_err();
    assert!(!error.is_retryable() && error.attempts() == 1, "{error}");
    assert!(error.to_string().contains("no tokio runtime"), "{error}");
    // A stream that leaves its runtime.
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let stream = runtime.block_on(Get::new(&client).stream()).unwrap();
    let error = block_on(stream.into_value().next()).unwrap().unwrap_err();
    assert!(error.to_string().contains("no tokio runtime"), "{error}");
}

/// Polls a future once, outside of a runtime.
#[test]
fn polling_without_runtime_does_not_panic() {
    struct Nothing;
    impl Wake for Nothing {
        fn wake(self: Arc<Self>) {}
    }
    let client = builder("https://example.com").build().unwrap();
    let mut call = Box::pin(Get::new(&client).send());
    let waker = Waker::from(Arc::new(Nothing));
    assert!(
        call.as_mut()
            .poll(&mut Context::from_waker(&waker))
            .is_ready()
    );
}

#[tokio::test]
async fn longest_duration_is_a_duration() {
    let server = FaultyServer::start([Fault::Bytes(Vec::new()), Fault::json("7")]);
    let longest = Duration::MAX;
    let client = builder(server.url())
        .timeout(longest)
        .attempt_timeout(longest)
        .retry(RetryPolicy::new().longest_retry_after(longest))
        .build()
        .unwrap();
    tokio::time::sleep(Duration::from_millis(5)).await;
    assert_eq!(Get::new(&client).await.unwrap(), json!(7));
    let get = Get::new(&client).timeout(longest).attempt_timeout(longest);
    assert_eq!(get.await.unwrap(), json!(7));
    let stream = Get::new(&client).stream().await.unwrap();
    assert!(stream.into_value().next().await.unwrap().is_ok());
    // The longest backoff is as long as the longest timeout.
    let client = builder(FaultyServer::stopped_url())
        .timeout(longest)
        .retry(RetryPolicy::new().backoff(longest, longest))
        .clock(ScriptedTransport::default())
        .build()
        .unwrap();
    assert!(Get::new(&client).await.unwrap_err().is_connect());
}

#[tokio::test]
async fn items_end_although_empty_pages_never_do() {
    let pages =
        (0..1000).map(|page| Step::json(200, json!({"rows": [], "next": format!("{page}")})));
    let script = ScriptedTransport::new(pages);
    let client = builder("https://example.com")
        .transport(script.clone())
        .build()
        .unwrap();
    let error = ListRows::new(&client).items().all().await.unwrap_err();
    assert!(error.to_string().contains("100 pages in a row"), "{error}");
    assert_eq!(script.request_count(), 100);
    let mut items = ListRows::new(&client).items();
    assert!(items.next().await.unwrap().is_err());
    assert!(items.next().await.is_none());
    // Fewer are not an error, and each item starts the count again.
    let page = |page: usize| match page % 100 {
        99 => Step::json(200, json!({"rows": [page], "next": format!("{page}")})),
        _ => Step::json(200, json!({"rows": [], "next": format!("{page}")})),
    };
    let last = Step::json(200, json!({"rows": [7]}));
    let script = ScriptedTransport::new((0..300).map(page).chain([last]));
    let client = builder("https://example.com")
        .transport(script)
        .build()
        .unwrap();
    assert_eq!(ListRows::new(&client).items().all().await.unwrap().len(), 4);
}

/// The body of an error that keeps coming ends with the limit of its size.
#[tokio::test]
async fn endless_error_body_ends() {
    let head = raw_response("500 Internal Server Error", &[], b"");
    let started = Instant::now();
    let error = get_error(Fault::Flood(head, b'x', 1000)).await;
    assert!(
        error.is_server() && started.elapsed() < Duration::from_secs(10),
        "{error}"
    );
}
