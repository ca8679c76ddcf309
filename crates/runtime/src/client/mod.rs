//! The client: sends requests and decodes responses.
//!
//! Dependencies point from the first to the last of these folders:
//!
//! | folder | contents |
//! | --- | --- |
//! | `builder` | configures a client |
//! | `pagination` | streams of pages and items |
//! | `call` | the steps of a call, in order |
//! | `config` | `Client`, and what all its calls share |
//! | `testing` | transports that record and replay |
//! | `retry` | retry policy, budget, decision, clock |
//! | `transport` | the exchange of one request and its response |
//! | `url` | base URLs, request URLs |
//! | `auth` | credentials in requests |
//! | `request` | parameters and bodies, encoded |
//! | `response` | bodies, decoded |
//! | `blocking` | calls without async |
//! | `error` | the error of a call |
//! | `redaction` | removes secrets from texts |
//! | `headers` | parsers of response headers |
//! | `spec` | constants that generated code declares |

mod auth;
#[cfg(feature = "blocking")]
mod blocking;
mod builder;
mod call;
mod config;
mod error;
mod headers;
mod pagination;
mod redaction;
mod request;
mod response;
mod retry;
pub mod spec;
#[cfg(feature = "testing")]
pub mod testing;
mod transport;
mod url;

#[cfg(feature = "blocking")]
pub use blocking::BlockingIter;
pub use builder::ClientBuilder;
pub use call::{Accepting, Endpoint, RequestExt, Response};
pub use config::Client;
pub use error::{Error, StopReason, TransportError, TransportErrorKind};
pub use pagination::{Items, Paged, Pages};
pub use request::{Body, RequestParts};
pub use response::{
    ByteStream, Decode, Empty, Event, EventValues, Events, Json, JsonLines, OrEmpty, Raw, Text,
};
pub use retry::{Clock, RetryBudget, RetryPolicy};
pub use transport::{BoxFuture, Limits, Transport};

/// Items for the code that the derives generate.
#[doc(hidden)]
pub mod private_client {
    pub use super::call::{send, send_for_events, send_for_lines, send_for_value};
    pub use super::pagination::{HasMore, OptionalField, PageItems, PagePosition, PageStyle};
    pub use super::response::{EncodedResponse, decode_body, undocumented_status};
    pub use super::spec::{Envelope, Operation, ParamEncoding, ParamStyle, PartEncoding};
}
