//! Keys reach the server they are for, and nobody else: no log, no error, no other host.

use std::fmt::Debug;
use std::time::Duration;

use observatory_runtime::spec::{Api, Scheme, SchemeKind};
use observatory_runtime::{
    Body, BoxFuture, ByteStream, Client, ClientBuilder, Endpoint, Error, Json, Limits, RetryPolicy,
    Secret, Transport, TransportError,
};

use crate::support::stub_server::{self, StubServer};

/// What must not be seen, whatever stands around it.
const KEY: &str = "s3cr3t-key";

const fn scheme(id: &'static str, kind: SchemeKind) -> Scheme {
    Scheme {
        id,
        kind,
        env: &["PEER_KEY"],
        password_env: &["PEER_KEY"],
    }
}

static API: Api = Api {
    servers: &[observatory_runtime::spec::Server {
        name: "default",
        url: "https://api.example.invalid",
        key_prefix: Some("s3c"),
    }],
    ..stub_server::api(&[
        scheme(
            "header",
            SchemeKind::Header {
                name: "X-Api-Key",
                prefix: "",
            },
        ),
        scheme("bearer", SchemeKind::Bearer),
        scheme("basic", SchemeKind::Basic),
        scheme("query", SchemeKind::Query { name: "key" }),
        scheme("cookie", SchemeKind::Cookie { name: "key" }),
    ])
};

#[derive(Clone, Debug, Endpoint)]
#[endpoint(GET, "/all")]
#[endpoint(output = Json<i64>)]
#[endpoint(auth("header", "basic", "query", "cookie"))]
struct All {
    client: Client,
    #[header("X-Token")]
    token: Option<Secret>,
}

#[derive(Clone, Debug, Endpoint)]
#[endpoint(POST, "/bearer")]
#[endpoint(output = Json<i64>, envelope(data = "data", error = "error"))]
#[endpoint(auth("bearer"))]
struct Bearer {
    client: Client,
}

fn with_keys(builder: ClientBuilder<Client>) -> ClientBuilder<Client> {
    builder
        .retry(RetryPolicy::never())
        .credential("header", KEY)
        .credential("query", KEY)
        .credential("cookie", KEY)
        .bearer_token(KEY)
        .basic_auth("user", KEY)
        .header("x-more", KEY)
}

/// In whatever way it is encoded.
#[track_caller]
fn hidden(text: &str) {
    for secret in [KEY, "s3cr3t", "czNjcjN0", "dXNlcjpzM2"] {
        assert!(!text.contains(secret), "{text}");
    }
}

#[track_caller]
fn all_hidden(value: &dyn Debug) {
    hidden(&format!("{value:?}"));
    hidden(&format!("{value:#?}"));
}

/// What an error says, and everything it came of.
#[track_caller]
fn error_hidden(error: &Error) {
    let mut next: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(error) = next {
        hidden(&error.to_string());
        all_hidden(&error);
        next = error.source();
    }
    hidden(error.message().unwrap_or_default());
}

#[test]
fn debug_shows_no_key() {
    let builder = || with_keys(ClientBuilder::<Client>::new(&API));
    all_hidden(&Secret::new(KEY));
    all_hidden(&builder());
    all_hidden(&builder().from_lookup(|_| Some(KEY.to_owned())).unwrap());
    let client = builder().build().unwrap();
    all_hidden(&client);
    all_hidden(&All::new(&client).token(KEY));
    // It still says something.
    let said = format!("{:?}", builder());
    assert!(said.contains("Peer") && said.contains("bearer"), "{said}");
    let said = format!("{client:?}");
    assert!(said.contains("https://api.example.invalid"), "{said}");
}

#[test]
fn a_base_url_is_shown_without_its_secrets() {
    for url in [
        "https://user:s3cr3t-key@example.com",
        "https://s3cr3t-key@example.com/path",
        "https://user:s3cr3t-key@example.com:port",
        "https://user:s3cr3t-key@exam ple.com",
        "https://user:pa@s3cr3t-key@exam ple.com",
        "https://user:x?s3cr3t-key@exam ple.com",
        "https://exam ple.com?key=s3cr3t-key",
        "https://example.com/#s3cr3t-key",
        "user:s3cr3t-key@example.com",
        "//user:s3cr3t-key@example.com",
        "ftp://user:s3cr3t-key@example.com",
        "http://user:s3cr3t-key@example.com",
        "https://:s3cr3t-key@",
    ] {
        let builder = ClientBuilder::<Client>::new(&API).base_url(url);
        all_hidden(&builder);
        let error = builder.build().unwrap_err();
        assert!(error.is_builder());
        error_hidden(&error);
    }
    let builder = ClientBuilder::<Client>::new(&API).base_url("https://u:p@example.com/v1");
    let said = format!("{builder:?}");
    assert!(said.contains("https://…@example.com/v1"), "{said}");
}

