//! Hand-written helpers.

#[cfg(feature = "trace")]
mod otel;
