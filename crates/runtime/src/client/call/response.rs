use http::StatusCode;
use http::header::HeaderMap;

use crate::client::request::Body;

/// A successful response: the decoded value, with status and headers.
#[derive(Clone, Debug)]
pub struct Response<T> {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) attempts: u32,
    pub(super) value: T,
}

impl<T> Response<T> {
    /// Returns the status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// Returns the headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Returns how many attempts were made, the successful one included.
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// Returns the decoded value.
    pub fn value(&self) -> &T {
        &self.value
    }

    /// Returns the response with another value.
    pub(super) fn map<U>(self, convert: impl FnOnce(T) -> U) -> Response<U> {
        Response {
            status: self.status,
            headers: self.headers,
            attempts: self.attempts,
            value: convert(self.value),
        }
    }

    /// Returns the decoded value and discards status and headers.
    pub fn into_value(self) -> T {
        self.value
    }
}

/// A response with its complete body, not decoded.
pub(crate) struct BufferedResponse {
    /// The request. Its headers may contain secrets that the response quotes.
    pub request: Box<http::Request<Body>>,
    pub response: http::Response<Vec<u8>>,
    pub attempts: u32,
}
