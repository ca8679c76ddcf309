use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::vec::IntoIter;

use futures_core::Stream;

use super::paged::Paged;
use super::paginator::Pages;
#[cfg(feature = "blocking")]
use crate::client::blocking::BlockingIter;
use crate::client::error::Error;

/// The items of all pages: a [`Stream`] that requests the next page when the items of the last one are consumed.
///
/// Like [`Pages`], it ends after the last page, or with an error. A hundred pages without items in a row are an error:
/// a server that always names another page would be requested forever.
#[must_use = "a stream does nothing until it is polled"]
pub struct Items<E: Paged> {
    pages: Pages<E>,
    remaining: IntoIter<E::Item>,
    /// The number of pages without items since the last item.
    empty_pages: usize,
}

/// The number of pages without items in a row after which no other page is requested.
const MAX_EMPTY_PAGES: usize = 100;

impl<E: Paged> Items<E> {
    #[doc(hidden)]
    pub fn new(request: E) -> Self {
        Self {
            pages: Pages::new(request),
            remaining: Vec::new().into_iter(),
            empty_pages: 0,
        }
    }

    /// Returns the next item, or `None` after the last one or after an error.
    ///
    /// # Errors
    /// As [`Pages::next`].
    pub async fn next(&mut self) -> Option<Result<E::Item, Error>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// Converts the stream into a blocking iterator.
    #[cfg(feature = "blocking")]
    pub fn wait(self) -> BlockingIter<Self> {
        BlockingIter::new(self)
    }

    /// Requests all pages and returns their items.
    ///
    /// # Errors
    /// As [`Pages::next`].
    pub async fn all(mut self) -> Result<Vec<E::Item>, Error> {
        let mut all = Vec::new();
        while let Some(item) = self.next().await {
            all.push(item?);
        }
        Ok(all)
    }
}

// Only `pages` is polled, and it is `Unpin`.
impl<E: Paged> Unpin for Items<E> {}

impl<E: Paged> Stream for Items<E> {
    type Item = Result<E::Item, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        loop {
            if let Some(item) = this.remaining.next() {
                this.empty_pages = 0;
                return Poll::Ready(Some(Ok(item)));
            }
            if this.empty_pages == MAX_EMPTY_PAGES {
                this.pages.finish();
                this.empty_pages = 0;
                let message = format!("{MAX_EMPTY_PAGES} pages in a row have no items");
                let error = Error::invalid_response(&message).with_operation(E::OPERATION);
                return Poll::Ready(Some(Err(error)));
            }
            match ready!(Pin::new(&mut this.pages).poll_next(context)) {
                Some(Ok(page)) => {
                    this.empty_pages += 1;
                    this.remaining = E::into_items(page).unwrap_or_default().into_iter();
                }
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
    }
}

impl<E: Paged> fmt::Debug for Items<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items")
            .field("pages", &self.pages)
            .finish_non_exhaustive()
    }
}
