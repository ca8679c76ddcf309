//! A transport that records exchanges.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;
use http::header::{CONTENT_ENCODING, CONTENT_LENGTH, TRANSFER_ENCODING};

use super::exchange_redaction::ExchangeRedaction;
use super::{Exchange, Recording};
use crate::client::error::TransportError;
use crate::client::request::Body;
use crate::client::response::ByteStream;
use crate::client::transport::{BoxFuture, Limits, Transport};

/// A transport that records the exchanges of another one. [`Recording::recorder`] creates it.
#[derive(Debug)]
pub struct Recorder<T> {
    recording: Recording,
    inner: T,
}

impl<T> Recorder<T> {
    pub(super) fn new(recording: Recording, inner: T) -> Self {
        Self { recording, inner }
    }
}

impl<T: Transport> Transport for Recorder<T> {
    fn send(
        &self,
        request: http::Request<Body>,
        limits: Limits,
    ) -> BoxFuture<'_, Result<http::Response<ByteStream>, TransportError>> {
        let redaction = ExchangeRedaction::new(&self.recording.redaction, &request);
        let method = request.method().to_string();
        let target = redaction.redact_target(request.uri());
        let request_body = redaction.redact_request_body(&request);
        Box::pin(async move {
            let response = self.inner.send(request, limits).await?;
            // The body is decompressed, and redaction may change its length.
            let framing = [CONTENT_ENCODING, CONTENT_LENGTH, TRANSFER_ENCODING];
            let headers = (response.headers().iter())
                .filter(|(name, _)| !framing.contains(name) && !redaction.is_secret(name.as_str()))
                .map(|(name, value)| {
                    let text = String::from_utf8_lossy(value.as_bytes());
                    let text = redaction.redact_header(name.as_str(), &text);
                    (name.as_str().to_owned(), text)
                });
            let exchange = Exchange {
                method,
                target,
                request_body,
                status: response.status().as_u16(),
                headers: headers.collect(),
                response_body: response
                    .body()
                    .as_bytes()
                    .map(|body| redaction.redact_body(body))
                    .unwrap_or_default(),
            };
            let is_streamed = response.body().as_bytes().is_none();
            let index = self.recording.add(exchange);
            Ok(if is_streamed {
                response.map(|inner| {
                    ByteStream::new(Tee {
                        inner,
                        bytes: Vec::new(),
                        recording: self.recording.clone(),
                        redaction,
                        index,
                    })
                })
            } else {
                response
            })
        })
    }
}

/// A body that is passed on in chunks. When it is dropped, what was read of it is added to the recording.
struct Tee {
    inner: ByteStream,
    bytes: Vec<u8>,
    recording: Recording,
    redaction: ExchangeRedaction,
    /// The index of the exchange.
    index: usize,
}

impl Stream for Tee {
    type Item = Result<Vec<u8>, TransportError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let chunk = ready!(self.inner.poll_chunk(context));
        if let Some(Ok(chunk)) = &chunk {
            self.bytes.extend_from_slice(chunk);
        }
        Poll::Ready(chunk)
    }
}

impl Drop for Tee {
    fn drop(&mut self) {
        let body = self.redaction.redact_body(&self.bytes);
        if let Some(exchange) = self.recording.exchanges().get_mut(self.index) {
            exchange.response_body = body;
        }
    }
}
