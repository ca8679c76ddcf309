//! Answers that come in pages: one request after the other, as a stream.

use std::collections::BTreeSet;
use std::fmt;
use std::future::poll_fn;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::vec::IntoIter;

use futures_core::Stream;

#[cfg(feature = "blocking")]
use super::blocking::Waiting;
use super::call::{Endpoint, Response, finish};
use super::error::Error;
use super::link;
use super::output::{Decode, wrong};
use super::parts::Parts;
use super::transport::BoxFuture;

/// A request whose answer comes in pages.
pub trait Paged: Endpoint + Send + 'static {
    /// What is in a page.
    type Item: Send + 'static;
    #[doc(hidden)]
    const STYLE: PageStyle;
    /// Which page the request wants.
    #[doc(hidden)]
    fn start(&self) -> Option<String> {
        None
    }
    /// Lets it want another. `None` if it cannot say so.
    #[doc(hidden)]
    fn turn(&mut self, _to: &str) -> Option<()> {
        None
    }
    /// What an answer says of the next page.
    #[doc(hidden)]
    fn next(_answer: &Page<Self>) -> Option<String> {
        None
    }
    /// Whether an answer says that there is more.
    #[doc(hidden)]
    fn more(_answer: &Page<Self>) -> Option<bool> {
        None
    }
    /// How many items an answer holds.
    #[doc(hidden)]
    fn count(answer: &Page<Self>) -> Option<usize>;
    /// The items of an answer.
    #[doc(hidden)]
    fn take(answer: Page<Self>) -> Option<Vec<Self::Item>>;
}

/// How to get at the next page.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageStyle {
    /// The answer says what the next request starts with.
    Cursor,
    /// The last item of the answer says it.
    LastItem,
    /// The request says how many items to skip.
    Offset,
    /// The request says the number of the page.
    Number { first: u64 },
    /// The header `Link` says where it is.
    Link,
}

/// What a page is.
type Page<E> = <<E as Endpoint>::Output as Decode>::Value;

/// A page, and a digest of how it came.
type Arrived<E> = (Response<Page<E>>, u64);

/// All pages of an answer, one after the other: a [`Stream`] that sends a request whenever it is asked for a page.
///
/// It starts where the request says, or with the first page. It ends after the last page, or with an error; one page
/// that would lead back to another is an error too, so that it ends in any case.
#[must_use = "a stream does nothing until it is polled"]
pub struct Pages<E: Paged> {
    request: E,
    link: Option<String>,
    /// Digests of where pages started, or of what they held.
    seen: BTreeSet<u64>,
    is_first: bool,
    state: State<E>,
}

enum State<E: Paged> {
    /// There is another page.
    Ready,
    /// It has been asked for.
    Waiting(BoxFuture<'static, Result<Arrived<E>, Error>>),
    /// There would be another, but for this.
    Failed(Error),
    /// There is none.
    Done,
}

impl<E: Paged> Pages<E> {
    #[doc(hidden)]
    pub fn new(request: E) -> Self {
        let mut seen = BTreeSet::new();
        if matches!(E::STYLE, PageStyle::Cursor | PageStyle::LastItem) {
            seen.extend(request.start().as_ref().map(digest));
        }
        Self {
            request,
            link: None,
            seen,
            is_first: true,
            state: State::Ready,
        }
    }

    /// The next page; nothing after the last one, or after an error.
    ///
    /// # Errors
    /// As the method that makes the request says, and when a page leads back to one that came before.
    pub async fn next(&mut self) -> Option<Result<Page<E>, Error>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// The same, waited for where nothing is async.
    #[cfg(feature = "blocking")]
    pub fn wait(self) -> Waiting<Self> {
        Waiting::new(self)
    }

    fn ask(&self) -> BoxFuture<'static, Result<Arrived<E>, Error>> {
        let mut parts = Parts::default();
        self.request.fill(&mut parts);
        if let Some(link) = &self.link {
            // The link says everything that the caller has asked for.
            parts.query.clear();
            parts.link = Some(link.clone());
        }
        let client = self.request.client().clone();
        let going = client.execute(E::OPERATION, <E::Output as Decode>::ACCEPT, parts);
        Box::pin(async move {
            let received = going.await?;
            let held = digest(received.answer.body());
            Ok((finish::<E>(&client, received)?, held))
        })
    }

