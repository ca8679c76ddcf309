//! Reads requests and responses of providers' APIs: OpenAI's chat completions and responses, Anthropic's messages, and
//! the many APIs with one of these shapes.
//!
//! The shape is recognized by its properties. What is not recognized is left out, never an error: a program's own types
//! with other fields, and later versions of an API, are read as far as possible.
//!
//! [`ActiveSpan::request`](crate::recording::ActiveSpan::request),
//! [`response`](crate::recording::ActiveSpan::response) and [`chunk`](crate::recording::ActiveSpan::chunk) put the result
//! on a span.

mod blocks;
mod message;
mod node;
mod part;
mod request;
mod response;
mod stream;
mod usage;

pub use message::read_messages;
#[cfg(any(feature = "opentelemetry", feature = "tracing"))]
pub(crate) use message::{parse_messages, parse_system, read_system};
pub(crate) use node::JsonNode;
pub use request::ProviderRequest;
pub use response::ProviderResponse;
pub use stream::ResponseStream;
pub use usage::read_usage;
