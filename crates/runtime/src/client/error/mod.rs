//! The error of a call.

mod display;
mod predicates;
mod redact;
mod stop_reason;
mod transport_error;
pub(crate) mod vendor_message;

use http::header::CONTENT_TYPE;
use http::{HeaderMap, StatusCode};

use super::redaction::Redactor;
use super::spec::Operation;
use crate::private::{DecodeError, Wire, decode_json};

pub use stop_reason::StopReason;
pub use transport_error::{TransportError, TransportErrorKind};

pub(crate) use predicates::is_transient_status;

/// The largest body of an error response that is kept, in bytes, after decompression. The rest is discarded.
pub(crate) const MAX_ERROR_SIZE: usize = 256 << 10;

/// The error of a call.
///
/// Its `Display` text names the operation, the status and message of the server, or the JSON path at which the response
/// is invalid. It never contains the credential or the body of the request: a credential that the response quotes, in any
/// encoding, is replaced by `…`, and control characters are escaped. Only [`headers`](Self::headers) and
/// [`body`](Self::body) are unchanged.
///
/// The predicates (`is_rate_limited`, `is_timeout`, …) classify it; [`body`](Self::body) and [`decode`](Self::decode)
/// give access to the error response.
///
/// ```
/// use observatory_runtime::Error;
///
/// fn advice(error: &Error) -> String {
///     match error.retry_after() {
///         Some(wait) if error.is_rate_limited() => format!("try again in {} s", wait.as_secs()),
///         _ if error.is_auth() => "check the API key".to_owned(),
///         _ => error.to_string(),
///     }
/// }
/// ```
pub struct Error(Box<Inner>);

struct Inner {
    kind: Kind,
    operation: Option<&'static Operation>,
    response: Option<ErrorResponse>,
    attempts: Option<(u32, StopReason)>,
}

/// The response that an error is about.
struct ErrorResponse {
    status: StatusCode,
    headers: HeaderMap,
    body: Vec<u8>,
    content_type: Option<String>,
    request_id: Option<String>,
}

enum Kind {
    /// The client or the request is misconfigured; nothing was sent.
    Builder(String),
    /// No complete response.
    Transport(TransportError),
    /// A non-success status, or an error in an envelope; with the message of the server.
    Api(Option<String>),
    /// A success whose body is invalid.
    Decode(DecodeError),
}

impl Error {
    /// Returns an error of an option that is missing or invalid, for crates that build clients.
    pub fn builder(message: impl Into<String>) -> Self {
        Self::new(Kind::Builder(message.into()))
    }

    pub(crate) fn transport(error: TransportError) -> Self {
        Self::new(Kind::Transport(error))
    }

    pub(crate) fn api(message: Option<String>) -> Self {
        Self::new(Kind::Api(message))
    }

    pub(crate) fn decode_failed(error: DecodeError) -> Self {
        Self::new(Kind::Decode(error))
    }

    /// Returns the error of a response that is invalid as a whole, so that no JSON path can be named.
    pub(crate) fn invalid_response(message: &str) -> Self {
        Self::decode_failed(DecodeError {
            path: String::new(),
            message: message.to_owned(),
            line: 0,
            column: 0,
            excerpt: String::new(),
        })
    }

    fn new(kind: Kind) -> Self {
        Self(Box::new(Inner {
            kind,
            operation: None,
            response: None,
            attempts: None,
        }))
    }

    pub(crate) fn with_operation(mut self, operation: &'static Operation) -> Self {
        self.0.operation = Some(operation);
        self
    }

    pub(crate) fn with_response(
        mut self,
        response: http::Response<Vec<u8>>,
        request_id: Option<String>,
        redactor: &Redactor,
    ) -> Self {
        let content_type = response.headers().get(CONTENT_TYPE);
        let content_type = content_type
            .and_then(|text| text.to_str().ok())
            .map(|text| redactor.show(text));
        let (head, body) = response.into_parts();
        self.0.response = Some(ErrorResponse {
            status: head.status,
            headers: head.headers,
            body,
            content_type,
            request_id: request_id.map(|id| redactor.show(&id)),
        });
        self
    }

    pub(crate) fn with_attempts(mut self, attempts: u32, reason: StopReason) -> Self {
        self.0.attempts = Some((attempts, reason));
        self
    }

    /// Removes secrets from all texts of the error, and cuts long ones. `source` is the text that a decode error quotes.
    pub(crate) fn redact(mut self, redactor: &Redactor, source: &[u8]) -> Self {
        match &mut self.0.kind {
            Kind::Builder(message) => *message = redactor.redact(message).into_owned(),
            Kind::Api(message) => {
                let shown = message.take().map(|message| redactor.show(&message));
                *message = shown.filter(|message| !message.is_empty());
            }
            Kind::Decode(error) => error.redact(redactor, source),
            Kind::Transport(error) => error.redact(redactor),
        }
        self
    }

    /// Returns the HTTP method of the request.
    pub fn method(&self) -> Option<&'static str> {
        self.0.operation.map(|operation| operation.method)
    }

    /// Returns the path template of the operation, as in the API description: `/items/{id}`.
    pub fn path(&self) -> Option<&'static str> {
        self.0.operation.map(|operation| operation.path)
    }

    /// Returns how many attempts were made. 0 where the request was never sent.
    pub fn attempts(&self) -> u32 {
        self.0.attempts.map_or(0, |(attempts, _)| attempts)
    }

    /// Returns why the request was not sent again. `None` where it was never sent.
    pub fn stop_reason(&self) -> Option<StopReason> {
        self.0.attempts.map(|(_, reason)| reason)
    }

    /// Returns the status of the response. `None` where there was no response.
    pub fn status(&self) -> Option<StatusCode> {
        self.0.response.as_ref().map(|response| response.status)
    }

    /// Returns the headers of the response.
    pub fn headers(&self) -> Option<&HeaderMap> {
        self.0.response.as_ref().map(|response| &response.headers)
    }

    /// Returns the body of the response, unchanged.
    pub fn body(&self) -> Option<&[u8]> {
        let response = self.0.response.as_ref();
        response.map(|response| response.body.as_slice())
    }

    /// Returns the header `Content-Type` of the response.
    pub fn content_type(&self) -> Option<&str> {
        self.0.response.as_ref()?.content_type.as_deref()
    }

    /// Returns the request ID that the vendor assigned. Quote it when you contact the vendor's support.
    pub fn request_id(&self) -> Option<&str> {
        self.0.response.as_ref()?.request_id.as_deref()
    }

    /// Returns the error message of the server, extracted from the body.
    pub fn message(&self) -> Option<&str> {
        match &self.0.kind {
            Kind::Api(message) => message.as_deref(),
            _ => None,
        }
    }

    /// Returns the JSON path at which the response is invalid.
    pub fn json_path(&self) -> Option<&str> {
        match &self.0.kind {
            Kind::Decode(error) => Some(&error.path),
            _ => None,
        }
    }

    /// Returns the part of the response around [`json_path`](Self::json_path).
    pub fn excerpt(&self) -> Option<&str> {
        match &self.0.kind {
            Kind::Decode(error) => Some(&error.excerpt),
            _ => None,
        }
    }

    /// Decodes the body of the response as a value. The documentation of an operation names its error types.
    ///
    /// Returns `None` where there is no body or it does not fit the type.
    pub fn decode<T: Wire>(&self) -> Option<T> {
        decode_json(self.body()?).ok()
    }
}
