//! Answers that are read as they come.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use futures_core::Stream;

use super::body::Body;
use super::error::Error;
use super::events::Events;
use super::lines::Lines;
use super::spec::Operation;
use super::transport::{BoxFuture, Limits, Transport, TransportError};

/// What a transport reads an answer from.
type Chunks = Pin<Box<dyn Stream<Item = Result<Vec<u8>, TransportError>> + Send>>;

/// The body of an answer, a piece at a time as it comes: a [`Stream`] that holds no more of it than one piece.
///
/// It ends with the body, or with an error.
#[must_use = "a stream does nothing until it is polled"]
pub struct ByteStream {
    chunks: Chunks,
    operation: Option<&'static Operation>,
    /// How long an event or a line may be.
    pub(super) limit: usize,
}

impl ByteStream {
    /// The body of an answer, for transports.
    pub fn new(
        chunks: impl Stream<Item = Result<Vec<u8>, TransportError>> + Send + 'static,
    ) -> Self {
        Self {
            chunks: Box::pin(chunks),
            operation: None,
            limit: usize::MAX,
        }
    }

    /// The next piece; nothing at the end.
    ///
    /// # Errors
    /// When the connection breaks, or nothing comes for the time that an attempt has.
    pub async fn next(&mut self) -> Option<Result<Vec<u8>, Error>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// The events of a `text/event-stream`.
    pub fn events(self) -> Events {
        Events::new(self)
    }

    /// The values of JSON lines: `application/jsonl`, `application/x-ndjson`.
    pub fn lines<T>(self) -> Lines<T> {
        Lines::new(self)
    }

    pub(super) fn of(mut self, operation: &'static Operation, limit: usize) -> Self {
        self.operation = Some(operation);
        self.limit = limit;
        self
    }

    pub(super) fn error(&self, error: Error) -> Error {
        match self.operation {
            Some(operation) => error.of(operation),
            None => error,
        }
    }

    /// All of it, as long as it is not too large.
    async fn whole(mut self, limit: usize) -> Result<Vec<u8>, TransportError> {
        let mut all = Vec::new();
        while let Some(chunk) = poll_fn(|context| self.chunks.as_mut().poll_next(context)).await {
            let chunk = chunk?;
            if chunk.len() > limit - all.len() {
                return Err(TransportError::too_large(limit));
            }
            all.extend_from_slice(&chunk);
        }
        Ok(all)
    }
}

impl Stream for ByteStream {
    type Item = Result<Vec<u8>, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        let chunk = ready!(this.chunks.as_mut().poll_next(context));
        Poll::Ready(chunk.map(|chunk| chunk.map_err(|why| this.error(Error::transport(why)))))
    }
}

/// A body that is there already is a stream of one piece.
impl From<Vec<u8>> for ByteStream {
    fn from(body: Vec<u8>) -> Self {
        Self::new(Once(Some(body).filter(|body| !body.is_empty())))
    }
}

struct Once(Option<Vec<u8>>);

impl Stream for Once {
    type Item = Result<Vec<u8>, TransportError>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(self.0.take().map(Ok))
    }
}

impl fmt::Debug for ByteStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ByteStream").finish_non_exhaustive()
    }
}

/// A transport for one call, which keeps the body of a success aside as a stream: to the attempts a call makes, an
/// answer has come when its head has. What is no success is read whole, for what it says.
pub(super) struct Opening {
    inner: Arc<dyn Transport>,
    opened: Mutex<Option<ByteStream>>,
}

impl Opening {
    pub(super) fn new(inner: &Arc<dyn Transport>) -> Self {
        Self {
            inner: Arc::clone(inner),
            opened: Mutex::new(None),
        }
    }

    /// What was kept aside.
    pub(super) fn take(&self) -> ByteStream {
        let mut opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        opened.take().unwrap_or_else(|| Vec::new().into())
    }
}

impl Transport for Opening {
    fn send(
        &self,
        request: http::Request<Body>,
        limits: Limits,
    ) -> BoxFuture<'_, Result<http::Response<Vec<u8>>, TransportError>> {
        Box::pin(async move {
            let (head, body) = self.inner.stream(request, limits).await?.into_parts();
            if !head.status.is_success() {
                let body = body.whole(limits.response_size).await?;
                return Ok(http::Response::from_parts(head, body));
            }
            let mut opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
            *opened = Some(body);
            Ok(http::Response::from_parts(head, Vec::new()))
        })
    }
}
