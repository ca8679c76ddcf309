//! What makes common things short; written by hand.

#[cfg(feature = "trace")]
mod otel;
