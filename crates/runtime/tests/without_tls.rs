//! Building a client without a TLS implementation. `.ci/run` runs this with features that exclude the other tests.
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
fn build_fails_without_transport() {
    let builder =
        ClientBuilder::<Client>::new(&stub_server::API_WITHOUT_AUTH).base_url("https://a.b");
    let message = builder.build().unwrap_err().to_string();
    let expected = if cfg!(feature = "rustls-no-provider") {
        "crypto provider"
    } else {
        "no transport; enable"
    };
    assert!(message.contains(expected), "{message}");
}

#[tokio::test]
async fn custom_transport_needs_no_tls() {
    let builder =
        ClientBuilder::<Client>::new(&stub_server::API_WITHOUT_AUTH).base_url("https://a.b");
    let script = ScriptedTransport::repeating(Step::status(204));
    let client = builder.transport(script).build().unwrap();
    Delete::new(&client).await.unwrap();
}
