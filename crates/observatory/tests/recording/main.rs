//! Recording: the typed API, contexts and `traceparent`.

// Tests fail by panicking.
#![allow(clippy::expect_used, clippy::panic)]

mod attribute_names;
mod context;
mod layer;
mod layer_clients;
mod messages;
mod observe;
mod otel_exporter;
mod provider_requests;
mod provider_responses;
mod provider_streams;
mod scores;
mod spans;
mod traceparent;
mod traces;