    /// Prepares for the page after this one. `None` if this one is past the end, and no page at all.
    fn arrived(&mut self, (page, held): Arrived<E>) -> Option<Page<E>> {
        let count = E::count(page.value()).unwrap_or_default();
        let is_first = std::mem::replace(&mut self.is_first, false);
        let until_empty = !matches!(E::STYLE, PageStyle::Cursor | PageStyle::Link);
        if until_empty && count == 0 {
            return is_first.then(|| page.into_value());
        }
        let next = match E::STYLE {
            PageStyle::Cursor | PageStyle::LastItem => match E::more(page.value()) {
                Some(false) => Ok(None),
                _ => self.cursor(E::next(page.value())),
            },
            PageStyle::Offset => self.counted(held, 0, count as u64).map(Some),
            PageStyle::Number { first } => self.counted(held, first, 1).map(Some),
            PageStyle::Link => self.linked(link::next(page.headers())),
        };
        self.state = match next {
            Ok(None) => State::Done,
            Ok(Some(())) => State::Ready,
            Err(why) => State::Failed(Error::decode_failed(wrong(&why)).of(E::OPERATION)),
        };
        Some(page.into_value())
    }

    fn cursor(&mut self, next: Option<String>) -> Result<Option<()>, String> {
        let Some(next) = next else { return Ok(None) };
        if !self.seen.insert(digest(&next)) {
            return Err(format!(
                "the next page would start at `{next}`, where one has started already"
            ));
        }
        self.turn(&next).map(Some)
    }

    /// A server that does not look at the number answers the same for ever.
    fn counted(&mut self, held: u64, first: u64, by: u64) -> Result<(), String> {
        if !self.seen.insert(held) {
            return Err("the page holds the same as one before".to_owned());
        }
        let at = match self.request.start() {
            Some(start) => start.parse().map_err(|_| cannot(&start))?,
            None => first,
        };
        self.turn(&(at + by).to_string())
    }

    fn linked(&mut self, next: Option<String>) -> Result<Option<()>, String> {
        if let Some(next) = &next {
            if !self.seen.insert(digest(next)) {
                return Err(format!(
                    "the next page would be `{next}`, which has come already"
                ));
            }
        }
        let is_more = next.is_some();
        self.link = next;
        Ok(is_more.then_some(()))
    }

    fn turn(&mut self, to: &str) -> Result<(), String> {
        self.request.turn(to).ok_or_else(|| cannot(to))
    }
}

fn cannot(to: &str) -> String {
    format!("the next page would start at `{to}`, which the request cannot say")
}

fn digest<T: Hash + ?Sized>(value: &T) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

// Nothing in it is ever pinned but the future, which is on the heap.
impl<E: Paged> Unpin for Pages<E> {}

impl<E: Paged> Stream for Pages<E> {
    type Item = Result<Page<E>, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        loop {
            match &mut this.state {
                State::Ready => this.state = State::Waiting(this.ask()),
                State::Waiting(going) => {
                    let arrived = ready!(going.as_mut().poll(context));
                    this.state = State::Done;
                    return Poll::Ready(match arrived {
                        Ok(arrived) => this.arrived(arrived).map(Ok),
                        Err(error) => Some(Err(error)),
                    });
                }
                State::Failed(_) => {
                    let state = std::mem::replace(&mut this.state, State::Done);
                    let State::Failed(error) = state else {
                        continue;
                    };
                    return Poll::Ready(Some(Err(error)));
                }
                State::Done => return Poll::Ready(None),
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

/// What is in all pages of an answer, one item at a time: a [`Stream`] that asks for the next page once the items of the
/// last one are taken. Like [`Pages`] it ends with an error.
#[must_use = "a stream does nothing until it is polled"]
pub struct Items<E: Paged> {
    pages: Pages<E>,
    left: IntoIter<E::Item>,
}

impl<E: Paged> Items<E> {
    #[doc(hidden)]
    pub fn new(request: E) -> Self {
        Self {
            pages: Pages::new(request),
            left: Vec::new().into_iter(),
        }
    }

    /// The next item; nothing after the last one, or after an error.
    ///
    /// # Errors
    /// As [`Pages::next`].
    pub async fn next(&mut self) -> Option<Result<E::Item, Error>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// The same, waited for where nothing is async.
    #[cfg(feature = "blocking")]
    pub fn wait(self) -> Waiting<Self> {
        Waiting::new(self)
    }

    /// Every item, once all pages have come.
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

impl<E: Paged> Unpin for Items<E> {}

impl<E: Paged> Stream for Items<E> {
    type Item = Result<E::Item, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        loop {
            if let Some(item) = this.left.next() {
                return Poll::Ready(Some(Ok(item)));
            }
            match ready!(Pin::new(&mut this.pages).poll_next(context)) {
                Some(Ok(page)) => this.left = E::take(page).unwrap_or_default().into_iter(),
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
