//! Clients that are configured from the environment: credentials and the base URL.

use observatory_runtime::spec::{
    Api, BaseUrlSource, DerivedUrl, OtherHeader, SchemeKind, SecurityScheme, Server, UrlRule,
};
use observatory_runtime::{Client, ClientBuilder, Empty, Endpoint, Error};

use crate::support::stub_server::{self, StubServer};

static API: Api = Api {
    servers: &[
        Server {
            name: "us",
            url: "https://us.example.com",
            key_prefix: None,
        },
        Server {
            name: "eu",
            url: "https://eu.example.com/",
            key_prefix: Some("sk-eu-"),
        },
    ],
    base_url: BaseUrlSource {
        env: &["TEST_URL", "TEST_OLD_URL"],
        suffix: None,
        derive: Some(DerivedUrl {
            env: &["TEST_CONSOLE_URL", "TEST_APP_URL"],
            rules: &[
                UrlRule::Contains {
                    any: &["localhost", "127.0.0.1"],
                    url: "http://localhost:8088",
                },
                UrlRule::Replace {
                    from: "console",
                    to: "api",
                },
            ],
        }),
    },
    ..stub_server::api(&[
        SecurityScheme {
            id: "key",
            kind: SchemeKind::Header {
                name: "X-Api-Key",
                prefix: "",
            },
            env: &["TEST_KEY", "TEST_OLD_KEY"],
            password_env: &[],
            other_headers: &[OtherHeader {
                name: "X-Other-Key",
                env: &["TEST_OTHER_KEY", "TEST_THIRD_KEY"],
            }],
        },
        SecurityScheme {
            id: "basic",
            kind: SchemeKind::Basic,
            env: &["TEST_USER"],
            password_env: &["TEST_PASSWORD"],
            other_headers: &[],
        },
    ])
};

#[derive(Endpoint)]
#[endpoint(GET, "/who")]
#[endpoint(output = Empty)]
#[endpoint(auth("key"), auth("basic"))]
struct GetUser {
    client: Client,
}

fn builder(variables: &[(&str, &str)]) -> Result<ClientBuilder<Client>, Error> {
    ClientBuilder::new(&API).from_lookup(|name| {
        let found = variables.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| (*value).to_owned())
    })
}

/// Returns the credential that a client with these variables sends.
async fn sent_credential(variables: &[(&str, &str)]) -> Option<String> {
    let server = StubServer::start();
    let client = builder(variables).unwrap().base_url(server.url()).build();
    GetUser::new(&client.unwrap()).await.unwrap();
    let sent = server.take_single_request();
    let found = sent
        .header("x-api-key")
        .or_else(|| sent.header("authorization"));
    found.map(str::to_owned)
}

/// Returns the values of the headers `X-Api-Key` and `X-Other-Key` that a client sends.
async fn sent_keys(client: ClientBuilder<Client>, server: &StubServer) -> [Option<String>; 2] {
    let client = client.base_url(server.url()).build().unwrap();
    GetUser::new(&client).await.unwrap();
    let sent = server.take_single_request();
    ["x-api-key", "x-other-key"].map(|name| sent.header(name).map(str::to_owned))
}

fn base_url(variables: &[(&str, &str)]) -> String {
    let mut all = vec![("TEST_KEY", "k")];
    all.extend_from_slice(variables);
    let client = builder(&all).unwrap().build().unwrap();
    client.base_url().to_owned()
}

#[tokio::test]
async fn uses_first_variable_with_a_value() {
    let both = [("TEST_OLD_KEY", "old"), ("TEST_KEY", "new")];
    assert_eq!(sent_credential(&both).await.as_deref(), Some("new"));
    for blank in ["", "  ", "\n"] {
        let both = [("TEST_OLD_KEY", "old"), ("TEST_KEY", blank)];
        assert_eq!(sent_credential(&both).await.as_deref(), Some("old"));
    }
    // The value may end with a line break if it was read from a file.
    let padded = [("TEST_KEY", " k\n")];
    assert_eq!(sent_credential(&padded).await.as_deref(), Some("k"));
}

