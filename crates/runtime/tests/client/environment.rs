//! A client set up from the environment: credentials, and the base URL that is stated, derived or told by the key.

use observatory_runtime::spec::{Api, BaseUrl, DerivedUrl, Scheme, SchemeKind, Server, UrlRule};
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
    base_url: BaseUrl {
        env: &["PEER_URL", "PEER_OLD_URL"],
        suffix: None,
        derive: Some(DerivedUrl {
            env: "PEER_CONSOLE_URL",
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
        Scheme {
            id: "key",
            kind: SchemeKind::Header {
                name: "X-Api-Key",
                prefix: "",
            },
            env: &["PEER_KEY", "PEER_OLD_KEY"],
            password_env: &[],
        },
        Scheme {
            id: "basic",
            kind: SchemeKind::Basic,
            env: &["PEER_USER"],
            password_env: &["PEER_PASSWORD"],
        },
    ])
};

#[derive(Endpoint)]
#[endpoint(GET, "/who")]
#[endpoint(output = Empty)]
#[endpoint(auth("key"), auth("basic"))]
struct Who {
    client: Client,
}

fn builder(variables: &[(&str, &str)]) -> Result<ClientBuilder<Client>, Error> {
    ClientBuilder::new(&API).from_lookup(|name| {
        let found = variables.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| (*value).to_owned())
    })
}

/// The header with the proof that such a client sends.
async fn proof(variables: &[(&str, &str)]) -> Option<String> {
    let peer = StubServer::start();
    let client = builder(variables).unwrap().base_url(peer.url()).build();
    Who::new(&client.unwrap()).await.unwrap();
    let sent = peer.take_single_request();
    let found = sent
        .header("x-api-key")
        .or_else(|| sent.header("authorization"));
    found.map(str::to_owned)
}

fn base_url(variables: &[(&str, &str)]) -> String {
    let mut all = vec![("PEER_KEY", "k")];
    all.extend_from_slice(variables);
    let client = builder(&all).unwrap().build().unwrap();
    client.base_url().to_owned()
}

#[tokio::test]
async fn the_first_variable_that_holds_something_wins() {
    let both = [("PEER_OLD_KEY", "old"), ("PEER_KEY", "new")];
    assert_eq!(proof(&both).await.as_deref(), Some("new"));
    for blank in ["", "  ", "\n"] {
        let both = [("PEER_OLD_KEY", "old"), ("PEER_KEY", blank)];
        assert_eq!(proof(&both).await.as_deref(), Some("old"));
    }
    // A file that ends with a line break was read into it.
    let padded = [("PEER_KEY", " k\n")];
    assert_eq!(proof(&padded).await.as_deref(), Some("k"));
}

#[tokio::test]
async fn a_user_counts_with_a_password_alone() {
    let both = [("PEER_USER", "u"), ("PEER_PASSWORD", "p")];
    assert_eq!(proof(&both).await.as_deref(), Some("Basic dTpw"));
    for half in [
        &[("PEER_USER", "u")][..],
        &[("PEER_PASSWORD", "p")],
        &[("PEER_USER", "u"), ("PEER_PASSWORD", " ")],
    ] {
        assert!(builder(half).unwrap_err().is_builder());
        let with_key = [half, &[("PEER_KEY", "k")]].concat();
        assert_eq!(proof(&with_key).await.as_deref(), Some("k"));
    }
}

#[test]
fn without_any_the_error_names_what_to_set() {
    for nothing in [&[][..], &[("PEER_KEY", "")], &[("PEER_URL", "https://a.b")]] {
        assert_eq!(
            builder(nothing).unwrap_err().to_string(),
            "no credential in the environment: set PEER_KEY or PEER_OLD_KEY or PEER_USER and PEER_PASSWORD"
        );
    }
    // What is set by hand is enough.
    let by_hand = ClientBuilder::<Client>::new(&API).api_key("k");
    assert!(by_hand.from_lookup(|_| None).is_ok());
    // Where no variable is known, none is missed.
    let open = ClientBuilder::<Client>::new(&stub_server::API_WITHOUT_AUTH).base_url("https://a.b");
    assert!(open.from_env().is_ok());
}

#[test]
fn the_base_url_is_what_a_variable_says() {
    assert_eq!(
        base_url(&[("PEER_URL", "https://a.example.com/v1/")]),
        "https://a.example.com/v1"
    );
    assert_eq!(
        base_url(&[("PEER_URL", " https://a.example.com\n")]),
        "https://a.example.com"
    );
    let old = [
        ("PEER_URL", ""),
        ("PEER_OLD_URL", "https://old.example.com"),
    ];
    assert_eq!(base_url(&old), "https://old.example.com");
    // What is stated counts before what can be told.
    let both = [
        ("PEER_CONSOLE_URL", "https://console.x.com"),
        ("PEER_URL", "https://a.example.com"),
    ];
    assert_eq!(base_url(&both), "https://a.example.com");
    // What is set afterwards counts most.
    let set = builder(&[("PEER_KEY", "k"), ("PEER_URL", "https://a.example.com")]).unwrap();
    let client = set.base_url("https://b.example.com").build().unwrap();
    assert_eq!(client.base_url(), "https://b.example.com");
    let wrong = builder(&[("PEER_KEY", "k"), ("PEER_URL", "a.example.com")]).unwrap();
    assert!(wrong.build().unwrap_err().is_builder());
}

#[test]
fn the_base_url_is_told_from_the_console() {
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
        assert_eq!(base_url(&[("PEER_CONSOLE_URL", console)]), url, "{console}");
    }
}

#[test]
fn a_key_says_which_server_it_belongs_to() {
    for (key, url) in [
        ("sk-eu-123", "https://eu.example.com"),
        ("Bearer sk-eu-123", "https://eu.example.com"),
        ("sk-123", "https://us.example.com"),
        ("123-sk-eu-", "https://us.example.com"),
    ] {
        let client = ClientBuilder::<Client>::new(&API).api_key(key).build();
        assert_eq!(client.unwrap().base_url(), url, "{key}");
        let found = builder(&[("PEER_KEY", key)]).unwrap().build().unwrap();
        assert_eq!(found.base_url(), url, "{key}");
    }
}

#[test]
fn where_every_server_has_its_keys_the_first_is_the_default() {
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
fn a_server_has_a_name() {
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
    assert_eq!(error, "there is no server `ap`; there are: us, eu");
    let error = ClientBuilder::<Client>::new(&stub_server::API_WITHOUT_AUTH)
        .build()
        .unwrap_err();
    assert!(error.to_string().contains("set `base_url`"), "{error}");
}
