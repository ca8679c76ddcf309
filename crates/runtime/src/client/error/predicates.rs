//! The classification of an error.

use std::time::Duration;

use super::{Error, Kind, TransportErrorKind};
use crate::client::headers;

impl Error {
    /// Returns whether the server returned an error: a non-success status, or an error in the envelope of a success.
    pub fn is_api(&self) -> bool {
        matches!(self.0.kind, Kind::Api(_))
    }

    /// Returns whether the status is 401 or 403: the credential is missing, invalid, or lacks a permission.
    pub fn is_auth(&self) -> bool {
        self.has_status(&[401, 403])
    }

    /// Returns whether the status is 404.
    pub fn is_not_found(&self) -> bool {
        self.has_status(&[404])
    }

    /// Returns whether the status is 429: too many requests.
    pub fn is_rate_limited(&self) -> bool {
        self.has_status(&[429])
    }

    /// Returns how long the server asks to wait (`Retry-After`), for any status.
    pub fn retry_after(&self) -> Option<Duration> {
        headers::retry_after(self.headers()?)
    }

    /// Returns whether the failure is transient, so that a later request may succeed.
    ///
    /// True for a failed or interrupted connection, a timeout, and the statuses 408, 429, 502, 503 and 504. It does not
    /// mean that sending the request again is *safe*: that depends on whether the request is idempotent.
    pub fn is_retryable(&self) -> bool {
        match &self.0.kind {
            Kind::Transport(error) => error.kind.is_transient(),
            Kind::Api(_) => self
                .status()
                .is_some_and(|status| is_transient_status(status.as_u16())),
            Kind::Builder(_) | Kind::Decode(_) => false,
        }
    }

    /// Returns whether the status is 400 or 422: the server rejected the request as invalid.
    pub fn is_invalid(&self) -> bool {
        self.has_status(&[400, 422])
    }

    /// Returns whether the status is 5xx.
    pub fn is_server(&self) -> bool {
        self.is_api() && self.status().is_some_and(|status| status.is_server_error())
    }

    /// Returns whether the response does not match the API description.
    pub fn is_decode(&self) -> bool {
        matches!(self.0.kind, Kind::Decode(_))
    }

    /// Returns whether the response did not arrive in time.
    pub fn is_timeout(&self) -> bool {
        self.has_transport_error(TransportErrorKind::Timeout)
    }

    /// Returns whether the connection failed.
    pub fn is_connect(&self) -> bool {
        self.has_transport_error(TransportErrorKind::Connect)
            || self.has_transport_error(TransportErrorKind::Permanent)
    }

    /// Returns whether the response exceeds
    /// [`ClientBuilder::max_response_size`](crate::ClientBuilder::max_response_size).
    pub fn is_too_large(&self) -> bool {
        self.has_transport_error(TransportErrorKind::TooLarge)
    }

    /// Returns whether nothing was sent, because the client or the request is misconfigured.
    pub fn is_builder(&self) -> bool {
        matches!(self.0.kind, Kind::Builder(_))
    }

    fn has_status(&self, statuses: &[u16]) -> bool {
        self.is_api()
            && self
                .status()
                .is_some_and(|status| statuses.contains(&status.as_u16()))
    }

    fn has_transport_error(&self, kind: TransportErrorKind) -> bool {
        matches!(&self.0.kind, Kind::Transport(error) if error.kind == kind)
    }
}

impl TransportErrorKind {
    /// Returns whether a later request may succeed. A response that is too large stays too large.
    pub(crate) fn is_transient(self) -> bool {
        !matches!(self, Self::TooLarge | Self::Permanent)
    }
}

/// Returns whether a status reports a temporary condition.
pub(crate) fn is_transient_status(status: u16) -> bool {
    matches!(status, 408 | 429 | 502 | 503 | 504)
}
