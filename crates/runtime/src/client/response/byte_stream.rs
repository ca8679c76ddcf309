use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use futures_core::Stream;

#[cfg(feature = "blocking")]
use crate::client::blocking::BlockingIter;
use crate::client::error::{Error, TransportError};
use crate::client::redaction::Redactor;
use crate::client::spec::Operation;

enum Source {
    /// The complete body.
    Buffered(Vec<u8>),
    Chunks(Pin<Box<dyn Stream<Item = Result<Vec<u8>, TransportError>> + Send>>),
}

/// The body of a response: a [`Stream`] of chunks, of which only one is in memory at a time.
///
/// It ends with the body, or with an error. [`RequestExt::stream`](crate::RequestExt::stream) returns one;
/// [`events`](Self::events) and [`json_lines`](Self::json_lines) decode it. A
/// [`Transport`](crate::Transport) creates it with [`new`](Self::new), or from a complete body with `From<Vec<u8>>`.
///
/// ```
/// # use observatory_runtime::{Endpoint, Error, RequestExt};
/// # async fn example<E: Endpoint + 'static>(request: E) -> Result<(), Error> {
/// let mut body = request.stream().await?.into_value();
/// while let Some(chunk) = body.next().await {
///     println!("{} bytes", chunk?.len());
/// }
/// # Ok(())
/// # }
/// ```
#[must_use = "a stream does nothing until it is polled"]
pub struct ByteStream {
    source: Source,
    context: StreamContext,
}

/// What a stream takes from its call.
#[derive(Clone)]
pub(crate) struct StreamContext {
    /// The operation that errors name.
    pub operation: Option<&'static Operation>,
    pub redactor: Arc<Redactor>,
    /// The maximum length of an event or a line.
    pub limit: usize,
}

impl StreamContext {
    /// Adds the operation to an error, and redacts it. `source` is the text that a decode error quotes.
    pub(super) fn error(&self, error: Error, source: &[u8]) -> Error {
        let error = error.redact(&self.redactor, source);
        match self.operation {
            Some(operation) => error.with_operation(operation),
            None => error,
        }
    }
}

impl ByteStream {
    /// Creates a body from its chunks. For transports.
    pub fn new(
        chunks: impl Stream<Item = Result<Vec<u8>, TransportError>> + Send + 'static,
    ) -> Self {
        Self::from(Source::Chunks(Box::pin(chunks)))
    }

    /// Returns the body if it is complete, or `None` if it is read in chunks.
    pub fn as_bytes(&self) -> Option<&[u8]> {
        match &self.source {
            Source::Buffered(bytes) => Some(bytes),
            Source::Chunks(_) => None,
        }
    }

    /// Returns the next chunk, or `None` at the end.
    ///
    /// # Errors
    /// If the connection is interrupted, or no chunk arrives within the
    /// [attempt timeout](crate::ClientBuilder::attempt_timeout).
    pub async fn next(&mut self) -> Option<Result<Vec<u8>, Error>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// Converts the stream into a blocking iterator.
    #[cfg(feature = "blocking")]
    pub fn wait(self) -> BlockingIter<Self> {
        BlockingIter::new(self)
    }

    pub(crate) fn with_context(self, context: StreamContext) -> Self {
        Self { context, ..self }
    }

    pub(super) fn context(&self) -> &StreamContext {
        &self.context
    }

    /// Reads the complete body.
    ///
    /// # Errors
    /// If reading fails, or the body has more than `limit` bytes.
    pub(crate) async fn read_all(self, limit: usize) -> Result<Vec<u8>, TransportError> {
        let all = self.read_beyond(limit).await?;
        if all.len() > limit {
            return Err(TransportError::too_large(limit));
        }
        Ok(all)
    }

    /// Reads the body up to `limit` bytes.
    ///
    /// # Errors
    /// If reading fails.
    pub(crate) async fn read_start(self, limit: usize) -> Result<Vec<u8>, TransportError> {
        let mut start = self.read_beyond(limit).await?;
        start.truncate(limit);
        Ok(start)
    }

    /// Reads the body, but no further after `limit` is exceeded.
    async fn read_beyond(mut self, limit: usize) -> Result<Vec<u8>, TransportError> {
        let mut all = match &mut self.source {
            Source::Buffered(bytes) => std::mem::take(bytes),
            Source::Chunks(_) => Vec::new(),
        };
        while let Some(chunk) = poll_fn(|context| self.poll_chunk(context)).await {
            all.extend_from_slice(&chunk?);
            if all.len() > limit {
                break;
            }
        }
        Ok(all)
    }

    /// Returns a body that is complete; empty if it is read in chunks.
    pub(crate) fn into_bytes(self) -> Vec<u8> {
        match self.source {
            Source::Buffered(bytes) => bytes,
            Source::Chunks(_) => Vec::new(),
        }
    }

    pub(crate) fn poll_chunk(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Vec<u8>, TransportError>>> {
        match &mut self.source {
            Source::Buffered(bytes) => {
                let bytes = std::mem::take(bytes);
                Poll::Ready(Some(bytes).filter(|bytes| !bytes.is_empty()).map(Ok))
            }
            Source::Chunks(chunks) => chunks.as_mut().poll_next(context),
        }
    }
}

impl Stream for ByteStream {
    type Item = Result<Vec<u8>, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        let chunk = ready!(this.poll_chunk(context));
        Poll::Ready(
            chunk.map(|chunk| {
                chunk.map_err(|error| this.context.error(Error::transport(error), b""))
            }),
        )
    }
}

impl From<Source> for ByteStream {
    fn from(source: Source) -> Self {
        Self {
            source,
            context: StreamContext {
                operation: None,
                redactor: Arc::default(),
                limit: usize::MAX,
            },
        }
    }
}

/// Creates a body that is complete: a stream of one chunk.
impl From<Vec<u8>> for ByteStream {
    fn from(body: Vec<u8>) -> Self {
        Self::from(Source::Buffered(body))
    }
}

impl fmt::Debug for ByteStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ByteStream").finish_non_exhaustive()
    }
}