#[tokio::test]
async fn sends_key_in_header_of_its_variable() {
    let server = StubServer::start();
    let own = |key: &str| [Some(key.to_owned()), None];
    let other = |key: &str| [None, Some(key.to_owned())];
    for (variables, expected) in [
        (&[("TEST_KEY", "k")][..], own("k")),
        (&[("TEST_OTHER_KEY", "o")], other("o")),
        (&[("TEST_THIRD_KEY", "t")], other("t")),
        (&[("TEST_KEY", "k"), ("TEST_OTHER_KEY", "o")], own("k")),
        (&[("TEST_KEY", " "), ("TEST_OTHER_KEY", "o")], other("o")),
    ] {
        let client = builder(variables).unwrap();
        assert_eq!(sent_keys(client, &server).await, expected, "{variables:?}");
    }
    // The last source of the key decides.
    let other_key = |name: &str| (name == "TEST_OTHER_KEY").then(|| "o".to_owned());
    let client = builder(&[("TEST_KEY", "k")]).unwrap();
    let client = client.from_lookup(other_key).unwrap();
    assert_eq!(sent_keys(client, &server).await, other("o"));
    let client = builder(&[("TEST_OTHER_KEY", "o")]).unwrap();
    assert_eq!(sent_keys(client.api_key("k"), &server).await, own("k"));
    // A choice of the caller has precedence, in any order.
    let client = builder(&[("TEST_OTHER_KEY", "o")]).unwrap();
    let client = client.auth_header("X-Api-Key");
    assert_eq!(sent_keys(client, &server).await, own("o"));
    let client = ClientBuilder::new(&API).auth_header("X-Api-Key");
    let client = client.from_lookup(other_key).unwrap();
    assert_eq!(sent_keys(client, &server).await, own("o"));
}

#[tokio::test]
async fn requires_password_with_user() {
    let both = [("TEST_USER", "u"), ("TEST_PASSWORD", "p")];
    assert_eq!(sent_credential(&both).await.as_deref(), Some("Basic dTpw"));
    for half in [
        &[("TEST_USER", "u")][..],
        &[("TEST_PASSWORD", "p")],
        &[("TEST_USER", "u"), ("TEST_PASSWORD", " ")],
    ] {
        assert!(builder(half).unwrap_err().is_builder());
        let with_key = [half, &[("TEST_KEY", "k")]].concat();
        assert_eq!(sent_credential(&with_key).await.as_deref(), Some("k"));
    }
}

#[test]
fn names_variables_to_set_if_none_is_set() {
    for nothing in [&[][..], &[("TEST_KEY", "")], &[("TEST_URL", "https://a.b")]] {
        assert_eq!(
            builder(nothing).unwrap_err().to_string(),
            "no credential in the environment; set TEST_KEY or TEST_OLD_KEY or TEST_OTHER_KEY or TEST_THIRD_KEY or TEST_USER \
             and TEST_PASSWORD"
        );
    }
    // A credential that is set in code is enough.
    let by_hand = ClientBuilder::<Client>::new(&API).api_key("k");
    assert!(by_hand.from_lookup(|_| None).is_ok());
    // An API without variables needs none.
    let open = ClientBuilder::<Client>::new(&stub_server::API_WITHOUT_AUTH).base_url("https://a.b");
    assert!(open.from_env().is_ok());
}

#[derive(Endpoint)]
#[endpoint(GET, "/open")]
#[endpoint(output = Empty)]
#[endpoint(auth("key"), auth())]
struct GetOptional {
    client: Client,
}

/// A server of one's own may need no credential where the vendor's does.
#[tokio::test]
async fn needs_no_credential_if_no_operation_requires_one() {
    static OPTIONAL: Api = Api {
        requires_credential: false,
        ..stub_server::api(API.schemes)
    };
    for key in [None, Some("k")] {
        let server = StubServer::start();
        let lookup = |name: &str| key.filter(|_| name == "TEST_KEY").map(str::to_owned);
        let builder = ClientBuilder::<Client>::new(&OPTIONAL).from_lookup(lookup);
        let client = builder.unwrap().base_url(server.url()).build().unwrap();
        GetOptional::new(&client).await.unwrap();
        assert_eq!(server.take_single_request().header("x-api-key"), key);
    }
}

