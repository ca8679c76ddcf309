//! Blocking calls, with and without a tokio runtime.

use std::process::Command;
use std::time::Duration;

use observatory_runtime::{
    Body, BoxFuture, ByteStream, Client, ClientBuilder, Endpoint, Json, Limits, RequestExt,
    RetryPolicy, Transport, TransportError, TransportErrorKind,
};
use serde_json::json;

use crate::support::scripted_transport::{ScriptedTransport, Step};
use crate::support::stub_server::{self, StubServer};

#[derive(Clone, Endpoint)]
#[endpoint(POST, "/rows")]
#[endpoint(output = Json<i64>)]
struct Post {
    client: Client,
    #[body(Json)]
    body: Vec<i64>,
}

fn server_returning_seven() -> StubServer {
    StubServer::with_response("200 OK", "x-kept: kept\r\n", b"7")
}

fn assert_blocking_calls_work(server: &StubServer) {
    let client = server.client();
    assert_eq!(Post::new(&client, vec![1]).wait().unwrap(), 7);
    let response = Post::new(&client, vec![1]).send_blocking().unwrap();
    assert_eq!((response.value(), response.attempts()), (&7, 1));
    assert_eq!(response.headers()["x-kept"], "kept");
    let sent = server.take_requests();
    assert_eq!((sent.len(), sent[1].text()), (2, "[1]"));
}

#[test]
fn works_without_runtime() {
    assert_blocking_calls_work(&server_returning_seven());
}

#[tokio::test]
async fn works_in_current_thread_runtime() {
    assert_blocking_calls_work(&server_returning_seven());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn works_in_multi_thread_runtime() {
    assert_blocking_calls_work(&server_returning_seven());
    tokio::task::spawn_blocking(|| assert_blocking_calls_work(&server_returning_seven()))
        .await
        .unwrap();
    tokio::task::block_in_place(|| assert_blocking_calls_work(&server_returning_seven()));
}

/// The client keeps working after the runtime of the async calls has ended.
#[test]
fn one_client_serves_async_and_blocking_calls() {
    let server = server_returning_seven();
    let client = server.client();
    for _ in 0..3 {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let post = Post::new(&client, vec![1]);
        assert_eq!(runtime.block_on(post.send()).unwrap().value(), &7);
        assert_eq!(Post::new(&client, vec![1]).wait().unwrap(), 7);
    }
}

#[test]
fn runs_calls_concurrently() {
    let server = server_returning_seven();
    let client = server.client();
    let calls: Vec<_> = (0..32)
        .map(|_| {
            let post = Post::new(&client, vec![1]);
            std::thread::spawn(|| post.wait().unwrap())
        })
        .collect();
    let sum: i64 = calls.into_iter().map(|call| call.join().unwrap()).sum();
    assert_eq!(sum, 7 * 32);
}

#[test]
fn retries_and_times_out_like_async_calls() {
    let server = StubServer::with_response("503 Busy", "", b"busy");
    let short = Duration::from_millis(10);
    let policy = RetryPolicy::new().backoff(short, short);
    let post = Post::new(&server.client(), vec![1]).retry(policy);
    let error = post.wait().unwrap_err();
    assert_eq!((error.attempts(), server.take_requests().len()), (4, 4));
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", silent.local_addr().unwrap());
    let client: Client = ClientBuilder::new(&stub_server::API_WITHOUT_AUTH)
        .base_url(url)
        .build()
        .unwrap();
    let post = Post::new(&client, vec![1]).timeout(Duration::from_millis(100));
    assert!(post.wait().unwrap_err().is_timeout());
}

#[derive(Clone, Endpoint)]
#[endpoint(GET, "/rows")]
#[endpoint(output = Json<Vec<i64>>)]
#[endpoint(pages(offset = "offset"))]
#[endpoint(item = i64)]
struct List {
    client: Client,
    #[query]
    pub offset: Option<i64>,
    #[query]
    pub limit: Option<i64>,
}

/// Returns a client of a server with two pages and an empty one.
fn rows() -> (Client, ScriptedTransport) {
    let page = |rows| Step::json(200, rows);
    let script =
        ScriptedTransport::new([page(json!([1, 2])), page(json!([3, 4])), page(json!([]))]);
    let builder = ClientBuilder::new(&stub_server::API_WITHOUT_AUTH).base_url("https://a.b");
    let client = builder.transport(script.clone()).build().unwrap();
    (client, script)
}

#[tokio::test]
async fn iterates_over_pages_and_streams() {
    let (client, script) = rows();
    let all: Result<Vec<i64>, _> = List::new(&client).limit(2).items().wait().collect();
    assert_eq!(
        (all.unwrap(), script.request_count()),
        (vec![1, 2, 3, 4], 3)
    );
    let (client, script) = rows();
    let mut items = List::new(&client).limit(2).items().wait();
    assert_eq!(
        (items.next().unwrap().unwrap(), script.request_count()),
        (1, 1)
    );
    let (client, _) = rows();
    let pages: Vec<_> = List::new(&client).limit(2).pages().wait().collect();
    assert_eq!(pages.len(), 2);
    // An error ends the iteration.
    let script = ScriptedTransport::repeating(Step::status(500));
    let builder = ClientBuilder::new(&stub_server::API_WITHOUT_AUTH).base_url("https://a.b");
    let client: Client = builder.transport(script).build().unwrap();
    let mut items = List::new(&client).items().wait();
    assert!(items.next().unwrap().unwrap_err().is_server());
    assert!(items.next().is_none());
    let server = StubServer::with_response("200 OK", "", b"1\n2\n");
    let lines = List::new(&server.client()).stream().await.unwrap();
    let lines: Result<Vec<i64>, _> = lines.into_value().json_lines().wait().collect();
    assert_eq!(lines.unwrap(), [1, 2]);
}

struct PanickingTransport;

impl Transport for PanickingTransport {
    fn send(
        &self,
        _request: http::Request<Body>,
        _limits: Limits,
    ) -> BoxFuture<'_, Result<http::Response<ByteStream>, TransportError>> {
        Box::pin(async { panic!("injected panic") })
    }
}

