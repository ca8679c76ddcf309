//! Answers that are read as they come.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;

#[cfg(feature = "blocking")]
use super::blocking::Waiting;
use super::error::Error;
use super::events::Events;
use super::lines::Lines;
use super::spec::Operation;
use super::transport::TransportError;

/// What a transport reads an answer from.
enum Source {
    /// All of it is there already.
    Whole(Vec<u8>),
    Chunks(Pin<Box<dyn Stream<Item = Result<Vec<u8>, TransportError>> + Send>>),
}

/// The body of an answer, a piece at a time as it comes: a [`Stream`] that holds no more of it than one piece.
///
/// It ends with the body, or with an error.
#[must_use = "a stream does nothing until it is polled"]
pub struct ByteStream {
    source: Source,
    operation: Option<&'static Operation>,
    /// How long an event or a line may be.
    pub(super) limit: usize,
}

impl ByteStream {
    /// The body of an answer, for transports.
    pub fn new(
        chunks: impl Stream<Item = Result<Vec<u8>, TransportError>> + Send + 'static,
    ) -> Self {
        Self::from(Source::Chunks(Box::pin(chunks)))
    }

    /// The body, if all of it is there already.
    pub fn as_bytes(&self) -> Option<&[u8]> {
        match &self.source {
            Source::Whole(bytes) => Some(bytes),
            Source::Chunks(_) => None,
        }
    }

    /// The next piece; nothing at the end.
    ///
    /// # Errors
    /// When the connection breaks, or nothing comes for the time that an attempt has.
    pub async fn next(&mut self) -> Option<Result<Vec<u8>, Error>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// The same, waited for where nothing is async.
    #[cfg(feature = "blocking")]
    pub fn wait(self) -> Waiting<Self> {
        Waiting::new(self)
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
    pub(super) async fn whole(mut self, limit: usize) -> Result<Vec<u8>, TransportError> {
        let mut all = match &mut self.source {
            Source::Whole(bytes) => std::mem::take(bytes),
            Source::Chunks(_) => Vec::new(),
        };
        while let Some(chunk) = poll_fn(|context| self.poll_chunk(context)).await {
            all.extend_from_slice(&chunk?);
            if all.len() > limit {
                break;
            }
        }
        if all.len() > limit {
            return Err(TransportError::too_large(limit));
        }
        Ok(all)
    }

    /// What is there already.
    pub(super) fn into_bytes(self) -> Vec<u8> {
        match self.source {
            Source::Whole(bytes) => bytes,
            Source::Chunks(_) => Vec::new(),
        }
    }

    pub(super) fn poll_chunk(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Vec<u8>, TransportError>>> {
        match &mut self.source {
            Source::Whole(bytes) => {
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
        Poll::Ready(chunk.map(|chunk| chunk.map_err(|why| this.error(Error::transport(why)))))
    }
}

impl From<Source> for ByteStream {
    fn from(source: Source) -> Self {
        Self {
            source,
            operation: None,
            limit: usize::MAX,
        }
    }
}

/// A body that is there already is a stream of one piece.
impl From<Vec<u8>> for ByteStream {
    fn from(body: Vec<u8>) -> Self {
        Self::from(Source::Whole(body))
    }
}

impl fmt::Debug for ByteStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ByteStream").finish_non_exhaustive()
    }
}
