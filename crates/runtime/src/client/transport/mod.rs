//! Transports: the exchange of one HTTP request and its response.

#[cfg(feature = "__reqwest")]
mod body_reader;
mod content_encoding;
#[cfg(feature = "__reqwest")]
mod reqwest_error;
#[cfg(feature = "__reqwest")]
mod reqwest_transport;
#[cfg(feature = "__reqwest")]
mod streaming_body;

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use super::error::TransportError;
use super::request::Body;
use super::response::ByteStream;

#[cfg(feature = "__reqwest")]
pub(crate) use reqwest_transport::ReqwestTransport;

pub(crate) use content_encoding::ContentEncoding;

/// A boxed future.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Sends HTTP requests.
///
/// Implement it to replace reqwest ([`ClientBuilder::transport`](crate::ClientBuilder::transport)), or to wrap another
/// transport ([`ClientBuilder::layer`](crate::ClientBuilder::layer)). The client handles retries and redirects: it
/// calls the transport once for each attempt, and once for each redirect that it follows.
///
/// Do not log `Authorization` or other headers that are marked as sensitive, nor the query where the API takes its key
/// there. The text of an error is shown to users, after known secrets were removed.
///
/// A transport that decompresses a body removes the header `Content-Encoding`. It sets `Content-Length` by the body.
pub trait Transport: Send + Sync + 'static {
    /// Sends one request.
    ///
    /// The body of the response can be complete (a `Vec<u8>` is [`Into<ByteStream>`]), or streamed if
    /// [`Limits::streamed`] is set.
    ///
    /// # Errors
    /// If there is no complete response within the limits. A non-success status is not an error.
    fn send(
        &self,
        request: http::Request<Body>,
        limits: Limits,
    ) -> BoxFuture<'_, Result<http::Response<ByteStream>, TransportError>>;
}

impl<T: Transport + ?Sized> Transport for Arc<T> {
    fn send(
        &self,
        request: http::Request<Body>,
        limits: Limits,
    ) -> BoxFuture<'_, Result<http::Response<ByteStream>, TransportError>> {
        T::send(self, request, limits)
    }
}

/// The limits of one exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// The time limit of the whole exchange, including the body. For a streamed response: of its head, and then of each
    /// chunk of its body.
    pub timeout: Duration,
    /// The maximum size of the response in bytes, after decompression. A transport stops reading where it is exceeded
    /// and returns [`TransportErrorKind::TooLarge`](crate::TransportErrorKind::TooLarge). It does not apply to a
    /// streamed response. Of an error response, at most 256 KiB are kept.
    pub response_size: usize,
    /// Whether the caller streams the response: then the transport returns it as soon as its head is there. A transport
    /// that does not support this returns the complete response.
    pub streamed: bool,
}

impl Limits {
    /// Creates the limits of an exchange with a complete response.
    pub const fn new(timeout: Duration, response_size: usize) -> Self {
        Self {
            timeout,
            response_size,
            streamed: false,
        }
    }
}
