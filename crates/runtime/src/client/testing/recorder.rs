//! A transport that keeps what passes through it.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;
use http::header::{CONTENT_ENCODING, CONTENT_LENGTH, TRANSFER_ENCODING};

use super::{Exchange, Recording};
use crate::client::body::Body;
use crate::client::stream::ByteStream;
use crate::client::transport::{BoxFuture, Limits, Transport, TransportError};

/// Keeps what passes through it; [`Recording::recorder`] makes one.
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
        let redaction = &self.recording.redaction;
        let method = request.method().to_string();
        let target = redaction.target(request.uri());
        let sent = redaction.sent(&request);
        Box::pin(async move {
            let answer = self.inner.send(request, limits).await?;
            // The body is unpacked by now, and may have another length once it is redacted.
            let of_transfer = [CONTENT_ENCODING, CONTENT_LENGTH, TRANSFER_ENCODING];
            let headers = (answer.headers().iter())
                .filter(|(name, _)| !of_transfer.contains(name))
                .map(|(name, value)| {
                    let text = String::from_utf8_lossy(value.as_bytes()).into_owned();
                    let text = redaction.value_of_header(name.as_str(), text);
                    (name.as_str().to_owned(), text)
                });
            let exchange = Exchange {
                method,
                target,
                sent,
                status: answer.status().as_u16(),
                headers: headers.collect(),
                received: answer
                    .body()
                    .as_bytes()
                    .map(|body| redaction.body(body))
                    .unwrap_or_default(),
            };
            let streamed = answer.body().as_bytes().is_none();
            let place = self.recording.keep(exchange);
            Ok(if streamed {
                answer.map(|inner| {
                    ByteStream::new(Tee {
                        inner,
                        read: Vec::new(),
                        recording: self.recording.clone(),
                        place,
                    })
                })
            } else {
                answer
            })
        })
    }
}

/// A body on its way to whoever reads it, of which the recording keeps as much as was read.
struct Tee {
    inner: ByteStream,
    read: Vec<u8>,
    recording: Recording,
    /// Which exchange it is of.
    place: usize,
}

impl Stream for Tee {
    type Item = Result<Vec<u8>, TransportError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let chunk = ready!(self.inner.poll_chunk(context));
        if let Some(Ok(chunk)) = &chunk {
            self.read.extend_from_slice(chunk);
        }
        Poll::Ready(chunk)
    }
}

impl Drop for Tee {
    fn drop(&mut self) {
        let received = self.recording.redaction.body(&self.read);
        if let Some(exchange) = self.recording.exchanges().get_mut(self.place) {
            exchange.received = received;
        }
    }
}
