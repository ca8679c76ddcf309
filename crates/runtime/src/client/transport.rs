//! How requests leave: bring your own, wrap one, or use reqwest's.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use super::body::Body;
use super::stream::ByteStream;

/// A future on the heap.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Something that sends a request and brings back the answer.
///
/// [`ClientBuilder::transport`](crate::ClientBuilder::transport) puts one in the place of reqwest's, and
/// [`ClientBuilder::layer`](crate::ClientBuilder::layer) wraps one around it. It is asked once an attempt, and
/// once more for each redirect that is followed: both are the client's business.
///
/// Whatever an implementation logs, `Authorization` and other headers marked as sensitive are secrets. So is the query
/// where an API takes its key there. What an error says is shown to people.
pub trait Transport: Send + Sync + 'static {
    /// Sends one request. The answer's body may be there as a whole (a `Vec<u8>` is [`Into<ByteStream>`]) or come as it
    /// is read, which is what [`Limits::streamed`] asks for.
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

/// What one exchange may cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// The time for the whole exchange, the body included. Where the answer is streamed, the time for its head, and then
    /// for each piece of its body.
    pub timeout: Duration,
    /// How many bytes an answer may have once it is unpacked. A transport stops where they are exceeded, with
    /// [`TransportFailure::TooLarge`], rather than keep them all. Where the answer is streamed, it has no such end.
    pub response_size: usize,
    /// Whether somebody reads the answer as it comes: then it is handed over once its head is there. Who cannot do that
    /// brings it whole.
    pub streamed: bool,
}

impl Limits {
    /// These, for an answer that is brought whole.
    pub const fn new(timeout: Duration, response_size: usize) -> Self {
        Self {
            timeout,
            response_size,
            streamed: false,
        }
    }
}

/// Why no answer came.
#[derive(Debug)]
pub struct TransportError {
    /// What went wrong.
    pub failure: TransportFailure,
    /// Why.
    pub source: Box<dyn std::error::Error + Send + Sync>,
}

impl TransportError {
    /// What went wrong, and why.
    pub fn new(
        failure: TransportFailure,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        Self {
            failure,
            source: source.into(),
        }
    }

    pub(super) fn too_large(limit: usize) -> Self {
        let why = format!("it has more than {limit} bytes, which `max_response_size` allows");
        Self::new(TransportFailure::TooLarge, why)
    }
}

/// What went wrong on the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TransportFailure {
    /// There was no connection, or the server has said that it did not look at the request: whatever the request was, it
    /// may be sent again.
    Connect,
    /// The time was up.
    Timeout,
    /// The connection broke, or what came was no HTTP.
    Broken,
    /// The answer was larger than an answer may be.
    TooLarge,
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.failure {
            TransportFailure::Connect => "no connection",
            TransportFailure::Timeout => "no answer in time",
            TransportFailure::Broken => "the exchange broke off",
            TransportFailure::TooLarge => "the answer is too large",
        })
    }
}

impl std::error::Error for TransportError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(self.source.as_ref())
    }
}
