//! Server-sent events.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;

#[cfg(feature = "blocking")]
use super::blocking::Waiting;
use super::error::Error;
use super::lines::Split;
use super::output::wrong;
use super::stream::ByteStream;
use crate::private::{Wire, decode_json};

/// One event of a `text/event-stream`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Event {
    /// What kind of event it is; `message`, where the server says nothing.
    pub event: String,
    /// What it says, lines joined.
    pub data: String,
    /// The id that the server gave last.
    pub id: Option<String>,
}

impl Event {
    /// What it says, as a value.
    ///
    /// # Errors
    /// When it is something else. Some servers end with an event that is none, such as `[DONE]`.
    pub fn decode<T: Wire>(&self) -> Result<T, Error> {
        decode_json(self.data.as_bytes()).map_err(Error::decode_failed)
    }
}

/// The events of a `text/event-stream`: a [`Stream`] that ends with the body, or with an error. An event that was not
/// finished when the body ended is none.
#[must_use = "a stream does nothing until it is polled"]
pub struct Events {
    lines: Split,
    is_first: bool,
    name: String,
    data: Option<String>,
    id: Option<String>,
}

impl Events {
    pub(super) fn new(bytes: ByteStream) -> Self {
        Self {
            lines: Split::new(bytes),
            is_first: true,
            name: String::new(),
            data: None,
            id: None,
        }
    }

    /// The next event; nothing at the end.
    ///
    /// # Errors
    /// As [`ByteStream::next`].
    pub async fn next(&mut self) -> Option<Result<Event, Error>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// The same, waited for where nothing is async.
    #[cfg(feature = "blocking")]
    pub fn wait(self) -> Waiting<Self> {
        Waiting::new(self)
    }

    /// Takes in a line; an empty one finishes the event, if it says anything.
    fn line(&mut self, line: &str) -> Option<Event> {
        if line.is_empty() {
            let name = std::mem::take(&mut self.name);
            return Some(Event {
                data: self.data.take()?,
                event: if name.is_empty() {
                    "message".to_owned()
                } else {
                    name
                },
                id: self.id.clone(),
            });
        }
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "event" => value.clone_into(&mut self.name),
            "data" => match &mut self.data {
                Some(data) => {
                    data.push('\n');
                    data.push_str(value);
                }
                None => self.data = Some(value.to_owned()),
            },
            "id" if !value.contains('\0') => self.id = Some(value.to_owned()),
            // Comments, the time to wait before the next connection, and what nobody knows.
            _ => {}
        }
        None
    }
}

impl Stream for Events {
    type Item = Result<Event, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        loop {
            let line = match ready!(this.lines.poll(context)) {
                Some(Ok((line, true))) => line,
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                Some(Ok((_, false))) | None => return Poll::Ready(None),
            };
            let is_first = std::mem::replace(&mut this.is_first, false);
            let line = line
                .strip_prefix('\u{feff}')
                .filter(|_| is_first)
                .unwrap_or(&line);
            if let Some(event) = this.line(line) {
                return Poll::Ready(Some(Ok(event)));
            }
            if this
                .data
                .as_ref()
                .is_some_and(|data| data.len() > this.lines.limit())
            {
                this.lines.end();
                let error = Error::decode_failed(wrong("an event is too long"));
                return Poll::Ready(Some(Err(this.lines.error(error))));
            }
        }
    }
}

impl fmt::Debug for Events {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Events").finish_non_exhaustive()
    }
}
