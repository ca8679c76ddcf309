//! URLs: base URLs, path templates and path parameters.

use observatory_runtime::spec::{Api, BaseUrlSource};
use observatory_runtime::{Client, ClientBuilder, Empty, Endpoint, Error, RequestExt};

use crate::support::stub_server::{self, API_WITHOUT_AUTH, StubServer};

#[derive(Endpoint)]
#[endpoint(GET, "/v1/items/{id}/parts/{part}")]
#[endpoint(output = Empty)]
struct Part {
    client: Client,
    #[in_path]
    id: String,
    #[in_path]
    part: String,
}

#[derive(Endpoint)]
#[endpoint(GET, "/files/{path}")]
#[endpoint(output = Empty)]
struct Reserved {
    client: Client,
    #[in_path("path", allow_slash)]
    path: String,
}

#[derive(Endpoint)]
#[endpoint(GET, "/segments/{name}")]
#[endpoint(output = Empty)]
struct ReservedSegment {
    client: Client,
    #[in_path(allow_reserved)]
    name: String,
}

/// A template with two parameters in one segment, and a fixed query.
#[derive(Endpoint)]
#[endpoint(GET, "v1/{a}.{b}/?fixed=1")]
#[endpoint(output = Empty)]
struct UnusualTemplate {
    client: Client,
    #[in_path]
    a: String,
    #[in_path]
    b: i64,
    #[query]
    q: Option<String>,
}

#[derive(Endpoint)]
#[endpoint(GET, "/hole/{forgotten}")]
#[endpoint(output = Empty)]
struct MissingParameter {
    client: Client,
}

#[derive(Endpoint)]
#[endpoint(GET, "/elsewhere")]
#[endpoint(output = Empty, base_url = "http://localhost:1/own/")]
struct OwnServer {
    client: Client,
}

/// Operations whose server is relative to the base URL.
macro_rules! relative {
    ($name:ident, $url:literal) => {
        #[derive(Endpoint)]
        #[endpoint(GET, "/items")]
        #[endpoint(output = Empty, base_url = $url)]
        struct $name {
            client: Client,
        }
    };
}
relative!(FromRoot, "/api/v2");
relative!(FromRootWithSlash, "/api/v2/");
relative!(FromBase, "beta");
relative!(FromParent, "../v2");
relative!(FromScheme, "//acme.invalid/v2");

#[tokio::test]
async fn resolves_relative_server_of_an_operation() {
    let server = StubServer::start();
    let client = build_client(&format!("{}/sell/v1/", server.url())).unwrap();
    FromRoot::new(&client).await.unwrap();
    FromRootWithSlash::new(&client).await.unwrap();
    FromBase::new(&client).await.unwrap();
    FromParent::new(&client).await.unwrap();
    // The user's base URL replaces a server with a host of its own.
    FromScheme::new(&client).await.unwrap();
    let targets: Vec<String> = server
        .take_requests()
        .into_iter()
        .map(|it| it.target)
        .collect();
    assert_eq!(
        targets,
        [
            "/api/v2/items",
            "/api/v2/items",
            "/sell/v1/beta/items",
            "/sell/v2/items",
            "/sell/v1/items",
        ]
    );
}

#[tokio::test]
async fn sends_one_request_to_another_server() {
    let (server, other) = (StubServer::start(), StubServer::start());
    let client = build_client(server.url()).unwrap();
    let url = format!("{}/eu", other.url());
    OwnServer::new(&client).base_url(url).await.unwrap();
    assert_eq!(other.take_single_request().target, "/eu/elsewhere");
    let invalid = OwnServer::new(&client).base_url("http://acme.test").await;
    assert!(invalid.unwrap_err().is_builder());
    assert!(server.take_requests().is_empty());
}

fn build_client(url: &str) -> Result<Client, Error> {
    ClientBuilder::new(&API_WITHOUT_AUTH).base_url(url).build()
}

async fn target(server: &StubServer, base: &str) -> String {
    let client = build_client(base).unwrap();
    Part::new(&client, "a", "b").await.unwrap();
    server.take_single_request().target
}

#[tokio::test]
async fn joins_base_url_and_path_with_one_slash() {
    let server = StubServer::start();
    for (end, path) in [
        ("", "/v1/items/a/parts/b"),
        ("/", "/v1/items/a/parts/b"),
        ("//", "/v1/items/a/parts/b"),
        ("/prefix", "/prefix/v1/items/a/parts/b"),
        ("/prefix/", "/prefix/v1/items/a/parts/b"),
        ("/a/b//", "/a/b/v1/items/a/parts/b"),
        ("/a/../b", "/b/v1/items/a/parts/b"),
        ("/a%20b", "/a%20b/v1/items/a/parts/b"),
    ] {
        let base = format!("{}{end}", server.url());
        assert_eq!(target(&server, &base).await, path, "{base}");
    }
}

