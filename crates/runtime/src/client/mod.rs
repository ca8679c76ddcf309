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
mod events;
mod lines;
mod link;
mod message;
mod multipart;
mod node;
mod options;
mod output;
mod pages;
mod parts;
mod position;
mod redirect;
mod request;
#[cfg(feature = "__reqwest")]
mod reqwest_transport;
mod retry;
mod span;
pub mod spec;
mod stream;
mod style;
#[cfg(feature = "testing")]
pub mod testing;
mod transport;
#[cfg(feature = "__reqwest")]
mod upload;
mod url;

#[cfg(feature = "blocking")]
pub use blocking::Waiting;
pub use body::Body;
pub use builder::ClientBuilder;
pub use call::{Client, Endpoint, Response};
pub use clock::Clock;
pub use error::Error;
pub use events::{Event, Events};
pub use lines::Lines;
pub use options::RequestExt;
pub use output::{Decode, Empty, Json, OrEmpty, Raw, Text};
pub use pages::{Items, Paged, Pages};
pub use parts::Parts;
pub use retry::{RetryBudget, RetryPolicy, Stopped};
pub use stream::ByteStream;
pub use transport::{BoxFuture, Limits, Transport, TransportError, TransportFailure};

/// For the derives alone.
#[doc(hidden)]
pub mod private_client {
    pub use super::call::{answer, send};
    pub use super::output::{Answer, decode_body, unexpected};
    pub use super::pages::PageStyle;
    pub use super::position::{Flag, Inside, List, Position};
    pub use super::spec::{Envelope, Operation, Style};
}
