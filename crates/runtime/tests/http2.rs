//! What a server says by HTTP/2 of a request that it has not looked at. It takes TLS, since nothing else agrees on
//! HTTP/2, and so a process of its own that trusts a certificate of its own.
#![cfg(all(feature = "rustls", target_os = "linux"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod peer;

use std::env;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use h2::{Reason, server};
use observatory_runtime::{Client, ClientBuilder, Endpoint, Error, Json, Response};
use rcgen::{CertifiedKey, generate_simple_self_signed};
use tokio::net::TcpListener;
use tokio::process::Command;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs::default_provider;
use tokio_rustls::rustls::pki_types::PrivatePkcs8KeyDer;

/// Where the process that trusts the server finds it.
const PEER: &str = "OBSERVATORY_TEST_PEER";

#[derive(Endpoint)]
#[endpoint(POST, "/rows")]
#[endpoint(output = Json<i64>)]
struct Post {
    client: Client,
}

/// Resets the first stream for this reason, and answers the others.
async fn serve(listener: TcpListener, acceptor: TlsAcceptor, reason: Reason) {
    let mut first = true;
    loop {
        let (socket, _) = listener.accept().await.unwrap();
        let mut connection = server::handshake(acceptor.accept(socket).await.unwrap())
            .await
            .unwrap();
        while let Some(Ok((_, mut answers))) = connection.accept().await {
            if std::mem::take(&mut first) {
                answers.send_reset(reason);
            } else {
                let head = http::Response::new(());
                let mut body = answers.send_response(head, false).unwrap();
                body.send_data("1".into(), true).unwrap();
            }
        }
    }
}

fn acceptor(key: &CertifiedKey<rcgen::KeyPair>) -> TlsAcceptor {
    let private = PrivatePkcs8KeyDer::from(key.signing_key.serialize_der());
    // By name: in the workspace there is another one as well.
    let mut config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![key.cert.der().clone()], private.into())
        .unwrap();
    config.alpn_protocols = vec![b"h2".to_vec()];
    TlsAcceptor::from(Arc::new(config))
}

/// What a POST says in a process that trusts the server: how often it was sent, and whether it went well.
async fn posted(name: &str, reason: Reason) -> String {
    let key = generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!(
        "https://localhost:{}",
        listener.local_addr().unwrap().port()
    );
    tokio::spawn(serve(listener, acceptor(&key), reason));
    let trusted = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::write(&trusted, key.cert.pem()).unwrap();
    let told = Command::new(env::current_exe().unwrap())
        .args(["--exact", "a_post", "--ignored", "--nocapture"])
        .env("SSL_CERT_FILE", &trusted)
        .env(PEER, url)
        .output()
        .await
        .unwrap();
    let said = String::from_utf8(told.stdout).unwrap();
    let line = said.lines().find_map(|line| line.strip_prefix("posted: "));
    line.unwrap_or_else(|| panic!("{said}")).to_owned()
}

#[tokio::test]
#[ignore = "the process that trusts the server, which the other tests start"]
async fn a_post() {
    let url = env::var(PEER).expect("another test starts this one");
    let builder: ClientBuilder<Client> = ClientBuilder::new(&peer::OPEN);
    let client = builder.base_url(url).build().unwrap();
    let posted: Result<Response<i64>, Error> = Post::new(&client).send().await;
    match posted {
        Ok(answer) => println!("\nposted: {} {}", answer.value(), answer.attempts()),
        Err(error) => println!("\nposted: {error:?} {}", error.attempts()),
    }
}

#[tokio::test]
async fn a_refused_stream_is_sent_again() {
    assert_eq!(
        posted("http2-refused.pem", Reason::REFUSED_STREAM).await,
        "1 2"
    );
}

#[tokio::test]
async fn a_broken_stream_is_not() {
    let told = posted("http2-broken.pem", Reason::INTERNAL_ERROR).await;
    assert!(
        told.contains("internal error") && told.ends_with(" 1"),
        "{told}"
    );
}
