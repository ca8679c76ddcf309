//! The client: everything between a request value and its answer.

mod attempts;
mod auth;
mod base_url;
#[cfg(feature = "blocking")]
mod blocking;
mod body;
mod builder;
mod call;
mod clock;
mod encode;
mod environment;
mod error;
mod message;
mod multipart;
mod node;
mod options;
mod output;
mod parts;
mod request;
mod reqwest_transport;
mod retry;
pub mod spec;
mod style;
mod transport;
mod url;

pub use body::Body;
pub use builder::ClientBuilder;
pub use call::{Client, Endpoint, Response};
pub use clock::Clock;
pub use error::Error;
pub use options::RequestExt;
pub use output::{Decode, Empty, Json, OrEmpty, Raw, Text};
pub use parts::Parts;
pub use retry::{RetryBudget, RetryPolicy, Stopped};
pub use transport::{BoxFuture, Limits, Transport, TransportError, TransportFailure};

/// For the derives alone.
#[doc(hidden)]
pub mod private_client {
    pub use super::call::{answer, send};
    pub use super::output::{Answer, decode_body, unexpected};
    pub use super::spec::{Envelope, Operation, Style};
}
