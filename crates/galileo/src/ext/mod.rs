//! Hand-written helpers.

#[cfg(all(feature = "client", feature = "auth"))]
mod login;
#[cfg(feature = "trace")]
mod message;
