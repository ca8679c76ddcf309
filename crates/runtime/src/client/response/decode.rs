//! Decodes the body of a success.

use std::collections::BTreeMap;
use std::marker::PhantomData;

use http::StatusCode;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::client::error::{Error, vendor_message};
use crate::client::spec::Envelope;
use crate::error_path;
use crate::private::{DecodeError, Wire, decode_json};

/// A response that is complete, but not decoded.
#[doc(hidden)]
#[derive(Debug)]
pub struct EncodedResponse<'a> {
    pub status: StatusCode,
    pub body: &'a [u8],
    pub envelope: Option<Envelope>,
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
        match response.envelope {
            Some(envelope) => decode_envelope(response.body, envelope),
            None => decode_body(response.body),
        }
    }
}

impl Decode for Text {
    type Value = String;
    const ACCEPT: &'static str = "text/plain, */*";
    fn decode(response: &EncodedResponse<'_>) -> Result<String, Error> {
        Ok(String::from_utf8_lossy(response.body).into_owned())
    }
}

impl Decode for Raw {
    type Value = crate::Bytes;
    const ACCEPT: &'static str = "*/*";
    fn decode(response: &EncodedResponse<'_>) -> Result<crate::Bytes, Error> {
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
fn decode_absent<T: Wire>(message: &str) -> Result<T, Error> {
    decode_json(b"null").map_err(|_| Error::invalid_response(message))
}

/// Decodes the data of an envelope, unless it contains an error.
fn decode_envelope<T: Wire>(body: &[u8], envelope: Envelope) -> Result<T, Error> {
    let fields: BTreeMap<String, &RawValue> = match serde_json::from_slice(body) {
        Ok(fields) => fields,
        // Not an object: the plain decoder gives the better error.
        Err(_) => return decode_body(body),
    };
    let error = envelope
        .error
        .and_then(|name| fields.get(name))
        .map(|raw| raw.get())
        .filter(|raw| *raw != "null");
    if let Some(error) = error {
        let value = serde_json::from_str::<Value>(error).ok();
        let message = value.as_ref().and_then(vendor_message::extract_from_json);
        return Err(Error::api(message.or_else(|| Some(error.to_owned()))));
    }
    match fields.get(envelope.data) {
        Some(data) => decode_json(data.get().as_bytes()).map_err(|error| {
            let error = relocate(body, data.get(), error);
            Error::decode_failed(DecodeError {
                path: error_path::join_path(envelope.data, &error.path),
                ..error
            })
        }),
        None => decode_absent(&format!("missing field `{}`", envelope.data)),
    }
}

/// Converts the line and column of an error in `part` to those in `body`, from which `part` is borrowed.
fn relocate(body: &[u8], part: &str, error: DecodeError) -> DecodeError {
    let start = (part.as_ptr() as usize).saturating_sub(body.as_ptr() as usize);
    let before = body.get(..start).unwrap_or_default();
    let last_line = before.rsplit(|byte| *byte == b'\n').next();
    let lines = before.iter().filter(|byte| **byte == b'\n').count();
    DecodeError {
        column: match error.line {
            1 => error.column + last_line.map_or(0, <[u8]>::len),
            _ => error.column,
        },
        line: error.line + lines,
        ..error
    }
}

/// Returns the error of a response with a success status that the API description does not list.
#[doc(hidden)]
pub fn undocumented_status(response: &EncodedResponse<'_>) -> Error {
    Error::invalid_response(&format!(
        "the status {} is not in the API description",
        response.status
    ))
}
