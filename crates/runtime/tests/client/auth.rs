//! Credentials: where they come from, which are chosen, and how they travel.

use observatory_runtime::spec::{Api, Scheme, SchemeKind};
use observatory_runtime::{Client, ClientBuilder, Empty, Endpoint, Error};

use crate::support::stub_server::{self, ReceivedRequest, StubServer, api};

const fn scheme(id: &'static str, kind: SchemeKind, env: &'static [&'static str]) -> Scheme {
    Scheme {
        id,
        kind,
        env,
        password_env: &[],
    }
}

const fn header(name: &'static str, prefix: &'static str) -> SchemeKind {
    SchemeKind::Header { name, prefix }
}

static ALL: Api = api(&[
    scheme(
        "key",
        header("X-Api-Key", ""),
        &["PEER_API_KEY", "PEER_KEY"],
    ),
    scheme("token", header("Authorization", "Token "), &[]),
    scheme("bearer", SchemeKind::Bearer, &["PEER_TOKEN"]),
    Scheme {
        id: "basic",
        kind: SchemeKind::Basic,
        env: &["PEER_USER"],
        password_env: &["PEER_PASSWORD"],
    },
    scheme("query", SchemeKind::Query { name: "key" }, &[]),
    scheme("cookie", SchemeKind::Cookie { name: "session" }, &[]),
    scheme("mutual", SchemeKind::Other, &[]),
]);

/// An operation, by the alternatives that it takes.
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
operation!(Nobody);
operation!(ByKey, ("key"));
operation!(ByToken, ("token"));
operation!(ByBearer, ("bearer"));
operation!(ByBasic, ("basic"));
operation!(ByQuery, ("query"));
operation!(ByCookie, ("cookie"));
operation!(ByTransport, ("mutual"));
operation!(KeyOrBearerOrBasic, ("key"), ("bearer"), ("basic"));
operation!(KeyAndToken, ("key", "bearer"), ("basic"));
operation!(AnyoneOrKey, (), ("key"));
operation!(TransportOrKey, ("mutual"), ("key"));

fn builder(peer: &StubServer) -> ClientBuilder<Client> {
    peer.builder(&ALL)
}

/// What comes when the operation is sent.
macro_rules! sent {
    ($operation:ident, $builder:expr, $peer:expr) => {{
        $operation::new(&$builder.build().unwrap()).await.unwrap();
        $peer.take_single_request()
    }};
}

/// Every credential that a request holds.
fn proofs(sent: &ReceivedRequest) -> Vec<(&str, &str)> {
    let all = ["x-api-key", "authorization", "cookie"].into_iter();
    let mut found: Vec<_> = all
        .filter_map(|name| Some((name, sent.header(name)?)))
        .collect();
    if let Some((_, query)) = sent.target.split_once('?') {
        found.push(("query", query));
    }
    found
}

fn refused(builder: ClientBuilder<Client>) -> Error {
    let error = builder.build().unwrap_err();
    assert!(error.is_builder());
    error
}

#[tokio::test]
async fn each_scheme_puts_its_credential_where_it_belongs() {
    let peer = StubServer::start();
    let sent = sent!(ByKey, builder(&peer).credential("key", "k1"), peer);
    assert_eq!(proofs(&sent), [("x-api-key", "k1")]);
    let sent = sent!(ByToken, builder(&peer).credential("token", "k2"), peer);
    assert_eq!(proofs(&sent), [("authorization", "Token k2")]);
    let sent = sent!(ByBearer, builder(&peer).bearer_token("k3"), peer);
    assert_eq!(proofs(&sent), [("authorization", "Bearer k3")]);
    let sent = sent!(
        ByBasic,
        builder(&peer).basic_auth("Aladdin", "open sesame"),
        peer
    );
    let expected = "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==";
    assert_eq!(proofs(&sent), [("authorization", expected)]);
    let sent = sent!(ByQuery, builder(&peer).credential("query", "a&b=c d"), peer);
    assert_eq!(proofs(&sent), [("query", "key=a%26b%3Dc%20d")]);
    let sent = sent!(ByCookie, builder(&peer).credential("cookie", "k5"), peer);
    assert_eq!(proofs(&sent), [("cookie", "session=k5")]);
}

#[tokio::test]
async fn an_operation_gets_no_credential_it_did_not_ask_for() {
    let peer = StubServer::start();
    let all = || builder(&peer).api_key("k").bearer_token("t");
    assert_eq!(proofs(&sent!(Nobody, all(), peer)), []);
    assert_eq!(proofs(&sent!(ByKey, all(), peer)), [("x-api-key", "k")]);
    let bearer = [("authorization", "Bearer t")];
    assert_eq!(proofs(&sent!(ByBearer, all(), peer)), bearer);
}

#[tokio::test]
async fn basic_auth_takes_any_text() {
    let peer = StubServer::start();
    for (user, password, encoded) in [
        ("u", "p:q", "dTpwOnE="),
        ("u", "", "dTo="),
        ("ü", "ß", "w7w6w58="),
        ("ab", "cd", "YWI6Y2Q="),
    ] {
        let sent = sent!(ByBasic, builder(&peer).basic_auth(user, password), peer);
        let expected = format!("Basic {encoded}");
        assert_eq!(sent.header("authorization"), Some(expected.as_str()));
    }
    let error = refused(builder(&peer).basic_auth("u:v", "p"));
    assert!(error.to_string().contains("colon"), "{error}");
}

#[tokio::test]
async fn a_prefix_that_was_pasted_along_is_not_doubled() {
    let peer = StubServer::start();
    let sent = sent!(ByBearer, builder(&peer).bearer_token("Bearer k"), peer);
    assert_eq!(sent.header("authorization"), Some("Bearer k"));
    let sent = sent!(ByToken, builder(&peer).credential("token", "token k"), peer);
    assert_eq!(sent.header("authorization"), Some("token k"));
}

#[tokio::test]
async fn the_first_alternative_with_all_its_credentials_wins() {
    let peer = StubServer::start();
    let bearer = || builder(&peer).bearer_token("t");
    let basic = || builder(&peer).basic_auth("u", "p");
    type Case = KeyOrBearerOrBasic;
    let sent = sent!(Case, bearer().basic_auth("u", "p").api_key("k"), peer);
    assert_eq!(proofs(&sent), [("x-api-key", "k")]);
    let sent = sent!(Case, basic().bearer_token("t"), peer);
    assert_eq!(proofs(&sent), [("authorization", "Bearer t")]);
    let sent = sent!(Case, basic(), peer);
    assert_eq!(proofs(&sent), [("authorization", "Basic dTpw")]);
    // Half of an alternative is not sent.
    let sent = sent!(KeyAndToken, basic().api_key("k"), peer);
    assert_eq!(proofs(&sent), [("authorization", "Basic dTpw")]);
    let sent = sent!(KeyAndToken, bearer().api_key("k"), peer);
    let both = [("x-api-key", "k"), ("authorization", "Bearer t")];
    assert_eq!(proofs(&sent), both);
}

#[tokio::test]
async fn who_may_stay_nobody_is_somebody_where_that_is_known() {
    let peer = StubServer::start();
    let sent = sent!(AnyoneOrKey, builder(&peer), peer);
    assert_eq!(proofs(&sent), []);
    let sent = sent!(AnyoneOrKey, builder(&peer).api_key("k"), peer);
    assert_eq!(proofs(&sent), [("x-api-key", "k")]);
}

#[tokio::test]
async fn what_a_transport_sees_to_needs_no_credential() {
    let peer = StubServer::start();
    assert_eq!(proofs(&sent!(ByTransport, builder(&peer), peer)), []);
    let sent = sent!(TransportOrKey, builder(&peer).api_key("k"), peer);
    assert_eq!(proofs(&sent), [("x-api-key", "k")]);
    let error = refused(builder(&peer).credential("mutual", "k"));
    assert!(error.to_string().contains("transport"), "{error}");
}

#[tokio::test]
async fn without_a_credential_nothing_is_sent() {
    let peer = StubServer::start();
    let client = builder(&peer).credential("query", "k").build().unwrap();
    let error = KeyAndToken::new(&client).await.unwrap_err();
    assert!(error.is_builder());
    assert_eq!(
        error.to_string(),
        "GET /who: no credential is set; the operation takes `key` (PEER_API_KEY, PEER_KEY) and `bearer` (PEER_TOKEN) \
         or `basic` (PEER_USER, PEER_PASSWORD)"
    );
    assert!(peer.take_requests().is_empty());
}

#[tokio::test]
async fn another_header_takes_the_key() {
    let peer = StubServer::start();
    let named = builder(&peer).api_key("k").auth_header("X-Other-Key");
    let sent = sent!(ByKey, named, peer);
    assert_eq!(sent.header("x-other-key"), Some("k"));
    assert_eq!(sent.header("x-api-key"), None);
    // The other header schemes keep theirs.
    let named = builder(&peer)
        .credential("token", "t")
        .auth_header("X-Other-Key");
    let sent = sent!(ByToken, named, peer);
    assert_eq!(sent.header("authorization"), Some("Token t"));
    refused(builder(&peer).auth_header("no header"));
    static BEARER: Api = api(&[scheme("bearer", SchemeKind::Bearer, &[])]);
    refused(peer.builder(&BEARER).auth_header("X-Key"));
}

#[test]
fn what_is_no_credential_is_refused_before_anything_is_sent() {
    let peer = StubServer::start();
    refused(builder(&peer).api_key(""));
    refused(builder(&peer).bearer_token(" \n"));
    refused(builder(&peer).credential("basic", "p"));
    let error = refused(builder(&peer).credential("kye", "k"));
    assert!(error.to_string().contains("`kye`"), "{error}");
    refused(peer.builder(&stub_server::API_WITHOUT_AUTH).api_key("k"));
    refused(
        peer.builder(&stub_server::API_WITHOUT_AUTH)
            .basic_auth("u", "p"),
    );
    refused(
        peer.builder(&stub_server::API_WITHOUT_AUTH)
            .bearer_token("t"),
    );
}

#[test]
fn a_key_that_cannot_travel_in_a_header_is_refused() {
    let peer = StubServer::start();
    let client = builder(&peer).api_key("k1\r\nX-Evil: 1").build();
    let error = client.unwrap_err();
    assert!(
        error.is_builder() && !error.to_string().contains("k1"),
        "{error}"
    );
    assert!(peer.take_requests().is_empty());
}

#[tokio::test]
async fn the_key_is_for_the_first_scheme_that_takes_one() {
    static BASIC_FIRST: Api = api(&[
        scheme("mutual", SchemeKind::Other, &[]),
        scheme("basic", SchemeKind::Basic, &[]),
        scheme("key", header("X-Api-Key", ""), &[]),
    ]);
    let peer = StubServer::start();
    let sent = sent!(ByKey, peer.builder(&BASIC_FIRST).api_key("k"), peer);
    assert_eq!(proofs(&sent), [("x-api-key", "k")]);
}

#[tokio::test]
async fn what_is_set_last_counts_and_what_is_wrong_first_is_told() {
    let peer = StubServer::start();
    let sent = sent!(ByKey, builder(&peer).api_key("k1").api_key("k2"), peer);
    assert_eq!(proofs(&sent), [("x-api-key", "k2")]);
    let agent = builder(&peer).header("user-agent", "mine").api_key("k");
    let agent = agent.header("X-Api-Key", "not this one");
    let sent = sent!(ByKey, agent, peer);
    assert_eq!(sent.header("user-agent"), Some("mine"));
    assert_eq!(proofs(&sent), [("x-api-key", "k")]);
    let error = refused(builder(&peer).server("moon").api_key(""));
    assert!(error.to_string().contains("`moon`"), "{error}");
}

#[tokio::test]
async fn cookies_join_those_of_every_request() {
    let peer = StubServer::start();
    let both = builder(&peer)
        .header("cookie", "a=1")
        .credential("cookie", "k");
    let sent = sent!(ByCookie, both, peer);
    assert_eq!(sent.header("cookie"), Some("a=1; session=k"));
    // A token is no text to encode: not every server would decode it.
    let token = builder(&peer).credential("cookie", "eyJh.b+c/d==");
    let sent = sent!(ByCookie, token, peer);
    assert_eq!(sent.header("cookie"), Some("session=eyJh.b+c/d=="));
}
