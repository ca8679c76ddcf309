//! Credentials: which of them a request sends, and how.

use observatory_runtime::spec::{Api, SchemeKind, SecurityScheme};
use observatory_runtime::{Client, ClientBuilder, Empty, Endpoint, Error};

use crate::support::stub_server::{self, ReceivedRequest, StubServer, api};

const fn scheme(
    id: &'static str,
    kind: SchemeKind,
    env: &'static [&'static str],
) -> SecurityScheme {
    SecurityScheme {
        id,
        kind,
        env,
        password_env: &[],
        other_headers: &[],
    }
}

const fn header(name: &'static str, prefix: &'static str) -> SchemeKind {
    SchemeKind::Header { name, prefix }
}

static ALL: Api = api(&[
    scheme(
        "key",
        header("X-Api-Key", ""),
        &["TEST_API_KEY", "TEST_KEY"],
    ),
    scheme("token", header("Authorization", "Token "), &[]),
    scheme("bearer", SchemeKind::Bearer, &["TEST_TOKEN"]),
    SecurityScheme {
        id: "basic",
        kind: SchemeKind::Basic,
        env: &["TEST_USER"],
        password_env: &["TEST_PASSWORD"],
        other_headers: &[],
    },
    scheme("query", SchemeKind::Query { name: "key" }, &[]),
    scheme("cookie", SchemeKind::Cookie { name: "session" }, &[]),
    scheme("mutual", SchemeKind::Other, &[]),
]);

