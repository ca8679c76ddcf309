//! The client: everything between a request value and its answer.

mod auth;
mod base_url;
mod builder;
mod call;
mod encode;
mod environment;
mod error;
mod link;
mod message;
mod multipart;
mod node;
mod output;
mod pages;
mod parts;
mod position;
mod reqwest_transport;
pub mod spec;
mod style;
mod transport;

pub use builder::ClientBuilder;
pub use call::{Client, Endpoint, Response};
pub use error::Error;
pub use output::{Decode, Empty, Json, OrEmpty, Raw, Text};
pub use pages::{Items, Paged, Pages};
pub use parts::Parts;
pub use transport::{BoxFuture, Transport, TransportError, TransportFailure};

/// For the derives alone.
#[doc(hidden)]
pub mod private_client {
    pub use super::call::{answer, send};
    pub use super::output::{Answer, decode_body, unexpected};
    pub use super::pages::PageStyle;
    pub use super::position::{Flag, Inside, List, Position};
    pub use super::spec::{Envelope, Operation, Style};
}
