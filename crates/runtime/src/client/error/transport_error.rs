use std::fmt;

/// The error of a [`Transport`](crate::Transport): the request got no complete response.
#[derive(Debug)]
pub struct TransportError {
    /// What failed. Decides whether the request is retried.
    pub kind: TransportErrorKind,
    /// The cause.
    pub source: Box<dyn std::error::Error + Send + Sync>,
}

impl TransportError {
    /// Creates an error from its kind and its cause.
    pub fn new(
        kind: TransportErrorKind,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        Self {
            kind,
            source: source.into(),
        }
    }

    pub(crate) fn too_large(limit: usize) -> Self {
        let message = format!("more than {limit} bytes, the limit of `max_response_size`");
        Self::new(TransportErrorKind::TooLarge, message)
    }
}

/// The kind of a [`TransportError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TransportErrorKind {
    /// The connection failed, or the server reported that it did not process the request. Any request may be sent
    /// again.
    Connect,
    /// The time limit of the attempt has passed.
    Timeout,
    /// The connection was interrupted, or the response is not valid HTTP.
    Broken,
    /// The request cannot be sent, and a later one would fail the same way: the certificate of the server is invalid, or
    /// there is no tokio runtime.
    Permanent,
    /// The response exceeds [`Limits::response_size`](crate::Limits::response_size).
    TooLarge,
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.kind {
            TransportErrorKind::Connect | TransportErrorKind::Permanent => "connection failed",
            TransportErrorKind::Timeout => "request timed out",
            TransportErrorKind::Broken => "connection interrupted",
            TransportErrorKind::TooLarge => "response too large",
        })
    }
}

impl std::error::Error for TransportError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(self.source.as_ref())
    }
}