/// The caller gets an error, and other calls are not affected.
#[test]
fn returns_error_if_transport_panics() {
    let builder = ClientBuilder::new(&stub_server::API_WITHOUT_AUTH).base_url("https://a.b");
    let client: Client = builder.transport(PanickingTransport).build().unwrap();
    let error = Post::new(&client, vec![1]).wait().unwrap_err();
    assert!(error.to_string().contains("panicked"), "{error}");
    assert_blocking_calls_work(&server_returning_seven());
}

/// A transport that makes a blocking call before each request, on its own thread or on another one.
struct Nested<T> {
    inner: T,
    client: Client,
    on_thread: bool,
}

impl<T: Transport> Transport for Nested<T> {
    fn send(
        &self,
        request: http::Request<Body>,
        limits: Limits,
    ) -> BoxFuture<'_, Result<http::Response<ByteStream>, TransportError>> {
        let client = self.client.clone();
        let call = move || Post::new(&client, Vec::new()).wait();
        let result = match self.on_thread {
            true => std::thread::spawn(call).join().unwrap(),
            false => call(),
        };
        match result {
            Ok(_) => self.inner.send(request, limits),
            Err(error) => {
                Box::pin(async move { Err(TransportError::new(TransportErrorKind::Broken, error)) })
            }
        }
    }
}

fn call_nested(on_thread: bool) -> String {
    let server = server_returning_seven();
    let other = server.client();
    let client = server.builder(&stub_server::API_WITHOUT_AUTH);
    let client = client
        .retry(RetryPolicy::never())
        .layer(move |inner| Nested {
            inner,
            client: other,
            on_thread,
        })
        .build()
        .unwrap();
    let error = Post::new(&client, Vec::new()).wait().unwrap_err();
    // The runtime still works.
    assert_eq!(Post::new(&server.client(), Vec::new()).wait().unwrap(), 7);
    error.to_string()
}

#[test]
fn blocking_call_in_transport_of_blocking_call_is_an_error() {
    let error = call_nested(false);
    assert!(
        error.contains("cannot make blocking calls itself"),
        "{error}"
    );
}

/// In a process of its own, since it blocks the blocking calls of all other tests, too.
#[test]
#[ignore = "takes 20 seconds"]
fn blocking_call_that_waits_for_itself_ends() {
    let name = "blocking::child_process_waits_for_itself";
    let mut child = Command::new(std::env::current_exe().unwrap());
    let child = child.args(["--exact", name, "--ignored"]).output().unwrap();
    let output = String::from_utf8_lossy(&child.stdout);
    assert!(output.contains("1 passed"), "{output}");
}

#[test]
#[ignore = "a child process of another test"]
fn child_process_waits_for_itself() {
    let error = call_nested(true);
    assert!(error.contains("a transport blocks it"), "{error}");
}

/// Async calls have a runtime of their own, so that a layer of them can block.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn blocking_call_in_transport_of_async_call_works() {
    let server = server_returning_seven();
    let other = server.client();
    let client = server.builder(&stub_server::API_WITHOUT_AUTH);
    let client = client
        .layer(move |inner| Nested {
            inner,
            client: other,
            on_thread: false,
        })
        .build()
        .unwrap();
    assert_eq!(Post::new(&client, Vec::new()).await.unwrap(), 7);
}
