//! What a server says by HTTP/2 of a request that it has not looked at. It takes TLS, since nothing else agrees on
//! HTTP/2, and so a process of its own that trusts a certificate of its own.

use std::env;
use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;

use h2::{Reason, server};
use observatory_runtime::{Client, ClientBuilder, Endpoint, Error, Json, Response};
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

/// Where the process that trusts the server finds it.
const PEER: &str = "OBSERVATORY_TEST_PEER";

#[derive(Endpoint)]
#[endpoint(POST, "/rows")]
#[endpoint(output = Json<i64>)]
struct Post {
    client: Client,
}

/// What becomes of the first request.
#[derive(Clone, Copy)]
enum First {
    /// Its stream is reset.
    Reset(Reason),
    /// The server says that it goes, and looks at no stream any more.
    GoAway,
}

/// Does this to the first request, and answers the others.
async fn serve(listener: TcpListener, acceptor: TlsAcceptor, what: First) {
    let mut first = true;
    loop {
        let (socket, _) = listener.accept().await.unwrap();
        let mut stream = acceptor.accept(socket).await.unwrap();
        let reason = match what {
            First::Reset(reason) => reason,
            First::GoAway if std::mem::take(&mut first) => {
                go_away(&mut stream).await.unwrap();
                continue;
            }
            First::GoAway => Reason::NO_ERROR,
        };
        let mut connection = server::handshake(stream).await.unwrap();
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

/// Frame by frame, since h2's server says so only when it has looked at the request.
async fn go_away(stream: &mut TlsStream<TcpStream>) -> io::Result<()> {
    const HEADERS: u8 = 1;
    const SETTINGS: [u8; 9] = [0, 0, 0, 4, 0, 0, 0, 0, 0];
    const GO_AWAY: [u8; 9] = [0, 0, 8, 7, 0, 0, 0, 0, 0];
    // The last stream that it will look at, and no error.
    const NONE: [u8; 8] = [0; 8];
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
    stream.write_all(&NONE).await?;
    stream.shutdown().await
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
async fn posted(name: &str, first: First) -> String {
    let key = generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!(
        "https://localhost:{}",
        listener.local_addr().unwrap().port()
    );
    tokio::spawn(serve(listener, acceptor(&key), first));
    let trusted = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::write(&trusted, key.cert.pem()).unwrap();
    let told = Command::new(env::current_exe().unwrap())
        .args(["--exact", "http2::a_post", "--ignored", "--nocapture"])
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
    let builder: ClientBuilder<Client> = ClientBuilder::new(&stub_server::API_WITHOUT_AUTH);
    let client = builder.base_url(url).build().unwrap();
    let posted: Result<Response<i64>, Error> = Post::new(&client).send().await;
    match posted {
        Ok(answer) => println!("\nposted: {} {}", answer.value(), answer.attempts()),
        Err(error) => println!("\nposted: {error:?} {}", error.attempts()),
    }
}

#[tokio::test]
async fn a_refused_stream_is_sent_again() {
    let refused = First::Reset(Reason::REFUSED_STREAM);
    assert_eq!(posted("http2-refused.pem", refused).await, "1 2");
}

#[tokio::test]
async fn a_stream_that_a_server_going_away_never_saw_is_sent_again() {
    assert_eq!(posted("http2-going.pem", First::GoAway).await, "1 2");
}

#[tokio::test]
async fn a_broken_stream_is_not() {
    let broken = First::Reset(Reason::INTERNAL_ERROR);
    let told = posted("http2-broken.pem", broken).await;
    assert!(
        told.contains("internal error") && told.ends_with(" 1"),
        "{told}"
    );
}
