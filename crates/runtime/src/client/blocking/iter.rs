use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;

use futures_core::Stream;

use super::block_on;
use crate::client::error::Error;

/// A blocking iterator over a stream of pages, items, chunks, events or JSON lines.
///
/// The method `wait` of the stream creates one. Each call of `next` blocks the thread until the next element is there.
/// It also works inside a tokio runtime.
#[must_use = "an iterator does nothing until it is consumed"]
pub struct BlockingIter<S>(Option<S>);

impl<S> BlockingIter<S> {
    pub(crate) fn new(stream: S) -> Self {
        Self(Some(stream))
    }
}

impl<S, T> Iterator for BlockingIter<S>
where
    S: Stream<Item = Result<T, Error>> + Send + Unpin + 'static,
    T: Send + 'static,
{
    type Item = Result<T, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut stream = self.0.take()?;
        let next = async move {
            let item = poll_fn(|context| Pin::new(&mut stream).poll_next(context)).await;
            Ok((stream, item))
        };
        match block_on(next) {
            Ok((stream, item)) => {
                self.0 = Some(stream).filter(|_| item.is_some());
                item
            }
            Err(error) => Some(Err(error)),
        }
    }
}

impl<S> fmt::Debug for BlockingIter<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BlockingIter").finish_non_exhaustive()
    }
}
