//! Reads the body of a response: compares its length with the promised one, and decompresses it.

use std::io::{self, Write as _};

use bytes::Bytes;
use flate2::write::MultiGzDecoder;
use http::header::{CONTENT_ENCODING, CONTENT_LENGTH, HeaderMap};
use http::{Method, StatusCode};

use super::content_encoding::ContentEncoding;
use super::reqwest_error::transport_error;
use crate::client::error::{TransportError, TransportErrorKind};

/// The number of compressed bytes that are decompressed at a time. They become at most a thousand times as many.
const SLICE: usize = 4 << 10;

/// The body of a response.
///
/// A server can end a stream of HTTP/2 early without an error (RST_STREAM with NO_ERROR), so the length is compared
/// here, for every version of HTTP. `Content-Length` counts compressed bytes, so decompression is here too.
pub(super) struct BodyReader {
    response: reqwest::Response,
    /// The number of bytes that `Content-Length` promises.
    promised: Option<u64>,
    received: u64,
    /// Boxed, because it would enlarge the future of every call.
    decoder: Option<Box<Decoder>>,
}

/// Decompresses gzip.
struct Decoder {
    inner: MultiGzDecoder<Vec<u8>>,
    /// Compressed bytes that arrived and are not decompressed yet.
    pending: Bytes,
    has_input: bool,
    is_finished: bool,
}

impl BodyReader {
    /// Removes the headers that no longer describe the body if it is decompressed.
    pub(super) fn new(method: &Method, mut response: reqwest::Response) -> Self {
        let decoder = match ContentEncoding::of(response.headers()) {
            ContentEncoding::Gzip => Some(Box::new(Decoder::new())),
            ContentEncoding::Identity | ContentEncoding::Unsupported(_) => None,
        };
        let promised = promised_length(method, response.status(), response.headers());
        if decoder.is_some() {
            let headers = response.headers_mut();
            headers.remove(CONTENT_ENCODING);
            headers.remove(CONTENT_LENGTH);
        }
        Self {
            response,
            promised,
            received: 0,
            decoder,
        }
    }

    pub(super) fn response_mut(&mut self) -> &mut reqwest::Response {
        &mut self.response
    }

    /// Returns the length of the body, if it is known before it is read.
    pub(super) fn length(&self) -> Option<u64> {
        self.promised.filter(|_| self.decoder.is_none())
    }

    /// Returns the next part of the body, or `None` at its end.
    ///
    /// # Errors
    /// If the connection is interrupted, the body is shorter than promised, or it is not valid gzip.
    pub(super) async fn next(&mut self) -> Result<Option<Bytes>, TransportError> {
        loop {
            if let Some(part) = self.decompress_pending()? {
                return Ok(Some(part));
            }
            let Some(chunk) = self.response.chunk().await.map_err(transport_error)? else {
                self.check_length()?;
                return match &mut self.decoder {
                    Some(decoder) => decoder.finish().map_err(broken),
                    None => Ok(None),
                };
            };
            self.received += chunk.len() as u64;
            match &mut self.decoder {
                Some(decoder) => decoder.pending = chunk,
                None => return Ok(Some(chunk)),
            }
        }
    }

    fn decompress_pending(&mut self) -> Result<Option<Bytes>, TransportError> {
        let Some(decoder) = &mut self.decoder else {
            return Ok(None);
        };
        while !decoder.pending.is_empty() {
            let part = decoder.decompress_slice().map_err(broken)?;
            if !part.is_empty() {
                return Ok(Some(part));
            }
        }
        Ok(None)
    }

    fn check_length(&self) -> Result<(), TransportError> {
        match self.promised {
            Some(promised) if self.received < promised => {
                let received = self.received;
                let message = format!("the response ended after {received} of {promised} bytes");
                Err(TransportError::new(TransportErrorKind::Broken, message))
            }
            _ => Ok(()),
        }
    }
}

impl Decoder {
    fn new() -> Self {
        Self {
            inner: MultiGzDecoder::new(Vec::new()),
            pending: Bytes::new(),
            has_input: false,
            is_finished: false,
        }
    }

    fn decompress_slice(&mut self) -> io::Result<Bytes> {
        let slice = self.pending.split_to(self.pending.len().min(SLICE));
        self.has_input = true;
        self.inner.write_all(&slice)?;
        self.inner.flush()?;
        Ok(std::mem::take(self.inner.get_mut()).into())
    }

    /// Returns the rest of the body. Fails if the compressed data is incomplete.
    fn finish(&mut self) -> io::Result<Option<Bytes>> {
        // A response without a body may name an encoding.
        if std::mem::replace(&mut self.is_finished, true) || !self.has_input {
            return Ok(None);
        }
        self.inner.try_finish()?;
        let rest = std::mem::take(self.inner.get_mut());
        Ok((!rest.is_empty()).then(|| rest.into()))
    }
}

/// Returns the length in `Content-Length`. `None` for a response that has no body (RFC 9110, section 6.4.1).
fn promised_length(method: &Method, status: StatusCode, headers: &HeaderMap) -> Option<u64> {
    let has_no_body = *method == Method::HEAD
        || status.is_informational()
        || matches!(status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED);
    let length = headers.get(CONTENT_LENGTH).filter(|_| !has_no_body)?;
    length.to_str().ok()?.trim().parse().ok()
}

fn broken(error: io::Error) -> TransportError {
    TransportError::new(TransportErrorKind::Broken, error)
}
