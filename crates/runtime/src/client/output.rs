//! What an answer's body becomes.

use std::marker::PhantomData;

use http::StatusCode;
use serde_json::Value;
use serde_json::value::RawValue;

use super::error::Error;
use super::message;
use super::spec::Envelope;
use crate::error_path;
use crate::private::{DecodeError, Wire, decode_json};

/// An answer before it is read.
#[doc(hidden)]
#[derive(Debug)]
pub struct Answer<'a> {
    pub status: StatusCode,
    pub body: &'a [u8],
    pub envelope: Option<Envelope>,
}

/// A way to read a success.
pub trait Decode {
    /// What comes out.
    type Value: Send + 'static;
    /// The media types to ask for.
    #[doc(hidden)]
    const ACCEPT: &'static str;
    /// Reads it.
    #[doc(hidden)]
    fn decode(answer: &Answer<'_>) -> Result<Self::Value, Error>;
}

/// JSON.
#[derive(Debug)]
pub struct Json<T>(PhantomData<T>);

/// Text.
#[derive(Debug)]
pub struct Text;

/// Bytes.
#[derive(Debug)]
pub struct Raw;

/// Nothing.
#[derive(Debug)]
pub struct Empty;

/// Something, or nothing.
#[derive(Debug)]
pub struct OrEmpty<D>(PhantomData<D>);

impl<T: Wire + Send + 'static> Decode for Json<T> {
    type Value = T;
    const ACCEPT: &'static str = "application/json";
    fn decode(answer: &Answer<'_>) -> Result<T, Error> {
        match answer.envelope {
            Some(envelope) => unwrap(answer.body, envelope),
            None => decode_body(answer.body),
        }
    }
}

impl Decode for Text {
    type Value = String;
    const ACCEPT: &'static str = "text/plain, */*";
    fn decode(answer: &Answer<'_>) -> Result<String, Error> {
        Ok(String::from_utf8_lossy(answer.body).into_owned())
    }
}

impl Decode for Raw {
    type Value = crate::Bytes;
    const ACCEPT: &'static str = "*/*";
    fn decode(answer: &Answer<'_>) -> Result<crate::Bytes, Error> {
        Ok(crate::Bytes::from(answer.body.to_vec()))
    }
}

impl Decode for Empty {
    type Value = ();
    const ACCEPT: &'static str = "*/*";
    fn decode(_answer: &Answer<'_>) -> Result<(), Error> {
        Ok(())
    }
}

impl<D: Decode> Decode for OrEmpty<D> {
    type Value = Option<D::Value>;
    const ACCEPT: &'static str = D::ACCEPT;
    fn decode(answer: &Answer<'_>) -> Result<Self::Value, Error> {
        let empty = answer.status == StatusCode::NO_CONTENT || answer.body.is_empty();
        if empty {
            Ok(None)
        } else {
            D::decode(answer).map(Some)
        }
    }
}

/// Reads JSON; a body of nothing is null, since that is what it can only mean.
#[doc(hidden)]
pub fn decode_body<T: Wire>(body: &[u8]) -> Result<T, Error> {
    if body.iter().all(u8::is_ascii_whitespace) {
        return decode_nothing("the body is empty");
    }
    decode_json(body).map_err(Error::decode_failed)
}

/// What `T` is where nothing came. What cannot be nothing is missing: an error that quotes a null which nobody sent
/// would mislead.
fn decode_nothing<T: Wire>(missing: &str) -> Result<T, Error> {
    decode_json(b"null").map_err(|_| Error::decode_failed(wrong(missing)))
}

/// An answer that is wrong as a whole.
pub(super) fn wrong(message: &str) -> DecodeError {
    DecodeError {
        path: String::new(),
        message: message.to_owned(),
        line: 0,
        column: 0,
        excerpt: String::new(),
    }
}

/// What is in an envelope, unless it holds an error.
fn unwrap<T: Wire>(body: &[u8], envelope: Envelope) -> Result<T, Error> {
    let fields: std::collections::BTreeMap<String, &RawValue> = match serde_json::from_slice(body) {
        Ok(fields) => fields,
        // Not an object at all: the plain decoder says best what it is.
        Err(_) => return decode_body(body),
    };
    let error = envelope
        .error
        .and_then(|name| fields.get(name))
        .map(|raw| raw.get())
        .filter(|raw| *raw != "null");
    if let Some(error) = error {
        let said = serde_json::from_str::<Value>(error).ok();
        return Err(Error::api(
            said.as_ref()
                .and_then(message::say)
                .or_else(|| Some(error.to_owned())),
        ));
    }
    match fields.get(envelope.data) {
        Some(data) => decode_json(data.get().as_bytes()).map_err(|why| {
            let why = within(body, data.get(), why);
            Error::decode_failed(DecodeError {
                path: error_path::join_path(envelope.data, &why.path),
                ..why
            })
        }),
        None => decode_nothing(&format!("missing field `{}`", envelope.data)),
    }
}

/// The same error, by its place in the whole body.
fn within(body: &[u8], part: &str, why: DecodeError) -> DecodeError {
    // `part` was borrowed from `body`.
    let start = (part.as_ptr() as usize).saturating_sub(body.as_ptr() as usize);
    let before = body.get(..start).unwrap_or_default();
    let last_line = before.rsplit(|byte| *byte == b'\n').next();
    let lines = before.iter().filter(|byte| **byte == b'\n').count();
    DecodeError {
        column: match why.line {
            1 => why.column + last_line.map_or(0, <[u8]>::len),
            _ => why.column,
        },
        line: why.line + lines,
        ..why
    }
}

/// An answer with a status that the document does not list.
#[doc(hidden)]
pub fn unexpected(answer: &Answer<'_>) -> Error {
    Error::decode_failed(wrong(&format!(
        "{} is no status the document lists",
        answer.status
    )))
}