#[tokio::test]
async fn rejects_too_long_url() {
    let server = StubServer::start();
    let long = "a".repeat(70_000);
    let error = Part::new(&server.client(), long, "x").await.unwrap_err();
    assert!(error.is_builder(), "{error}");
    assert!(server.take_requests().is_empty());
}

#[tokio::test]
async fn encodes_path_parameter_as_one_segment() {
    let server = StubServer::start();
    let client = server.client();
    for (value, sent) in [
        ("a/b", "a%2Fb"),
        ("/", "%2F"),
        ("../..", "..%2F.."),
        ("%2f", "%252f"),
        ("%2e%2e", "%252e%252e"),
        ("..%2f", "..%252f"),
        ("a\\b", "a%5Cb"),
        ("a?b=c&d", "a%3Fb%3Dc%26d"),
        ("a#b", "a%23b"),
        ("a;b,c:d@e", "a%3Bb%2Cc%3Ad%40e"),
        ("ü 日", "%C3%BC%20%E6%97%A5"),
        ("{part}", "%7Bpart%7D"),
        ("a\r\nb\0", "a%0D%0Ab%00"),
        ("...", "..."),
        (".a", ".a"),
        ("a-b_c~d.e", "a-b_c~d.e"),
        (" ", "%20"),
    ] {
        Part::new(&client, value, "x").await.unwrap();
        let target = server.take_single_request().target;
        assert_eq!(target, format!("/v1/items/{sent}/parts/x"), "{value:?}");
    }
}

#[tokio::test]
async fn rejects_empty_and_dot_segments() {
    let server = StubServer::start();
    let client = server.client();
    for value in ["", ".", ".."] {
        for (id, part, name) in [(value, "x", "id"), ("x", value, "part")] {
            let error = Part::new(&client, id, part).await.unwrap_err();
            assert!(error.is_builder());
            assert_eq!(
                error.to_string(),
                format!(
                    "GET /v1/items/{{id}}/parts/{{part}}: invalid path parameter `{name}`: empty, or a dot segment"
                )
            );
        }
    }
    // The first invalid parameter is reported.
    let error = Part::new(&client, "", "..").await.unwrap_err();
    assert!(error.to_string().contains("`id`"), "{error}");
    assert!(server.take_requests().is_empty());
}

#[tokio::test]
async fn allow_slash_keeps_slashes_but_not_dot_segments() {
    let server = StubServer::start();
    let client = server.client();
    for (value, sent) in [
        ("a/b:c@d", "a/b:c@d"),
        ("a?b#c", "a%3Fb%23c"),
        ("a/%2e%2e/b", "a/%252e%252e/b"),
        ("a\\..\\b", "a%5C..%5Cb"),
    ] {
        Reserved::new(&client, value).await.unwrap();
        assert_eq!(
            server.take_single_request().target,
            format!("/files/{sent}")
        );
    }
    for value in ["", "..", "../a", "a/../b", "a/.", "./a"] {
        let error = Reserved::new(&client, value).await.unwrap_err();
        assert!(error.is_builder(), "{value}");
    }
    assert!(server.take_requests().is_empty());
}

#[tokio::test]
async fn allow_reserved_keeps_what_does_not_end_a_segment() {
    let server = StubServer::start();
    let client = server.client();
    for (value, sent) in [
        ("a:b@c;d=e,f+g!h&i$(j)*'k", "a:b@c;d=e,f+g!h&i$(j)*'k"),
        ("a/b?c#d", "a%2Fb%3Fc%23d"),
        ("100% [x]", "100%25%20%5Bx%5D"),
    ] {
        ReservedSegment::new(&client, value).await.unwrap();
        assert_eq!(
            server.take_single_request().target,
            format!("/segments/{sent}")
        );
    }
}

