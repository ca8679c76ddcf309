//! Recording: the typed API, contexts and `traceparent`.

mod context;
mod provider_requests;
mod provider_responses;
mod provider_streams;
mod scores;
mod spans;
mod traceparent;
mod traces;