#[test]
fn reads_base_url_from_variables() {
    assert_eq!(
        base_url(&[("TEST_URL", "https://a.example.com/v1/")]),
        "https://a.example.com/v1"
    );
    assert_eq!(
        base_url(&[("TEST_URL", " https://a.example.com\n")]),
        "https://a.example.com"
    );
    let old = [
        ("TEST_URL", ""),
        ("TEST_OLD_URL", "https://old.example.com"),
    ];
    assert_eq!(base_url(&old), "https://old.example.com");
    // An explicit URL has precedence over a derived one.
    let both = [
        ("TEST_CONSOLE_URL", "https://console.x.com"),
        ("TEST_URL", "https://a.example.com"),
    ];
    assert_eq!(base_url(&both), "https://a.example.com");
    // A later setting in code has precedence.
    let set = builder(&[("TEST_KEY", "k"), ("TEST_URL", "https://a.example.com")]).unwrap();
    let client = set.base_url("https://b.example.com").build().unwrap();
    assert_eq!(client.base_url(), "https://b.example.com");
    let wrong = builder(&[("TEST_KEY", "k"), ("TEST_URL", "a.example.com")]).unwrap();
    assert!(wrong.build().unwrap_err().is_builder());
}

#[test]
fn derives_base_url_from_console_url() {
    for (console, url) in [
        (
            "https://console.acme.example.com/",
            "https://api.acme.example.com",
        ),
        (
            "https://console.acme.com/console",
            "https://api.acme.com/console",
        ),
        ("http://localhost:3000", "http://localhost:8088"),
        ("http://127.0.0.1:3000/console", "http://localhost:8088"),
        ("https://acme.example.com", "https://acme.example.com"),
        ("  ", "https://us.example.com"),
    ] {
        assert_eq!(base_url(&[("TEST_CONSOLE_URL", console)]), url, "{console}");
        assert_eq!(base_url(&[("TEST_APP_URL", console)]), url, "{console}");
    }
}

#[test]
fn selects_server_by_key_prefix() {
    for (key, url) in [
        ("sk-eu-123", "https://eu.example.com"),
        ("Bearer sk-eu-123", "https://eu.example.com"),
        ("sk-123", "https://us.example.com"),
        ("123-sk-eu-", "https://us.example.com"),
    ] {
        let client = ClientBuilder::<Client>::new(&API).api_key(key).build();
        assert_eq!(client.unwrap().base_url(), url, "{key}");
        let found = builder(&[("TEST_KEY", key)]).unwrap().build().unwrap();
        assert_eq!(found.base_url(), url, "{key}");
    }
}

#[test]
fn defaults_to_first_server_if_no_key_prefix_matches() {
    static KEYED: Api = Api {
        servers: &[
            Server {
                name: "us",
                url: "https://us.example.com",
                key_prefix: Some("us-"),
            },
            Server {
                name: "eu",
                url: "https://eu.example.com",
                key_prefix: Some("eu-"),
            },
        ],
        ..stub_server::api(API.schemes)
    };
    for (key, url) in [
        ("eu-1", "https://eu.example.com"),
        ("1", "https://us.example.com"),
    ] {
        let client = ClientBuilder::<Client>::new(&KEYED).api_key(key).build();
        assert_eq!(client.unwrap().base_url(), url);
    }
}

#[test]
fn selects_server_by_name() {
    let named = |name| {
        ClientBuilder::<Client>::new(&API)
            .api_key("sk-eu-1")
            .server(name)
    };
    assert_eq!(
        named("us").build().unwrap().base_url(),
        "https://us.example.com"
    );
    assert_eq!(
        named("eu").build().unwrap().base_url(),
        "https://eu.example.com"
    );
    let error = named("ap").build().unwrap_err().to_string();
    assert_eq!(error, "unknown server `ap`; available: us, eu");
    let error = ClientBuilder::<Client>::new(&stub_server::API_WITHOUT_AUTH)
        .build()
        .unwrap_err();
    assert!(error.to_string().contains("set `base_url`"), "{error}");
}