#[tokio::test]
async fn expands_unusual_templates() {
    let server = StubServer::start();
    let client = server.client();
    UnusualTemplate::new(&client, "x", -1).await.unwrap();
    assert_eq!(server.take_single_request().target, "/v1/x.-1/?fixed=1");
    UnusualTemplate::new(&client, "x", 2)
        .q("a=b")
        .await
        .unwrap();
    assert_eq!(
        server.take_single_request().target,
        "/v1/x.2/?fixed=1&q=a%3Db"
    );
    let error = MissingParameter::new(&client).await.unwrap_err();
    assert!(error.is_builder());
    let expected = "GET /hole/{forgotten}: missing path variable `forgotten`";
    assert_eq!(error.to_string(), expected);
}

#[tokio::test]
async fn operation_server_applies_unless_base_url_is_set() {
    static SERVED: Api = Api {
        servers: &[observatory_runtime::spec::Server {
            name: "default",
            url: "https://api.example.invalid",
            key_prefix: None,
        }],
        ..stub_server::api(&[])
    };
    // Neither server exists; the error shows which one was tried.
    let client = ClientBuilder::<Client>::new(&SERVED).build().unwrap();
    assert_eq!(client.base_url(), "https://api.example.invalid");
    let error = OwnServer::new(&client).await.unwrap_err();
    assert!(error.to_string().contains("refused"), "{error}");
    let copy = ClientBuilder::<Client>::from_client(&client)
        .build()
        .unwrap();
    let error = OwnServer::new(&copy).await.unwrap_err();
    assert!(error.to_string().contains("refused"), "{error}");
    let server = StubServer::start();
    OwnServer::new(&server.client()).await.unwrap();
    assert_eq!(server.take_single_request().target, "/elsewhere");
}

#[test]
fn rejects_invalid_base_urls() {
    for (url, reason) in [
        ("", "invalid base URL"),
        ("api.example.com", "invalid base URL `api.example.com`"),
        ("https://", "invalid base URL"),
        ("https://a b.com", "invalid base URL"),
        ("https://a.com:99999", "invalid base URL"),
        ("localhost:8080", "must be https"),
        ("ftp://a.com", "must be https"),
        ("file:///etc", "must be https"),
        ("mailto:a", "must be https"),
        ("https://a.com?x=1", "query"),
        ("https://a.com/#x", "fragment"),
        ("https://user@a.com", "user"),
        ("https://:password@a.com", "user"),
    ] {
        let error = build_client(url).unwrap_err();
        assert!(error.is_builder());
        assert!(error.to_string().contains(reason), "{url}: {error}");
    }
}

#[test]
fn allows_http_only_for_loopback() {
    for url in [
        "http://localhost",
        "http://LOCALHOST:8088",
        "http://api.localhost",
        "http://127.0.0.1",
        "http://127.1.2.3:80",
        "http://[::1]:80",
    ] {
        assert!(build_client(url).is_ok(), "{url}");
    }
    for url in [
        "http://example.com",
        "http://127.example.com",
        "http://127.0.0.1.example.com",
        "http://localhost.example.com",
        "http://notlocalhost",
        "http://10.0.0.1",
        "http://[::2]",
    ] {
        let error = build_client(url).unwrap_err();
        assert!(error.to_string().contains("unencrypted"), "{url}: {error}");
        let builder = ClientBuilder::<Client>::new(&API_WITHOUT_AUTH).base_url(url);
        assert!(builder.allow_http(true).build().is_ok(), "{url}");
    }
}

#[test]
fn appends_missing_base_url_suffix() {
    static API: Api = Api {
        base_url: BaseUrlSource {
            env: &[],
            suffix: Some("/api/public"),
            derive: None,
        },
        ..stub_server::api(&[])
    };
    for (url, expected) in [
        ("https://a.com", "https://a.com/api/public"),
        ("https://a.com/", "https://a.com/api/public"),
        ("https://a.com/api/public", "https://a.com/api/public"),
        ("https://a.com/api/public/", "https://a.com/api/public"),
        ("https://a.com/x", "https://a.com/x/api/public"),
        (
            "https://a.com/myapi/public",
            "https://a.com/myapi/public/api/public",
        ),
        ("https://a.com/x/api/public", "https://a.com/x/api/public"),
    ] {
        let client = ClientBuilder::<Client>::new(&API).base_url(url).build();
        assert_eq!(client.unwrap().base_url(), expected);
    }
    static SHORT: Api = Api {
        base_url: BaseUrlSource {
            env: &[],
            suffix: Some("v1/"),
            derive: None,
        },
        ..stub_server::api(&[])
    };
    let client = ClientBuilder::<Client>::new(&SHORT).base_url("https://v1");
    assert_eq!(client.build().unwrap().base_url(), "https://v1/v1");
}
