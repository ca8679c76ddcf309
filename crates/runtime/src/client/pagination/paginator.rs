//! Requests one page after the other.

use std::collections::BTreeSet;
use std::fmt;
use std::future::poll_fn;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;

use super::paged::{PageOf, PageStyle, Paged};
#[cfg(feature = "blocking")]
use crate::client::blocking::BlockingIter;
use crate::client::call::{Response, accepted, decode_response, exchange};
use crate::client::error::Error;
use crate::client::headers::next_link;
use crate::client::request::RequestParts;
use crate::client::transport::BoxFuture;

/// A page, and a hash of its encoded body.
type ReceivedPage<E> = (Response<PageOf<E>>, u64);

/// The pages of a response: a [`Stream`] that sends a request for each page.
///
/// It starts at the position in the request, or with the first page. It ends after the last page, or with an error. A
/// page that repeats an earlier one, or refers back to it, is an error, so that the stream always ends.
#[must_use = "a stream does nothing until it is polled"]
pub struct Pages<E: Paged> {
    request: E,
    /// The URL of the next page, from the header `Link`.
    link: Option<String>,
    /// Hashes of the positions or links of earlier pages, or of their bodies.
    seen: BTreeSet<u64>,
    is_first: bool,
    state: State<E>,
}

enum State<E: Paged> {
    /// The next page has not been requested.
    Ready,
    Requested(BoxFuture<'static, Result<ReceivedPage<E>, Error>>),
    /// The next page cannot be requested, for this reason.
    Failed(Error),
    /// There is no next page.
    Finished,
}

impl<E: Paged> Pages<E> {
    #[doc(hidden)]
    pub fn new(request: E) -> Self {
        let mut seen = BTreeSet::new();
        if matches!(E::STYLE, PageStyle::Cursor | PageStyle::LastItem) {
            seen.extend(request.position().as_ref().map(hash_of));
        }
        Self {
            request,
            link: None,
            seen,
            is_first: true,
            state: State::Ready,
        }
    }

    /// Returns the next page, or `None` after the last one or after an error.
    ///
    /// # Errors
    /// As the method of the operation documents, and if a page refers back to an earlier one.
    pub async fn next(&mut self) -> Option<Result<PageOf<E>, Error>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// Converts the stream into a blocking iterator.
    #[cfg(feature = "blocking")]
    pub fn wait(self) -> BlockingIter<Self> {
        BlockingIter::new(self)
    }

    /// Requests no further page.
    pub(super) fn finish(&mut self) {
        self.state = State::Finished;
    }

    fn request_page(&self) -> BoxFuture<'static, Result<ReceivedPage<E>, Error>> {
        let mut parts = RequestParts::default();
        self.request.fill(&mut parts);
        if let Some(link) = &self.link {
            // The link contains all parameters of the query.
            parts.query.clear();
            parts.page_link = Some(link.clone());
        }
        let client = self.request.client().clone();
        let exchange = exchange(&client, E::OPERATION, accepted(&self.request), parts);
        Box::pin(async move {
            let received = exchange.await?;
            let hash = hash_of(received.response.body());
            Ok((decode_response::<E>(&client, received)?, hash))
        })
    }

