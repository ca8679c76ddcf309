//! Retries of requests that an HTTP/2 server reports as not processed.
//!
//! HTTP/2 is negotiated with TLS. The client therefore runs in a child process that trusts a test certificate.

use std::env;
use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use h2::{Reason, server};
use observatory_runtime::{Client, ClientBuilder, Endpoint, Error, Json, RequestExt, Response};
use rcgen::{CertifiedKey, generate_simple_self_signed};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::process::Command;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs::default_provider;
use tokio_rustls::rustls::pki_types::PrivatePkcs8KeyDer;
use tokio_rustls::server::TlsStream;

use crate::support::stub_server;

/// The variable with the URL of the server, for the child process.
const SERVER_URL: &str = "OBSERVATORY_TEST_SERVER_URL";

#[derive(Endpoint)]
#[endpoint(POST, "/rows")]
#[endpoint(output = Json<i64>)]
struct Post {
    client: Client,
}

/// How the server handles the first request.
#[derive(Clone, Copy)]
enum FirstRequest {
    /// Resets the stream.
    Reset(Reason),
    /// Sends GOAWAY with stream 0: no stream was processed.
    GoAway,
    /// Sends a part of the promised body, and then resets the stream without an error.
    Truncate(Reason),
}

/// Accepts connections, applies `first_request` to the first request, and responds to the others.
async fn serve(listener: TcpListener, acceptor: TlsAcceptor, first_request: FirstRequest) {
    let mut first = true;
    loop {
        let (socket, _) = listener.accept().await.unwrap();
        let mut stream = acceptor.accept(socket).await.unwrap();
        let reason = match first_request {
            FirstRequest::Reset(reason) => reason,
            FirstRequest::GoAway if std::mem::take(&mut first) => {
                send_go_away(&mut stream).await.unwrap();
                continue;
            }
            FirstRequest::GoAway => Reason::NO_ERROR,
            FirstRequest::Truncate(reason) => reason,
        };
        let mut connection = server::handshake(stream).await.unwrap();
        while let Some(Ok((_, mut responses))) = connection.accept().await {
            let is_first = std::mem::take(&mut first);
            if is_first && matches!(first_request, FirstRequest::Truncate(_)) {
                // The part is complete JSON.
                let head = http::Response::builder().header("content-length", 2);
                let mut body = responses
                    .send_response(head.body(()).unwrap(), false)
                    .unwrap();
                body.send_data("1".into(), false).unwrap();
                // Later, because a reset overtakes data.
                tokio::spawn(async move {
                    tokio::time::sleep(Duration::from_millis(200)).await;
                    body.send_reset(reason);
                });
            } else if is_first {
                responses.send_reset(reason);
            } else {
                let head = http::Response::new(());
                let mut body = responses.send_response(head, false).unwrap();
                body.send_data("1".into(), true).unwrap();
            }
        }
    }
}

/// Reads a request and sends GOAWAY. Writes the frames itself, because the `h2` server would count the stream as
/// processed.
async fn send_go_away(stream: &mut TlsStream<TcpStream>) -> io::Result<()> {
    const HEADERS: u8 = 1;
    const SETTINGS: [u8; 9] = [0, 0, 0, 4, 0, 0, 0, 0, 0];
    const GO_AWAY: [u8; 9] = [0, 0, 8, 7, 0, 0, 0, 0, 0];
    // The last processed stream and the error code NO_ERROR.
    const LAST_STREAM_AND_CODE: [u8; 8] = [0; 8];
    stream.write_all(&SETTINGS).await?;
    stream.flush().await?;
    stream.read_exact(&mut [0; 24]).await?;
    loop {
        let mut head = [0; 9];
        stream.read_exact(&mut head).await?;
        let [a, b, c, kind, ..] = head;
        let length = u32::from_be_bytes([0, a, b, c]) as usize;
        stream.read_exact(&mut vec![0; length]).await?;
        if kind == HEADERS {
            break;
        }
    }
    stream.write_all(&GO_AWAY).await?;
    stream.write_all(&LAST_STREAM_AND_CODE).await?;
    stream.shutdown().await
}

