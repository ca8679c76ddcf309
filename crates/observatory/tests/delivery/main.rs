//! Delivery: accounting, batches, retries, and what survives which fault. In-memory destinations play the vendors.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod accounting;
mod batches;
mod bounds;
mod content;
mod latency;
mod load;
mod network;
mod processes;
mod retries;
mod runtimes;
mod spool;
mod support;
mod traces;
