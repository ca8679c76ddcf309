//! Tests of the client.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

#[cfg(feature = "client")]
#[path = "../support/mod.rs"]
mod support;

#[cfg(feature = "rustls")]
mod auth;
#[cfg(feature = "blocking")]
mod blocking;
#[cfg(feature = "rustls")]
mod credential_redaction;
#[cfg(feature = "rustls")]
mod environment;
#[cfg(feature = "rustls")]
mod error_responses;
#[cfg(feature = "rustls")]
mod faulty_server;
#[cfg(feature = "rustls")]
mod hostile_server;
#[cfg(all(feature = "rustls", target_os = "linux"))]
mod http2;
#[cfg(feature = "client")]
mod layers;
#[cfg(feature = "rustls")]
mod multipart;
#[cfg(feature = "client")]
mod mutants;
#[cfg(feature = "client")]
mod pagination;
#[cfg(feature = "rustls")]
mod parameter_style;
#[cfg(all(feature = "rustls", target_os = "linux"))]
mod proxy;
#[cfg(all(feature = "testing", feature = "rustls"))]
mod recording;
#[cfg(feature = "rustls")]
mod redirect;
#[cfg(feature = "client")]
mod reflected_secrets;
#[cfg(feature = "rustls")]
mod request_body;
#[cfg(feature = "rustls")]
mod response;
#[cfg(feature = "client")]
mod retry;
#[cfg(feature = "client")]
mod streaming;
#[cfg(feature = "rustls")]
mod tls_errors;
#[cfg(feature = "rustls")]
mod upload;
#[cfg(feature = "rustls")]
mod url;
