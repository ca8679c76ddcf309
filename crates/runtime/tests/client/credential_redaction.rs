//! Credentials do not appear in `Debug` output, errors or requests to other hosts.

use std::fmt::Debug;
use std::time::Duration;

use observatory_runtime::spec::{Api, SchemeKind, SecurityScheme};
use observatory_runtime::{
    Body, BoxFuture, ByteStream, Bytes, Client, ClientBuilder, Endpoint, Error, Json, Limits,
    Model, RequestExt, RetryPolicy, Secret, Transport, TransportError,
};

use crate::support::stub_server::{self, StubServer};

/// The credential that must not appear in any output.
const KEY: &str = "s3cr3t-key";

const fn scheme(id: &'static str, kind: SchemeKind) -> SecurityScheme {
    SecurityScheme {
        id,
        kind,
        env: &["TEST_KEY"],
        password_env: &["TEST_KEY"],
        other_headers: &[],
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

/// Fails if `text` contains the credential, also in base64.
#[track_caller]
fn assert_redacted(text: &str) {
    for secret in [KEY, "s3cr3t", "czNjcjN0", "dXNlcjpzM2"] {
        assert!(!text.contains(secret), "{text}");
    }
}

#[track_caller]
fn assert_debug_redacted(value: &dyn Debug) {
    assert_redacted(&format!("{value:?}"));
    assert_redacted(&format!("{value:#?}"));
}

/// Checks an error and all its sources.
#[track_caller]
fn assert_error_redacted(error: &Error) {
    let mut next: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(error) = next {
        assert_redacted(&error.to_string());
        assert_debug_redacted(&error);
        next = error.source();
    }
    assert_redacted(error.message().unwrap_or_default());
}

#[test]
fn debug_redacts_credentials() {
    let builder = || with_keys(ClientBuilder::<Client>::new(&API));
    assert_debug_redacted(&Secret::new(KEY));
    assert_debug_redacted(&builder());
    assert_debug_redacted(&builder().from_lookup(|_| Some(KEY.to_owned())).unwrap());
    let client = builder().build().unwrap();
    assert_debug_redacted(&client);
    assert_debug_redacted(&All::new(&client).token(KEY));
    // The output still contains the other information.
    let output = format!("{:?}", builder());
    assert!(
        output.contains("Test") && output.contains("bearer"),
        "{output}"
    );
    let output = format!("{client:?}");
    assert!(output.contains("https://api.example.invalid"), "{output}");
}

#[test]
fn redacts_credentials_in_base_urls() {
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
        assert_debug_redacted(&builder);
        let error = builder.build().unwrap_err();
        assert!(error.is_builder());
        assert_error_redacted(&error);
    }
    let builder = ClientBuilder::<Client>::new(&API).base_url("https://u:p@example.com/v1");
    let output = format!("{builder:?}");
    assert!(output.contains("https://…@example.com/v1"), "{output}");
}

#[test]
fn builder_errors_do_not_contain_credentials() {
    let new = || ClientBuilder::<Client>::new(&API);
    for builder in [
        new().header("x-more", "s3cr3t-key\n"),
        new().credential("unknown", KEY),
        new().credential("basic", KEY),
        new().server("unknown").api_key(KEY),
        new().basic_auth("s3cr3t:user", KEY),
    ] {
        assert_debug_redacted(&builder);
        assert_error_redacted(&builder.build().unwrap_err());
    }
}

#[tokio::test]
async fn invalid_header_errors_do_not_contain_credentials() {
    let server = StubServer::start();
    let broken = format!("{KEY}\n");
    let client = server.builder(&API).bearer_token(broken.clone());
    let error = client.build().unwrap_err();
    assert!(error.is_builder());
    assert_error_redacted(&error);
    let client = with_keys(server.builder(&API)).build().unwrap();
    let error = All::new(&client).token(broken).await.unwrap_err();
    assert!(error.is_builder());
    assert_error_redacted(&error);
    assert!(server.take_requests().is_empty());
}

#[tokio::test]
async fn transport_errors_do_not_contain_credentials() {
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", closed.local_addr().unwrap());
    let builder = || with_keys(ClientBuilder::new(&API).base_url(url.as_str()));
    let slow = builder()
        .timeout(Duration::from_millis(50))
        .build()
        .unwrap();
    let error = All::new(&slow).token(KEY).await.unwrap_err();
    assert!(error.is_timeout());
    assert_error_redacted(&error);
    drop(closed);
    let error = All::new(&builder().build().unwrap()).await.unwrap_err();
    assert!(error.is_connect());
    assert_error_redacted(&error);
    let broken = StubServer::with_response("invalid status", "", b"");
    let client = with_keys(broken.builder(&API)).build().unwrap();
    let error = All::new(&client).await.unwrap_err();
    assert!(!error.is_connect() && !error.is_timeout() && !error.is_api());
    assert_error_redacted(&error);
    // The key was sent, also in the query.
    assert!(broken.take_single_request().target.contains(KEY));
}

#[tokio::test]
async fn redacts_credentials_that_a_response_quotes() {
    let body = r#"{"error":"the key s3cr3t-key is wrong (Bearer s3cr3t-key)"}"#;
    for status in ["401 Unauthorized", "200 OK"] {
        let server = StubServer::with_response(status, "", body.as_bytes());
        // The key was set with its prefix.
        let pasted = server.builder(&API).bearer_token("Bearer s3cr3t-key");
        let error = Bearer::new(&pasted.build().unwrap()).await.unwrap_err();
        assert!(error.is_api());
        assert_error_redacted(&error);
        assert!(error.message().unwrap().starts_with("the key …"), "{error}");
    }
}

#[derive(Clone, Debug, PartialEq, Model)]
struct Login {
    name: String,
    password: Secret,
}

#[derive(Clone, Debug, Endpoint)]
#[endpoint(POST, "/login")]
#[endpoint(output = Json<i64>)]
struct LogIn {
    client: Client,
    #[query("code")]
    code: Option<Secret>,
    #[body(Json)]
    body: Option<Login>,
}

#[tokio::test]
async fn redacts_secrets_of_parameters_and_bodies_that_a_response_quotes() {
    for body in [
        format!(r#"{{"message":"{KEY} is wrong"}}"#),
        format!(
            r#"{{"message":"Basic {}"}}"#,
            Bytes::from(KEY.as_bytes()).to_base64()
        ),
        format!("\"{KEY}\""),
    ] {
        for status in ["422 Unprocessable Entity", "200 OK"] {
            let server = StubServer::with_response(status, "", body.as_bytes());
            let client = server.builder(&stub_server::API_WITHOUT_AUTH);
            let client = client.retry(RetryPolicy::never()).build().unwrap();
            let login = Login::new("me", KEY);
            for request in [
                LogIn::new(&client).code(KEY),
                LogIn::new(&client).body(login.clone()),
            ] {
                let error = request.clone().await.err();
                // A success of another type is an error of decoding.
                assert_error_redacted(&error.unwrap());
                if let Ok(response) = request.stream().await {
                    let mut lines = response.into_value().json_lines::<i64>();
                    assert_error_redacted(&lines.next().await.unwrap().unwrap_err());
                }
            }
        }
    }
}

#[cfg(feature = "testing")]
#[tokio::test]
async fn recordings_do_not_contain_secrets_of_parameters_and_bodies() {
    use observatory_runtime::testing::{Recording, Redaction};

    let recording = Recording::new(Redaction::new());
    let kept = recording.clone();
    let server = StubServer::with_response("200 OK", "", format!("\"{KEY}\"").as_bytes());
    let client = server.builder(&stub_server::API_WITHOUT_AUTH);
    let client = client.layer(move |inner| kept.recorder(inner));
    let client = client.build().unwrap();
    let request = LogIn::new(&client).code(KEY).body(Login::new(KEY, KEY));
    drop(request.await);
    assert_eq!(recording.len(), 1);
    assert_redacted(&format!("{recording:?}"));
}

#[tokio::test]
async fn redacts_short_credentials_as_words() {
    for (key, sent, shown) in [
        ("dev", "dev is wrong, or 'dev'", "… is wrong, or '…'"),
        ("dev", "device, adev, dévdev", "device, adev, dévdev"),
        ("a+b/c", "a%2Bb%2fc; xa+b/c", "…; xa+b/c"),
        // Not redacted, because it is part of many texts.
        ("is", "is kept", "is kept"),
    ] {
        let body = format!("{{\"error\":\"{sent}\"}}");
        let server = StubServer::with_response("401 Unauthorized", "", body.as_bytes());
        let client = server.builder(&API).bearer_token(key).build().unwrap();
        let error = Bearer::new(&client).await.unwrap_err();
        assert_eq!(error.message(), Some(shown));
    }
}

#[tokio::test]
async fn keeps_words_that_only_begin_as_a_credential() {
    for (key, text) in [
        ("password-7f3a9c", "the password is wrong"),
        (
            "production-key-0123456789-abcdefghijklmnopqrst",
            "the production-key is wrong",
        ),
    ] {
        let body = format!("{{\"error\":\"{text}\"}}");
        let server = StubServer::with_response("401 Unauthorized", "", body.as_bytes());
        let client = server.builder(&API).bearer_token(key).build().unwrap();
        let error = Bearer::new(&client).await.unwrap_err();
        assert_eq!(error.message(), Some(text));
    }
}

#[tokio::test]
async fn does_not_follow_redirects_to_other_hosts() {
    let other = StubServer::with_response("200 OK", "", b"1");
    for status in [
        "301 Moved Permanently",
        "302 Found",
        "307 Temporary Redirect",
    ] {
        let location = format!("location: {}/all\r\n", other.url());
        let server = StubServer::with_response(status, &location, b"");
        let client = with_keys(server.builder(&API)).build().unwrap();
        for error in [
            All::new(&client).await.unwrap_err(),
            Bearer::new(&client).await.unwrap_err(),
        ] {
            assert!(error.is_api());
            assert!(error.status().unwrap().is_redirection());
            assert_error_redacted(&error);
        }
        assert_eq!(server.take_requests().len(), 2);
    }
    assert!(other.take_requests().is_empty());
}

/// A transport that checks the `Debug` output of the headers.
struct HeaderCheckingTransport;

impl Transport for HeaderCheckingTransport {
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
        // A default header is not marked as sensitive.
        headers.remove("x-more");
        assert_debug_redacted(&headers);
        Box::pin(async { Ok(http::Response::new(b"1".to_vec().into())) })
    }
}

#[tokio::test]
async fn marks_credential_headers_as_sensitive() {
    let builder = with_keys(ClientBuilder::<Client>::new(&API)).transport(HeaderCheckingTransport);
    assert_debug_redacted(&builder);
    let client = builder.build().unwrap();
    assert_eq!(All::new(&client).await.unwrap(), 1);
    assert_eq!(Bearer::new(&client).await.unwrap(), 1);
}