/// Defines an operation with these security alternatives.
macro_rules! operation {
    ($name:ident $(, ($($id:literal),*))*) => {
        #[derive(Endpoint)]
        #[endpoint(GET, "/who")]
        #[endpoint(output = Empty)]
        $(#[endpoint(auth($($id),*))])*
        struct $name {
            client: Client,
        }
    };
}
operation!(WithoutAuth);
operation!(ByKey, ("key"));
operation!(ByToken, ("token"));
operation!(ByBearer, ("bearer"));
operation!(ByBasic, ("basic"));
operation!(ByQuery, ("query"));
operation!(ByCookie, ("cookie"));
operation!(ByMutualTls, ("mutual"));
operation!(KeyOrBearerOrBasic, ("key"), ("bearer"), ("basic"));
operation!(KeyAndToken, ("key", "bearer"), ("basic"));
operation!(OptionalKey, (), ("key"));
operation!(MutualTlsOrKey, ("mutual"), ("key"));

fn builder(server: &StubServer) -> ClientBuilder<Client> {
    server.builder(&ALL)
}

/// Sends the operation and returns the request that the server received.
macro_rules! send_once {
    ($operation:ident, $builder:expr, $server:expr) => {{
        $operation::new(&$builder.build().unwrap()).await.unwrap();
        $server.take_single_request()
    }};
}

/// Returns all credentials of a request.
fn credentials(request: &ReceivedRequest) -> Vec<(&str, &str)> {
    let all = ["x-api-key", "authorization", "cookie"].into_iter();
    let mut found: Vec<_> = all
        .filter_map(|name| Some((name, request.header(name)?)))
        .collect();
    if let Some((_, query)) = request.target.split_once('?') {
        found.push(("query", query));
    }
    found
}

fn build_error(builder: ClientBuilder<Client>) -> Error {
    let error = builder.build().unwrap_err();
    assert!(error.is_builder());
    error
}

static TOKENS: Api = api(&[
    scheme("oidc", SchemeKind::Bearer, &[]),
    scheme("key", header("X-Api-Key", ""), &[]),
    scheme("oauth", SchemeKind::Bearer, &[]),
]);
operation!(ByOAuth, ("oauth"));
operation!(ByOpenIdConnect, ("oidc"));
operation!(OAuthOrNothing, ("oauth"), ());

#[tokio::test]
async fn bearer_token_serves_all_schemes_that_send_it() {
    let server = StubServer::start();
    let expected = [("authorization", "Bearer t")];
    let with_token = || server.builder(&TOKENS).bearer_token("t");
    let request = send_once!(ByOAuth, with_token(), server);
    assert_eq!(credentials(&request), expected);
    let request = send_once!(ByOpenIdConnect, with_token(), server);
    assert_eq!(credentials(&request), expected);
    // Optional credentials are sent when there are some.
    let request = send_once!(OAuthOrNothing, with_token(), server);
    assert_eq!(credentials(&request), expected);
    let request = send_once!(OAuthOrNothing, server.builder(&TOKENS), server);
    assert_eq!(credentials(&request), []);
    // The first scheme that takes a key is a bearer token here.
    let request = send_once!(ByOAuth, server.builder(&TOKENS).api_key("t"), server);
    assert_eq!(credentials(&request), expected);
}

#[tokio::test]
async fn sends_credential_of_each_scheme() {
    let server = StubServer::start();
    let request = send_once!(ByKey, builder(&server).credential("key", "k1"), server);
    assert_eq!(credentials(&request), [("x-api-key", "k1")]);
    let request = send_once!(ByToken, builder(&server).credential("token", "k2"), server);
    assert_eq!(credentials(&request), [("authorization", "Token k2")]);
    let request = send_once!(ByBearer, builder(&server).bearer_token("k3"), server);
    assert_eq!(credentials(&request), [("authorization", "Bearer k3")]);
    let request = send_once!(
        ByBasic,
        builder(&server).basic_auth("Aladdin", "open sesame"),
        server
    );
    let expected = "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==";
    assert_eq!(credentials(&request), [("authorization", expected)]);
    let request = send_once!(
        ByQuery,
        builder(&server).credential("query", "a&b=c d"),
        server
    );
    assert_eq!(credentials(&request), [("query", "key=a%26b%3Dc%20d")]);
    let request = send_once!(
        ByCookie,
        builder(&server).credential("cookie", "k5"),
        server
    );
    assert_eq!(credentials(&request), [("cookie", "session=k5")]);
}

#[tokio::test]
async fn sends_only_credentials_that_the_operation_requires() {
    let server = StubServer::start();
    let all = || builder(&server).api_key("k").bearer_token("t");
    assert_eq!(credentials(&send_once!(WithoutAuth, all(), server)), []);
    assert_eq!(
        credentials(&send_once!(ByKey, all(), server)),
        [("x-api-key", "k")]
    );
    let bearer = [("authorization", "Bearer t")];
    assert_eq!(credentials(&send_once!(ByBearer, all(), server)), bearer);
}

#[tokio::test]
async fn encodes_basic_auth() {
    let server = StubServer::start();
    for (user, password, encoded) in [
        ("u", "p:q", "dTpwOnE="),
        ("u", "", "dTo="),
        ("ü", "ß", "w7w6w58="),
        ("ab", "cd", "YWI6Y2Q="),
    ] {
        let request = send_once!(ByBasic, builder(&server).basic_auth(user, password), server);
        let expected = format!("Basic {encoded}");
        assert_eq!(request.header("authorization"), Some(expected.as_str()));
    }
    let error = build_error(builder(&server).basic_auth("u:v", "p"));
    assert!(error.to_string().contains("colon"), "{error}");
}

#[tokio::test]
async fn does_not_repeat_prefix_of_pasted_token() {
    let server = StubServer::start();
    let request = send_once!(ByBearer, builder(&server).bearer_token("Bearer k"), server);
    assert_eq!(request.header("authorization"), Some("Bearer k"));
    let request = send_once!(
        ByToken,
        builder(&server).credential("token", "token k"),
        server
    );
    assert_eq!(request.header("authorization"), Some("token k"));
}

#[tokio::test]
async fn uses_first_alternative_with_all_credentials() {
    let server = StubServer::start();
    let bearer = || builder(&server).bearer_token("t");
    let basic = || builder(&server).basic_auth("u", "p");
    type Case = KeyOrBearerOrBasic;
    let request = send_once!(Case, bearer().basic_auth("u", "p").api_key("k"), server);
    assert_eq!(credentials(&request), [("x-api-key", "k")]);
    let request = send_once!(Case, basic().bearer_token("t"), server);
    assert_eq!(credentials(&request), [("authorization", "Bearer t")]);
    let request = send_once!(Case, basic(), server);
    assert_eq!(credentials(&request), [("authorization", "Basic dTpw")]);
    // An incomplete alternative is not used.
    let request = send_once!(KeyAndToken, basic().api_key("k"), server);
    assert_eq!(credentials(&request), [("authorization", "Basic dTpw")]);
    let request = send_once!(KeyAndToken, bearer().api_key("k"), server);
    let both = [("x-api-key", "k"), ("authorization", "Bearer t")];
    assert_eq!(credentials(&request), both);
}

#[tokio::test]
async fn sends_optional_credential_if_set() {
    let server = StubServer::start();
    let request = send_once!(OptionalKey, builder(&server), server);
    assert_eq!(credentials(&request), []);
    let request = send_once!(OptionalKey, builder(&server).api_key("k"), server);
    assert_eq!(credentials(&request), [("x-api-key", "k")]);
}

#[tokio::test]
async fn leaves_mutual_tls_to_the_transport() {
    let server = StubServer::start();
    assert_eq!(
        credentials(&send_once!(ByMutualTls, builder(&server), server)),
        []
    );
    let request = send_once!(MutualTlsOrKey, builder(&server).api_key("k"), server);
    assert_eq!(credentials(&request), [("x-api-key", "k")]);
    let error = build_error(builder(&server).credential("mutual", "k"));
    assert!(error.to_string().contains("transport"), "{error}");
}

#[tokio::test]
async fn sends_nothing_without_required_credential() {
    let server = StubServer::start();
    let client = builder(&server).credential("query", "k").build().unwrap();
    let error = KeyAndToken::new(&client).await.unwrap_err();
    assert!(error.is_builder());
    assert_eq!(
        error.to_string(),
        "GET /who: no credential is set; the operation requires `key` (TEST_API_KEY, TEST_KEY) and `bearer` (TEST_TOKEN) \
         or `basic` (TEST_USER, TEST_PASSWORD)"
    );
    assert!(server.take_requests().is_empty());
}

#[tokio::test]
async fn auth_header_replaces_header_of_api_key() {
    let server = StubServer::start();
    let named = builder(&server).api_key("k").auth_header("X-Other-Key");
    let request = send_once!(ByKey, named, server);
    assert_eq!(request.header("x-other-key"), Some("k"));
    assert_eq!(request.header("x-api-key"), None);
    // Other header schemes keep their header.
    let named = builder(&server)
        .credential("token", "t")
        .auth_header("X-Other-Key");
    let request = send_once!(ByToken, named, server);
    assert_eq!(request.header("authorization"), Some("Token t"));
    build_error(builder(&server).auth_header("no header"));
    static BEARER: Api = api(&[scheme("bearer", SchemeKind::Bearer, &[])]);
    build_error(server.builder(&BEARER).auth_header("X-Key"));
}

#[test]
fn rejects_invalid_credentials_when_building_client() {
    let server = StubServer::start();
    build_error(builder(&server).api_key(""));
    build_error(builder(&server).bearer_token(" \n"));
    build_error(builder(&server).credential("basic", "p"));
    let error = build_error(builder(&server).credential("kye", "k"));
    assert!(error.to_string().contains("`kye`"), "{error}");
    build_error(server.builder(&stub_server::API_WITHOUT_AUTH).api_key("k"));
    build_error(
        server
            .builder(&stub_server::API_WITHOUT_AUTH)
            .basic_auth("u", "p"),
    );
    build_error(
        server
            .builder(&stub_server::API_WITHOUT_AUTH)
            .bearer_token("t"),
    );
}

#[test]
fn rejects_key_with_line_break() {
    let server = StubServer::start();
    let client = builder(&server).api_key("k1\r\nX-Evil: 1").build();
    let error = client.unwrap_err();
    assert!(
        error.is_builder() && !error.to_string().contains("k1"),
        "{error}"
    );
    assert!(server.take_requests().is_empty());
}

#[tokio::test]
async fn api_key_applies_to_first_scheme_with_one_value() {
    static BASIC_FIRST: Api = api(&[
        scheme("mutual", SchemeKind::Other, &[]),
        scheme("basic", SchemeKind::Basic, &[]),
        scheme("key", header("X-Api-Key", ""), &[]),
    ]);
    let server = StubServer::start();
    let request = send_once!(ByKey, server.builder(&BASIC_FIRST).api_key("k"), server);
    assert_eq!(credentials(&request), [("x-api-key", "k")]);
}

#[tokio::test]
async fn last_setting_wins_and_first_error_is_reported() {
    let server = StubServer::start();
    let request = send_once!(ByKey, builder(&server).api_key("k1").api_key("k2"), server);
    assert_eq!(credentials(&request), [("x-api-key", "k2")]);
    let agent = builder(&server).header("user-agent", "mine").api_key("k");
    let agent = agent.header("X-Api-Key", "not this one");
    let request = send_once!(ByKey, agent, server);
    assert_eq!(request.header("user-agent"), Some("mine"));
    assert_eq!(credentials(&request), [("x-api-key", "k")]);
    let error = build_error(builder(&server).server("moon").api_key(""));
    assert!(error.to_string().contains("`moon`"), "{error}");
}

#[tokio::test]
async fn joins_credential_cookie_with_default_cookies() {
    let server = StubServer::start();
    let both = builder(&server)
        .header("cookie", "a=1")
        .credential("cookie", "k");
    let request = send_once!(ByCookie, both, server);
    assert_eq!(request.header("cookie"), Some("a=1; session=k"));
    // A token is not percent-encoded, because some servers would not decode it.
    let token = builder(&server).credential("cookie", "eyJh.b+c/d==");
    let request = send_once!(ByCookie, token, server);
    assert_eq!(request.header("cookie"), Some("session=eyJh.b+c/d=="));
}
