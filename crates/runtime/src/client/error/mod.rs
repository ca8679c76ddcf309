//! What can go wrong with a call.

mod display;
mod questions;

use http::header::CONTENT_TYPE;
use http::{HeaderMap, StatusCode};

use super::auth::Credentials;
use super::retry::Stopped;
use super::spec::Operation;
use super::transport::TransportError;
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
    attempts: Option<(u32, Stopped)>,
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
            attempts: None,
        }))
    }

    pub(super) fn of(mut self, operation: &'static Operation) -> Self {
        self.0.operation = Some(operation);
        self
    }

    pub(super) fn answered(
        mut self,
        response: http::Response<Vec<u8>>,
        request_id: Option<String>,
    ) -> Self {
        let (head, body) = response.into_parts();
        self.0.answer = Some(Answered {
            status: head.status,
            headers: head.headers,
            body,
            request_id,
        });
        self
    }

    pub(super) fn attempted(mut self, attempts: u32, stopped: Stopped) -> Self {
        self.0.attempts = Some((attempts, stopped));
        self
    }

    /// The same, with the credentials blotted out of the vendor's words: there are servers that quote a wrong key.
    pub(super) fn without(mut self, credentials: &Credentials) -> Self {
        if let Kind::Api(Some(message)) = &mut self.0.kind {
            *message = credentials.blot(message);
        }
        self
    }

    /// The method of the request.
    pub fn method(&self) -> Option<&'static str> {
        self.0.operation.map(|operation| operation.method)
    }

    /// The path of the request as the API's description has it, with the names of its parameters: `/items/{id}`.
    pub fn path(&self) -> Option<&'static str> {
        self.0.operation.map(|operation| operation.path)
    }

    /// How often the request was sent, or at least tried to be. 0 if it never was.
    pub fn attempts(&self) -> u32 {
        self.0.attempts.map_or(0, |(attempts, _)| attempts)
    }

    /// Why it was not sent again.
    pub fn stopped(&self) -> Option<Stopped> {
        self.0.attempts.map(|(_, stopped)| stopped)
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

    /// What the server says that the body is.
    pub fn content_type(&self) -> Option<&str> {
        self.headers()?.get(CONTENT_TYPE)?.to_str().ok()
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

    /// The part of the answer's JSON around that place.
    pub fn excerpt(&self) -> Option<&str> {
        match &self.0.kind {
            Kind::Decode(error) => Some(&error.excerpt),
            _ => None,
        }
    }

    /// The body as a value: the error types of an operation stand in its documentation.
    pub fn decode<T: Wire>(&self) -> Option<T> {
        decode_json(self.body()?).ok()
    }
}