#[test]
fn what_is_refused_is_not_quoted() {
    let new = || ClientBuilder::<Client>::new(&API);
    for builder in [
        new().header("x-more", "s3cr3t-key\n"),
        new().credential("unknown", KEY),
        new().credential("basic", KEY),
        new().server("unknown").api_key(KEY),
        new().basic_auth("s3cr3t:user", KEY),
    ] {
        all_hidden(&builder);
        error_hidden(&builder.build().unwrap_err());
    }
}

#[tokio::test]
async fn a_key_that_cannot_travel_is_not_quoted() {
    let peer = StubServer::start();
    let broken = format!("{KEY}\n");
    let client = peer.builder(&API).bearer_token(broken.clone());
    let error = client.build().unwrap_err();
    assert!(error.is_builder());
    error_hidden(&error);
    let client = with_keys(peer.builder(&API)).build().unwrap();
    let error = All::new(&client).token(broken).await.unwrap_err();
    assert!(error.is_builder());
    error_hidden(&error);
    assert!(peer.take_requests().is_empty());
}

#[tokio::test]
async fn no_answer_shows_no_key() {
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", closed.local_addr().unwrap());
    let builder = || with_keys(ClientBuilder::new(&API).base_url(url.as_str()));
    let slow = builder()
        .timeout(Duration::from_millis(50))
        .build()
        .unwrap();
    let error = All::new(&slow).token(KEY).await.unwrap_err();
    assert!(error.is_timeout());
    error_hidden(&error);
    drop(closed);
    let error = All::new(&builder().build().unwrap()).await.unwrap_err();
    assert!(error.is_connect());
    error_hidden(&error);
    let broken = StubServer::with_response("nonsense", "", b"");
    let client = with_keys(broken.builder(&API)).build().unwrap();
    let error = All::new(&client).await.unwrap_err();
    assert!(!error.is_connect() && !error.is_timeout() && !error.is_api());
    error_hidden(&error);
    // The key was sent, and in the query too.
    assert!(broken.take_single_request().target.contains(KEY));
}

#[tokio::test]
async fn an_answer_shows_no_key_that_it_quotes() {
    let body = r#"{"error":"the key s3cr3t-key is wrong (Bearer s3cr3t-key)"}"#;
    for status in ["401 Unauthorized", "200 OK"] {
        let peer = StubServer::with_response(status, "", body.as_bytes());
        // As it was pasted.
        let pasted = peer.builder(&API).bearer_token("Bearer s3cr3t-key");
        let error = Bearer::new(&pasted.build().unwrap()).await.unwrap_err();
        assert!(error.is_api());
        error_hidden(&error);
        assert!(error.message().unwrap().starts_with("the key …"), "{error}");
    }
    // What is short is no secret, but a part of many words.
    let peer = StubServer::with_response("401 Unauthorized", "", br#"{"error":"kept"}"#);
    let client = peer.builder(&API).bearer_token("e").build().unwrap();
    let error = Bearer::new(&client).await.unwrap_err();
    assert_eq!(error.message(), Some("kept"));
}

#[tokio::test]
async fn redirects_take_no_key_to_another_host() {
    let other = StubServer::with_response("200 OK", "", b"1");
    for status in [
        "301 Moved Permanently",
        "302 Found",
        "307 Temporary Redirect",
    ] {
        let location = format!("location: {}/all\r\n", other.url());
        let peer = StubServer::with_response(status, &location, b"");
        let client = with_keys(peer.builder(&API)).build().unwrap();
        for error in [
            All::new(&client).await.unwrap_err(),
            Bearer::new(&client).await.unwrap_err(),
        ] {
            assert!(error.is_api());
            assert!(error.status().unwrap().is_redirection());
            error_hidden(&error);
        }
        assert_eq!(peer.take_requests().len(), 2);
    }
    assert!(other.take_requests().is_empty());
}

/// A transport that logs all it can.
struct Logging;

impl Transport for Logging {
    fn send(
        &self,
        request: http::Request<Body>,
        _limits: Limits,
    ) -> BoxFuture<'_, Result<http::Response<ByteStream>, TransportError>> {
        let headers = request.headers();
        for name in ["authorization", "x-api-key", "cookie"] {
            if let Some(value) = headers.get(name) {
                assert!(value.is_sensitive(), "{name}");
            }
        }
        let mut headers = headers.clone();
        // What everybody was told to send is for them to know.
        headers.remove("x-more");
        all_hidden(&headers);
        Box::pin(async { Ok(http::Response::new(b"1".to_vec().into())) })
    }
}

#[tokio::test]
async fn headers_with_keys_are_marked() {
    let builder = with_keys(ClientBuilder::<Client>::new(&API)).transport(Logging);
    all_hidden(&builder);
    let client = builder.build().unwrap();
    assert_eq!(All::new(&client).await.unwrap(), 1);
    assert_eq!(Bearer::new(&client).await.unwrap(), 1);
}
