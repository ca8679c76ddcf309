//! JSON lines, and lines at all.

use std::fmt;
use std::future::poll_fn;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;

#[cfg(feature = "blocking")]
use super::blocking::Waiting;
use super::error::Error;
use super::output::wrong;
use super::stream::ByteStream;
use crate::private::{Wire, decode_json};

/// The lines of a body: they end with a line feed, a carriage return, or both.
pub(super) struct Split {
    bytes: ByteStream,
    held: Vec<u8>,
    /// What of `held` has been looked at, and given away.
    seen: usize,
    gone: usize,
    /// The last line ended with a carriage return, so that a line feed after it ends none.
    returned: bool,
    is_over: bool,
}

impl Split {
    pub(super) fn new(bytes: ByteStream) -> Self {
        Self {
            bytes,
            held: Vec::new(),
            seen: 0,
            gone: 0,
            returned: false,
            is_over: false,
        }
    }

    /// The next line without its end, and whether it had one.
    pub(super) fn poll(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<(String, bool), Error>>> {
        loop {
            if let Some(line) = self.line() {
                return Poll::Ready(Some(Ok((line, true))));
            }
            if self.is_over {
                let rest = self.held.split_off(self.gone.min(self.held.len()));
                self.held.clear();
                (self.seen, self.gone) = (0, 0);
                let rest = text(&rest);
                return Poll::Ready((!rest.is_empty()).then_some(Ok((rest, false))));
            }
            match ready!(Pin::new(&mut self.bytes).poll_next(context)) {
                Some(Ok(chunk)) => self.take(&chunk)?,
                Some(Err(error)) => {
                    self.end();
                    return Poll::Ready(Some(Err(error)));
                }
                None => self.is_over = true,
            }
        }
    }

    /// Nothing comes any more.
    pub(super) fn end(&mut self) {
        self.is_over = true;
        self.held.clear();
        (self.seen, self.gone) = (0, 0);
    }

    pub(super) fn error(&self, error: Error) -> Error {
        self.bytes.error(error)
    }

    pub(super) fn limit(&self) -> usize {
        self.bytes.limit
    }

    fn take(&mut self, chunk: &[u8]) -> Result<(), Error> {
        self.held.drain(..self.gone);
        self.seen -= self.gone;
        self.gone = 0;
        if self.held.len() > self.limit() {
            self.end();
            return Err(self.error(Error::decode_failed(wrong("a line is too long"))));
        }
        self.held.extend_from_slice(chunk);
        Ok(())
    }

    fn line(&mut self) -> Option<String> {
        if self.returned && self.held.get(self.gone).is_some() {
            self.returned = false;
            if self.held.get(self.gone) == Some(&b'\n') {
                self.gone += 1;
                self.seen = self.seen.max(self.gone);
            }
        }
        let unseen = self.held.get(self.seen..).unwrap_or_default();
        let Some(length) = unseen.iter().position(|byte| matches!(byte, b'\n' | b'\r')) else {
            self.seen = self.held.len();
            return None;
        };
        let end = self.seen + length;
        let line = text(self.held.get(self.gone..end).unwrap_or_default());
        self.returned = self.held.get(end) == Some(&b'\r');
        self.gone = end + 1;
        self.seen = self.gone;
        Some(line)
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The values of JSON lines, one a line: a [`Stream`] that ends with the body, or with an error. Empty lines are none.
#[must_use = "a stream does nothing until it is polled"]
pub struct Lines<T> {
    lines: Split,
    value: PhantomData<fn() -> T>,
}

impl<T> Lines<T> {
    pub(super) fn new(bytes: ByteStream) -> Self {
        Self {
            lines: Split::new(bytes),
            value: PhantomData,
        }
    }
}

impl<T: Wire> Lines<T> {
    /// The next value; nothing at the end.
    ///
    /// # Errors
    /// As [`ByteStream::next`], and when a line is not what it should be.
    pub async fn next(&mut self) -> Option<Result<T, Error>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// The same, waited for where nothing is async.
    #[cfg(feature = "blocking")]
    pub fn wait(self) -> Waiting<Self> {
        Waiting::new(self)
    }
}

impl<T: Wire> Stream for Lines<T> {
    type Item = Result<T, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        loop {
            let line = match ready!(this.lines.poll(context)) {
                Some(Ok((line, _))) => line,
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            };
            let line = line.trim_start_matches('\u{feff}').trim();
            if line.is_empty() {
                continue;
            }
            return Poll::Ready(Some(decode_json(line.as_bytes()).map_err(|why| {
                this.lines.end();
                this.lines.error(Error::decode_failed(why))
            })));
        }
    }
}

impl<T> fmt::Debug for Lines<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lines").finish_non_exhaustive()
    }
}
