//! What makes common things short; written by hand.

#[cfg(all(feature = "client", feature = "auth"))]
mod login;
#[cfg(feature = "trace")]
mod message;
