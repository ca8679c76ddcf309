//! The TLS implementation of the platform. `.ci/run` runs this with the feature `native-tls` alone: with both, `rustls` is
//! used.
#![cfg(all(feature = "native-tls", not(feature = "rustls")))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod support;
#[path = "client/tls_errors.rs"]
mod tls_errors;
