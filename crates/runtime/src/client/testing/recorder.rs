//! A transport that keeps what passes through it.

use http::header::{CONTENT_ENCODING, CONTENT_LENGTH, TRANSFER_ENCODING};

use super::{Exchange, Recording};
use crate::client::body::Body;
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
    ) -> BoxFuture<'_, Result<http::Response<Vec<u8>>, TransportError>> {
        let redaction = &self.recording.redaction;
        let method = request.method().to_string();
        let target = redaction.target(request.uri());
        let sent = redaction.body(request.body().as_bytes());
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
                received: redaction.body(answer.body()),
            };
            self.recording.exchanges().push(exchange);
            Ok(answer)
        })
    }
}