fn acceptor(key: &CertifiedKey<rcgen::KeyPair>) -> TlsAcceptor {
    let private = PrivatePkcs8KeyDer::from(key.signing_key.serialize_der());
    // The provider is named, because the workspace contains two.
    let mut config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![key.cert.der().clone()], private.into())
        .unwrap();
    config.alpn_protocols = vec![b"h2".to_vec()];
    TlsAcceptor::from(Arc::new(config))
}

/// Sends a POST from a child process that trusts the server. Returns the result and the number of attempts.
async fn post_in_child_process(name: &str, first: FirstRequest) -> String {
    run_child_process("http2::child_process_post", name, first).await
}

async fn run_child_process(test: &str, name: &str, first: FirstRequest) -> String {
    let key = generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!(
        "https://localhost:{}",
        listener.local_addr().unwrap().port()
    );
    tokio::spawn(serve(listener, acceptor(&key), first));
    let trusted = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::write(&trusted, key.cert.pem()).unwrap();
    let output = Command::new(env::current_exe().unwrap())
        .args(["--exact", test, "--ignored", "--nocapture"])
        .env("SSL_CERT_FILE", &trusted)
        .env(SERVER_URL, url)
        .output()
        .await
        .unwrap();
    let stdout = String::from_utf8(output.stdout).unwrap();
    let line = stdout
        .lines()
        .find_map(|line| line.strip_prefix("result: "));
    line.unwrap_or_else(|| panic!("{stdout}")).to_owned()
}

#[tokio::test]
#[ignore = "runs in the child process that the other tests start"]
async fn child_process_post() {
    let url = env::var(SERVER_URL).expect("run by the other tests");
    let builder: ClientBuilder<Client> = ClientBuilder::new(&stub_server::API_WITHOUT_AUTH);
    let client = builder.base_url(url).build().unwrap();
    let result: Result<Response<i64>, Error> = Post::new(&client).send().await;
    match result {
        Ok(response) => println!("\nresult: {} {}", response.value(), response.attempts()),
        Err(error) => println!("\nresult: {error:?} {}", error.attempts()),
    }
}

#[tokio::test]
#[ignore = "runs in the child process that the other tests start"]
async fn child_process_stream() {
    let url = env::var(SERVER_URL).expect("run by the other tests");
    let builder: ClientBuilder<Client> = ClientBuilder::new(&stub_server::API_WITHOUT_AUTH);
    let client = builder.base_url(url).build().unwrap();
    let response = Post::new(&client).stream().await.unwrap();
    let mut lines = response.into_value().json_lines::<i64>();
    let mut results = Vec::new();
    while let Some(line) = lines.next().await {
        results.push(match line {
            Ok(value) => value.to_string(),
            Err(error) => format!("{error:?}"),
        });
    }
    println!("\nresult: {}", results.join(" | "));
}

#[tokio::test]
async fn retries_refused_stream() {
    let refused = FirstRequest::Reset(Reason::REFUSED_STREAM);
    assert_eq!(
        post_in_child_process("http2-refused.pem", refused).await,
        "1 2"
    );
}

#[tokio::test]
async fn retries_stream_that_goaway_excludes() {
    assert_eq!(
        post_in_child_process("http2-goaway.pem", FirstRequest::GoAway).await,
        "1 2"
    );
}

#[tokio::test]
async fn does_not_retry_post_after_internal_error() {
    let broken = FirstRequest::Reset(Reason::INTERNAL_ERROR);
    let result = post_in_child_process("http2-broken.pem", broken).await;
    assert!(
        result.contains("internal error") && result.ends_with(" 1"),
        "{result}"
    );
}

/// hyper takes a stream that is reset with NO_ERROR as complete.
#[tokio::test]
async fn truncated_response_is_an_error() {
    for (reason, message) in [
        (Reason::NO_ERROR, "1 of 2 bytes"),
        (Reason::CANCEL, "no longer needed"),
    ] {
        let first = FirstRequest::Truncate(reason);
        let result = post_in_child_process("http2-truncated.pem", first).await;
        assert!(
            result.contains("connection interrupted") && result.contains(message),
            "{result}"
        );
        assert!(result.ends_with(" 1"), "{result}");
    }
}

#[tokio::test]
async fn truncated_stream_ends_with_an_error() {
    let first = FirstRequest::Truncate(Reason::NO_ERROR);
    let test = "http2::child_process_stream";
    let result = run_child_process(test, "http2-stream.pem", first).await;
    assert!(result.contains("connection interrupted"), "{result}");
}
