//! What can go wrong with a call.

use std::fmt;

use http::{HeaderMap, StatusCode};

use super::auth::Credentials;
use super::message;
use super::spec::Operation;
use super::transport::{TransportError, TransportFailure};
use crate::private::{DecodeError, Wire, decode_json};

/// Why a call brought back no value.
///
/// It says which operation it was, what the server answered, and where the answer is not what it should be. It never
/// shows the credential or the body of the request.
pub struct Error(Box<Inner>);

struct Inner {
    kind: Kind,
    operation: Option<&'static Operation>,
    answer: Option<Answered>,
}

struct Answered {
    status: StatusCode,
    headers: HeaderMap,
    body: Vec<u8>,
    request_id: Option<String>,
}

enum Kind {
    Builder(String),
    Transport(TransportError),
    Api(Option<String>),
    Decode(DecodeError),
}

impl Error {
    pub(crate) fn builder(message: impl Into<String>) -> Self {
        Self::new(Kind::Builder(message.into()))
    }

    pub(super) fn transport(error: TransportError) -> Self {
        Self::new(Kind::Transport(error))
    }

    pub(super) fn api(message: Option<String>) -> Self {
        Self::new(Kind::Api(message))
    }

    pub(super) fn decode_failed(error: DecodeError) -> Self {
        Self::new(Kind::Decode(error))
    }

    fn new(kind: Kind) -> Self {
        Self(Box::new(Inner {
            kind,
            operation: None,
            answer: None,
        }))
    }

    pub(super) fn of(mut self, operation: &'static Operation) -> Self {
        self.0.operation = Some(operation);
        self
    }

    pub(super) fn answered(
        mut self,
        response: &http::Response<Vec<u8>>,
        request_id: Option<String>,
    ) -> Self {
        self.0.answer = Some(Answered {
            status: response.status(),
            headers: response.headers().clone(),
            body: response.body().clone(),
            request_id,
        });
        self
    }

    /// The same, with the credentials blotted out of the vendor's words: there are servers that quote a wrong key.
    pub(super) fn without(mut self, credentials: &Credentials) -> Self {
        if let Kind::Api(Some(message)) = &mut self.0.kind {
            *message = credentials.blot(message);
        }
        self
    }

    /// The status the server answered with, if it answered.
    pub fn status(&self) -> Option<StatusCode> {
        self.0.answer.as_ref().map(|answer| answer.status)
    }

    /// The headers of the answer.
    pub fn headers(&self) -> Option<&HeaderMap> {
        self.0.answer.as_ref().map(|answer| &answer.headers)
    }

    /// The body of the answer, as it came.
    pub fn body(&self) -> Option<&[u8]> {
        self.0.answer.as_ref().map(|answer| answer.body.as_slice())
    }

    /// The id the vendor gave the request; its support will ask for it.
    pub fn request_id(&self) -> Option<&str> {
        self.0.answer.as_ref()?.request_id.as_deref()
    }

    /// The vendor's own words on what went wrong.
    pub fn message(&self) -> Option<&str> {
        match &self.0.kind {
            Kind::Api(message) => message.as_deref(),
            _ => None,
        }
    }

    /// Where in the answer's JSON the value is not what it should be.
    pub fn json_path(&self) -> Option<&str> {
        match &self.0.kind {
            Kind::Decode(error) => Some(&error.path),
            _ => None,
        }
    }

    /// The body as a value: the error types of an operation stand in its documentation.
    pub fn decode<T: Wire>(&self) -> Option<T> {
        decode_json(self.body()?).ok()
    }

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

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(operation) = self.0.operation {
            write!(f, "{} {}: ", operation.method, operation.path)?;
        }
        match &self.0.kind {
            Kind::Builder(message) => f.write_str(message)?,
            Kind::Transport(error) => write!(f, "{error}: {}", cause(error.source.as_ref()))?,
            Kind::Decode(error) => {
                let colon = if error.path.is_empty() { ":" } else { "" };
                write!(f, "the answer is not what it should be{colon} {error}")?
            }
            Kind::Api(message) => {
                if let Some(status) = self.status() {
                    write!(f, "the server answered {status}")?;
                }
                if let Some(message) = message {
                    write!(f, ": {}", message::shorten(message))?;
                }
            }
        }
        match self.request_id() {
            Some(id) => write!(f, " (request {id})"),
            None => Ok(()),
        }
    }
}

/// What everything else came of: `connection refused` says more than the layers of a transport around it.
fn cause<'e>(mut error: &'e (dyn std::error::Error + 'static)) -> &'e dyn std::error::Error {
    while let Some(source) = error.source() {
        error = source;
    }
    error
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Error({self})")
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.0.kind {
            Kind::Transport(error) => Some(error),
            Kind::Decode(error) => Some(error),
            Kind::Builder(_) | Kind::Api(_) => None,
        }
    }
}
