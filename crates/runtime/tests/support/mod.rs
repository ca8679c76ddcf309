//! Servers and transports for the tests.

#![allow(
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    reason = "each test binary uses a part of this module"
)]

pub mod error_text;
#[cfg(feature = "rustls")]
pub mod fault_injection;
pub mod random;
pub mod scripted_transport;
pub mod stub_server;
