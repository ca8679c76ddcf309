//! What callers ask an error.

use std::time::Duration;

use super::{Error, Kind};
use crate::client::retry::{Trouble, retry_after};
use crate::client::transport::TransportFailure;

impl Error {
    /// The server answered that it will not.
    pub fn is_api(&self) -> bool {
        matches!(self.0.kind, Kind::Api(_))
    }

    /// 401 or 403: the credential is missing, wrong, or not allowed to.
    pub fn is_auth(&self) -> bool {
        self.has_status(&[401, 403])
    }

    /// 404.
    pub fn is_not_found(&self) -> bool {
        self.has_status(&[404])
    }

    /// 429.
    pub fn is_rate_limited(&self) -> bool {
        self.has_status(&[429])
    }

    /// How long the server asks to be left alone, where it says so, by whatever status.
    pub fn retry_after(&self) -> Option<Duration> {
        retry_after(self.headers()?)
    }

    /// Whether the same request may fare better later: there was no connection, or it broke, or no answer in time; or
    /// the server answered 408, 429, 502, 503 or 504. Whether sending it again is *safe* is another question.
    pub fn is_retryable(&self) -> bool {
        match &self.0.kind {
            Kind::Transport(error) => Trouble::Failure(error.failure).passes(),
            Kind::Api(_) => self
                .status()
                .is_some_and(|status| Trouble::Status(status.as_u16()).passes()),
            Kind::Builder(_) | Kind::Decode(_) => false,
        }
    }

    /// 400 or 422: the request was not understood.
    pub fn is_invalid(&self) -> bool {
        self.has_status(&[400, 422])
    }

    /// 5xx.
    pub fn is_server(&self) -> bool {
        self.is_api() && self.status().is_some_and(|status| status.is_server_error())
    }

    /// The answer came, but is not what the API's description says.
    pub fn is_decode(&self) -> bool {
        matches!(self.0.kind, Kind::Decode(_))
    }

    /// No answer in time.
    pub fn is_timeout(&self) -> bool {
        self.failed(TransportFailure::Timeout)
    }

    /// There was no connection.
    pub fn is_connect(&self) -> bool {
        self.failed(TransportFailure::Connect)
    }

    /// The answer was larger than [`ClientBuilder::max_response_size`](crate::ClientBuilder::max_response_size).
    pub fn is_too_large(&self) -> bool {
        self.failed(TransportFailure::TooLarge)
    }

    /// Nothing was sent: the client or the request is not set up as it should be.
    pub fn is_builder(&self) -> bool {
        matches!(self.0.kind, Kind::Builder(_))
    }

    fn has_status(&self, wanted: &[u16]) -> bool {
        self.is_api()
            && self
                .status()
                .is_some_and(|status| wanted.contains(&status.as_u16()))
    }

    fn failed(&self, wanted: TransportFailure) -> bool {
        matches!(&self.0.kind, Kind::Transport(error) if error.failure == wanted)
    }
}
