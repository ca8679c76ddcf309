//! Clients without TLS say so when they are built. Of interest with features that the other tests do not go with; see
//! `.ci/run`.
#![cfg(all(
    feature = "client",
    not(feature = "rustls"),
    not(feature = "native-tls")
))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod support;

use observatory_runtime::{Client, ClientBuilder, Empty, Endpoint};

use crate::support::scripted_transport::{ScriptedTransport, Step};
use crate::support::stub_server;

#[derive(Endpoint)]
#[endpoint(DELETE, "/row")]
#[endpoint(output = Empty)]
struct Delete {
    client: Client,
}

#[test]
fn what_is_missing_is_told() {
    let builder =
        ClientBuilder::<Client>::new(&stub_server::API_WITHOUT_AUTH).base_url("https://a.b");
    let said = builder.build().unwrap_err().to_string();
    let expected = if cfg!(feature = "rustls-no-provider") {
        "installed none"
    } else {
        "there is no transport"
    };
    assert!(said.contains(expected), "{said}");
}

#[tokio::test]
async fn a_transport_of_one_s_own_needs_none() {
    let builder =
        ClientBuilder::<Client>::new(&stub_server::API_WITHOUT_AUTH).base_url("https://a.b");
    let script = ScriptedTransport::repeating(Step::status(204));
    let client = builder.transport(script).build().unwrap();
    Delete::new(&client).await.unwrap();
}
