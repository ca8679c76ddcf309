//! How requests leave: bring your own, or use reqwest's.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

/// A future on the heap.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Something that sends a request and brings back the answer, whole.
///
/// An implementation may add headers, sign, log or measure; whatever it logs, `Authorization` and other headers marked
/// as sensitive are secrets. So is the query where an API takes its key there. What an error says is shown to people.
pub trait Transport: Send + Sync + 'static {
    /// Sends one request. The time is for the whole exchange, the body included.
    fn send(
        &self,
        request: http::Request<Vec<u8>>,
        timeout: Duration,
    ) -> BoxFuture<'_, Result<http::Response<Vec<u8>>, TransportError>>;
}

/// Why no answer came.
#[derive(Debug)]
pub struct TransportError {
    /// What went wrong.
    pub failure: TransportFailure,
    /// Why.
    pub source: Box<dyn std::error::Error + Send + Sync>,
}

/// What went wrong on the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TransportFailure {
    /// There was no connection.
    Connect,
    /// The time was up.
    Timeout,
    /// The connection broke, or what came was no HTTP.
    Broken,
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.failure {
            TransportFailure::Connect => "no connection",
            TransportFailure::Timeout => "no answer in time",
            TransportFailure::Broken => "the exchange broke off",
        })
    }
}

impl std::error::Error for TransportError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(self.source.as_ref())
    }
}
