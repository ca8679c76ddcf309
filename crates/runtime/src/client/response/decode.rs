//! Decodes the body of a success.

use std::marker::PhantomData;

use http::StatusCode;

use super::envelope::decode_envelope;
use crate::client::error::Error;
use crate::client::spec::Envelope;
use crate::private::{Wire, decode_json};

/// A response that is complete, but not decoded.
#[doc(hidden)]
#[derive(Debug)]
pub struct EncodedResponse<'a> {
    pub status: StatusCode,
    pub body: &'a [u8],
    pub envelope: Option<Envelope>,
    /// The content encoding, if it is not supported.
    pub encoding: Option<String>,
}

impl EncodedResponse<'_> {
    /// # Errors
    /// If the content encoding is not supported.
    fn check_encoding(&self) -> Result<(), Error> {
        self.encoding
            .as_deref()
            .map_or(Ok(()), |encoding| Err(unsupported_encoding(encoding)))
    }
}

/// Returns the error of a response with this content encoding.
pub(crate) fn unsupported_encoding(encoding: &str) -> Error {
    Error::invalid_response(&format!("unsupported content encoding `{encoding}`"))
}

/// A decoder of successful responses.
///
/// Generated crates choose one for each operation, as [`Endpoint::Output`](crate::Endpoint::Output).
pub trait Decode {
    /// The decoded value.
    type Value: Send + 'static;
    /// The value of the header `Accept`.
    #[doc(hidden)]
    const ACCEPT: &'static str;
    #[doc(hidden)]
    fn decode(response: &EncodedResponse<'_>) -> Result<Self::Value, Error>;
}

/// Decodes JSON.
#[derive(Debug)]
pub struct Json<T>(PhantomData<T>);

/// Decodes text as UTF-8; invalid bytes are replaced.
#[derive(Debug)]
pub struct Text;

/// Returns the bytes unchanged.
#[derive(Debug)]
pub struct Raw;

/// Ignores the body.
#[derive(Debug)]
pub struct Empty;

/// Decodes the body with `D`, or returns `None` where it is empty.
#[derive(Debug)]
pub struct OrEmpty<D>(PhantomData<D>);

impl<T: Wire + Send + 'static> Decode for Json<T> {
    type Value = T;
    const ACCEPT: &'static str = "application/json";
    fn decode(response: &EncodedResponse<'_>) -> Result<T, Error> {
        let value = match response.envelope {
            Some(envelope) => decode_envelope(response.body, envelope),
            None => decode_body(response.body),
        };
        // A server may name an encoding that it does not use.
        value.or_else(|error| response.check_encoding().and(Err(error)))
    }
}

impl Decode for Text {
    type Value = String;
    const ACCEPT: &'static str = "text/plain";
    fn decode(response: &EncodedResponse<'_>) -> Result<String, Error> {
        response.check_encoding()?;
        Ok(String::from_utf8_lossy(response.body).into_owned())
    }
}

impl Decode for Raw {
    type Value = crate::Bytes;
    const ACCEPT: &'static str = "*/*";
    fn decode(response: &EncodedResponse<'_>) -> Result<crate::Bytes, Error> {
        response.check_encoding()?;
        Ok(crate::Bytes::from(response.body.to_vec()))
    }
}

impl Decode for Empty {
    type Value = ();
    const ACCEPT: &'static str = "*/*";
    fn decode(_response: &EncodedResponse<'_>) -> Result<(), Error> {
        Ok(())
    }
}

impl<D: Decode> Decode for OrEmpty<D> {
    type Value = Option<D::Value>;
    const ACCEPT: &'static str = D::ACCEPT;
    fn decode(response: &EncodedResponse<'_>) -> Result<Self::Value, Error> {
        let is_empty = response.status == StatusCode::NO_CONTENT || response.body.is_empty();
        if is_empty {
            Ok(None)
        } else {
            D::decode(response).map(Some)
        }
    }
}

/// Decodes a JSON body. An empty body is decoded as null.
#[doc(hidden)]
pub fn decode_body<T: Wire>(body: &[u8]) -> Result<T, Error> {
    if body.iter().all(u8::is_ascii_whitespace) {
        return decode_absent("the body is empty");
    }
    decode_json(body).map_err(Error::decode_failed)
}

/// Returns the value of `T` for an absent value, or an error with `message` if `T` requires one.
///
/// The decode error itself is dropped: it would quote a null that the server did not send.
pub(super) fn decode_absent<T: Wire>(message: &str) -> Result<T, Error> {
    decode_json(b"null").map_err(|_| Error::invalid_response(message))
}

/// Returns the error of a response with a success status that the API description does not list.
#[doc(hidden)]
pub fn undocumented_status(response: &EncodedResponse<'_>) -> Error {
    Error::invalid_response(&format!(
        "the status {} is not in the API description",
        response.status
    ))
}
