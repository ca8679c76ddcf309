//! Errors of TLS handshakes, with each implementation of TLS: `tests/native_tls.rs` runs this with that of the platform.

use std::io::Read;
use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use observatory_runtime::{Client, ClientBuilder, Empty, Endpoint, RetryPolicy, StopReason};

use crate::support::stub_server;

#[derive(Clone, Endpoint)]
#[endpoint(GET, "/row", output = Empty)]
struct Get {
    client: Client,
}

#[derive(Clone, Endpoint)]
#[endpoint(POST, "/row", output = Empty)]
struct Post {
    client: Client,
}

fn client(port: u16) -> Client {
    let short = Duration::from_millis(5);
    ClientBuilder::new(&stub_server::API_WITHOUT_AUTH)
        .base_url(format!("https://localhost:{port}"))
        .retry(RetryPolicy::new().backoff(short, short))
        .build()
        .unwrap()
}

#[tokio::test]
async fn does_not_retry_after_certificate_error() {
    let key = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let private =
        tokio_rustls::rustls::pki_types::PrivatePkcs8KeyDer::from(key.signing_key.serialize_der());
    let provider = tokio_rustls::rustls::crypto::aws_lc_rs::default_provider();
    let config = tokio_rustls::rustls::ServerConfig::builder_with_provider(Arc::new(provider))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![key.cert.der().clone()], private.into())
        .unwrap();
    let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        loop {
            let (socket, _) = listener.accept().await.unwrap();
            // The client rejects the certificate.
            _ = acceptor.accept(socket).await;
        }
    });
    let client = client(port);
    for error in [
        Get::new(&client).await.unwrap_err(),
        Post::new(&client).await.unwrap_err(),
    ] {
        assert!(error.is_connect() && !error.is_retryable(), "{error}");
        assert!(error.to_string().contains("ertificate"), "{error}");
        assert_eq!(
            (error.attempts(), error.stop_reason()),
            (1, Some(StopReason::Permanent))
        );
    }
}

/// A server that is not one of TLS may be replaced by one that is.
#[tokio::test]
async fn retries_after_tls_handshake_was_interrupted() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            _ = stream.unwrap().read(&mut [0; 10]);
        }
    });
    let client = client(port);
    let error = Post::new(&client).await.unwrap_err();
    assert!(error.is_connect() && error.is_retryable(), "{error}");
    assert_eq!(error.attempts(), 4);
}
