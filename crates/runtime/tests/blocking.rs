//! Calls that block, wherever they are made.
#![cfg(feature = "blocking")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod peer;

use std::time::Duration;

use observatory_runtime::{
    Body, BoxFuture, ByteStream, Client, ClientBuilder, Endpoint, Json, Limits, RequestExt,
    RetryPolicy, Transport, TransportError,
};
use peer::Peer;

#[derive(Clone, Endpoint)]
#[endpoint(POST, "/rows")]
#[endpoint(output = Json<i64>)]
struct Post {
    client: Client,
    #[body(json)]
    body: Vec<i64>,
}

fn seven() -> Peer {
    Peer::answering("200 OK", "x-kept: kept\r\n", b"7")
}

fn works(peer: &Peer) {
    let client = peer.client();
    assert_eq!(Post::new(&client, vec![1]).wait().unwrap(), 7);
    let response = Post::new(&client, vec![1]).send_blocking().unwrap();
    assert_eq!((response.value(), response.attempts()), (&7, 1));
    assert_eq!(response.headers()["x-kept"], "kept");
    let sent = peer.take();
    assert_eq!((sent.len(), sent[1].text()), (2, "[1]"));
}

#[test]
fn without_a_runtime() {
    works(&seven());
}

#[tokio::test]
async fn within_a_runtime_of_one_thread() {
    works(&seven());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn within_a_runtime_of_many_threads() {
    works(&seven());
    tokio::task::spawn_blocking(|| works(&seven()))
        .await
        .unwrap();
    tokio::task::block_in_place(|| works(&seven()));
}

/// One client in both worlds, though the runtime of the async calls ends.
#[test]
fn a_client_is_at_home_in_both() {
    let peer = seven();
    let client = peer.client();
    for _ in 0..3 {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let post = Post::new(&client, vec![1]);
        assert_eq!(runtime.block_on(post.send()).unwrap().value(), &7);
        assert_eq!(Post::new(&client, vec![1]).wait().unwrap(), 7);
    }
}

#[test]
fn many_at_once() {
    let peer = seven();
    let client = peer.client();
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
fn errors_and_waits_are_the_same() {
    let peer = Peer::answering("503 Busy", "", b"busy");
    let short = Duration::from_millis(10);
    let policy = RetryPolicy::new().backoff(short, short);
    let post = Post::new(&peer.client(), vec![1]).retry(policy);
    let error = post.wait().unwrap_err();
    assert_eq!((error.attempts(), peer.take().len()), (4, 4));
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", silent.local_addr().unwrap());
    let client: Client = ClientBuilder::new(&peer::OPEN)
        .base_url(url)
        .build()
        .unwrap();
    let post = Post::new(&client, vec![1]).timeout(Duration::from_millis(100));
    assert!(post.wait().unwrap_err().is_timeout());
}

struct Panics;

impl Transport for Panics {
    fn send(
        &self,
        _request: http::Request<Body>,
        _limits: Limits,
    ) -> BoxFuture<'_, Result<http::Response<ByteStream>, TransportError>> {
        Box::pin(async { panic!("a fault of the transport") })
    }
}

/// Who waits is told, and the others go on.
#[test]
fn a_panic_is_an_error() {
    let builder = ClientBuilder::new(&peer::OPEN).base_url("https://a.b");
    let client: Client = builder.transport(Panics).build().unwrap();
    let error = Post::new(&client, vec![1]).wait().unwrap_err();
    assert!(error.to_string().contains("panicked"), "{error}");
    works(&seven());
}