    /// Prepares the request of the next page, and returns this one. Returns `None` if this one is empty and past the
    /// end.
    fn accept_page(&mut self, (page, hash): ReceivedPage<E>) -> Option<PageOf<E>> {
        let count = E::item_count(page.value()).unwrap_or_default();
        let is_first = std::mem::replace(&mut self.is_first, false);
        let ends_with_empty_page = !matches!(E::STYLE, PageStyle::Cursor | PageStyle::Link);
        if ends_with_empty_page && count == 0 {
            return is_first.then(|| page.into_value());
        }
        let next = match E::STYLE {
            PageStyle::Cursor | PageStyle::LastItem => match E::has_more(page.value()) {
                Some(false) => Ok(None),
                _ => self.advance_to(E::next_position(page.value())),
            },
            PageStyle::Offset => self.advance_by(hash, 0, count as u64).map(Some),
            PageStyle::Number { first } if self.is_last_page(first, page.value()) => Ok(None),
            PageStyle::Number { first } => self.advance_by(hash, first, 1).map(Some),
            PageStyle::Link => self.follow_link(next_link(page.headers())),
        };
        self.state = match next {
            Ok(None) => State::Finished,
            Ok(Some(())) => State::Ready,
            Err(message) => {
                let redactor = &self.request.client().config().redactor;
                let error = Error::invalid_response(&message).redact(redactor, b"");
                State::Failed(error.with_operation(E::OPERATION))
            }
        };
        Some(page.into_value())
    }

    /// Advances to the position that the page names. Returns `Ok(None)` if it names none.
    fn advance_to(&mut self, next: Option<String>) -> Result<Option<()>, String> {
        let Some(next) = next else { return Ok(None) };
        if !self.seen.insert(hash_of(&next)) {
            return Err(format!("repeated page position `{next}`"));
        }
        self.set_position(&next).map(Some)
    }

    /// Adds `step` to the position. An identical body is an error: the server ignores the position, and would return
    /// the same page forever.
    fn advance_by(&mut self, hash: u64, first: u64, step: u64) -> Result<(), String> {
        if !self.seen.insert(hash) {
            return Err("the page repeats an earlier one".to_owned());
        }
        let current = match self.request.position() {
            Some(position) => position.parse().map_err(|_| invalid_position(&position))?,
            None => first,
        };
        self.set_position(&current.saturating_add(step).to_string())
    }

    /// Returns whether the page declares the number of pages, and is the last of them.
    fn is_last_page(&self, first: u64, page: &PageOf<E>) -> bool {
        let number = |text: String| text.parse::<f64>().ok();
        let Some(total) = E::total_pages(page).and_then(number) else {
            return false;
        };
        let current = self.request.position().and_then(number);
        current.unwrap_or(first as f64) - first as f64 + 1.0 >= total
    }

    /// Advances to the linked page. Returns `Ok(None)` if there is no link.
    fn follow_link(&mut self, next: Option<String>) -> Result<Option<()>, String> {
        if let Some(next) = &next {
            if !self.seen.insert(hash_of(next)) {
                return Err(format!("repeated page link `{next}`"));
            }
        }
        let has_next = next.is_some();
        self.link = next;
        Ok(has_next.then_some(()))
    }

    fn set_position(&mut self, position: &str) -> Result<(), String> {
        let set = self.request.set_position(position);
        set.ok_or_else(|| invalid_position(position))
    }
}

fn invalid_position(position: &str) -> String {
    format!("the request cannot represent the page position `{position}`")
}

fn hash_of<T: Hash + ?Sized>(value: &T) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

// Only the future is pinned, and it is boxed.
impl<E: Paged> Unpin for Pages<E> {}

impl<E: Paged> Stream for Pages<E> {
    type Item = Result<PageOf<E>, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        loop {
            match &mut this.state {
                State::Ready => this.state = State::Requested(this.request_page()),
                State::Requested(page) => {
                    let page = ready!(page.as_mut().poll(context));
                    this.state = State::Finished;
                    return Poll::Ready(match page {
                        Ok(page) => this.accept_page(page).map(Ok),
                        Err(error) => Some(Err(error)),
                    });
                }
                State::Failed(_) => {
                    let state = std::mem::replace(&mut this.state, State::Finished);
                    let State::Failed(error) = state else {
                        continue;
                    };
                    return Poll::Ready(Some(Err(error)));
                }
                State::Finished => return Poll::Ready(None),
            }
        }
    }
}

impl<E: Paged> fmt::Debug for Pages<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages")
            .field("method", &E::OPERATION.method)
            .field("path", &E::OPERATION.path)
            .finish_non_exhaustive()
    }
}
