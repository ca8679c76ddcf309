use std::fmt;
use std::future::poll_fn;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use futures_core::Stream;

use super::byte_stream::ByteStream;
use super::line_reader::LineReader;
#[cfg(feature = "blocking")]
use crate::client::blocking::BlockingIter;
use crate::client::error::Error;
use crate::client::redaction::Redactor;
use crate::private::{Wire, decode_json};

/// One server-sent event of a `text/event-stream`.
#[derive(Clone, Default)]
#[non_exhaustive]
pub struct Event {
    /// The event type; `message` by default.
    pub event: String,
    /// The data; several `data` lines are joined with line feeds.
    pub data: String,
    /// The last ID that the server sent, in this event or in an earlier one.
    pub id: Option<String>,
    redactor: Arc<Redactor>,
}

impl Event {
    /// Decodes the data as a JSON value.
    ///
    /// # Errors
    /// If the data is not valid JSON of the type `T`. Some servers end the stream with an event that is not JSON, such
    /// as `[DONE]`.
    pub fn decode<T: Wire>(&self) -> Result<T, Error> {
        let text = self.data.as_bytes();
        decode_json(text).map_err(|error| Error::decode_failed(error).redact(&self.redactor, text))
    }
}

impl PartialEq for Event {
    fn eq(&self, other: &Self) -> bool {
        (&self.event, &self.data, &self.id) == (&other.event, &other.data, &other.id)
    }
}

impl Eq for Event {}

impl fmt::Debug for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Event")
            .field("event", &self.event)
            .field("data", &self.data)
            .field("id", &self.id)
            .finish()
    }
}

/// The events of a `text/event-stream`: a [`Stream`] that ends with the body, or with an error.
///
/// [`ByteStream::events`] creates one. An event that is incomplete when the body ends is discarded, as the HTML
/// standard (section 9.2.6) requires.
#[must_use = "a stream does nothing until it is polled"]
pub struct Events {
    lines: LineReader,
    is_first_line: bool,
    event: String,
    data: Option<String>,
    id: Option<String>,
}

impl ByteStream {
    /// Decodes the body as server-sent events: `text/event-stream`.
    pub fn events(self) -> Events {
        Events {
            lines: LineReader::new(self),
            is_first_line: true,
            event: String::new(),
            data: None,
            id: None,
        }
    }
}

impl Events {
    /// Returns the next event, or `None` at the end.
    ///
    /// # Errors
    /// As [`ByteStream::next`].
    pub async fn next(&mut self) -> Option<Result<Event, Error>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// Converts the stream into a blocking iterator.
    #[cfg(feature = "blocking")]
    pub fn wait(self) -> BlockingIter<Self> {
        BlockingIter::new(self)
    }

    /// Processes one line. An empty line completes the event, if it has data.
    fn process_line(&mut self, line: &str) -> Option<Event> {
        if line.is_empty() {
            let event = std::mem::take(&mut self.event);
            return Some(Event {
                data: self.data.take()?,
                event: if event.is_empty() {
                    "message".to_owned()
                } else {
                    event
                },
                id: self.id.clone(),
                redactor: Arc::clone(&self.lines.context().redactor),
            });
        }
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "event" => value.clone_into(&mut self.event),
            "data" => match &mut self.data {
                Some(data) => {
                    data.push('\n');
                    data.push_str(value);
                }
                None => self.data = Some(value.to_owned()),
            },
            "id" if !value.contains('\0') => self.id = Some(value.to_owned()),
            // Comments, `retry`, and unknown fields are ignored.
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
            let line = match ready!(this.lines.poll_line(context)) {
                Some(Ok((line, true))) => line,
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                Some(Ok((_, false))) | None => return Poll::Ready(None),
            };
            let is_first = std::mem::replace(&mut this.is_first_line, false);
            let line = line
                .strip_prefix('\u{feff}')
                .filter(|_| is_first)
                .unwrap_or(&line);
            if let Some(event) = this.process_line(line) {
                return Poll::Ready(Some(Ok(event)));
            }
            if this
                .data
                .as_ref()
                .is_some_and(|data| data.len() > this.lines.context().limit)
            {
                this.lines.finish();
                let error = Error::invalid_response("event too long");
                return Poll::Ready(Some(Err(this.lines.context().error(error, b""))));
            }
        }
    }
}

impl fmt::Debug for Events {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Events").finish_non_exhaustive()
    }
}

/// The decoded data of server-sent events: a [`Stream`] that ends with the body, with the event `[DONE]`, or with an error.
///
/// [`Events::values`] creates one.
#[must_use = "a stream does nothing until it is polled"]
pub struct EventValues<T> {
    events: Events,
    value: PhantomData<fn() -> T>,
}

/// The data of the last event of some streams, which is not JSON.
const END_OF_STREAM: &str = "[DONE]";

impl Events {
    /// Decodes the data of every event as a JSON value.
    pub fn values<T: Wire>(self) -> EventValues<T> {
        EventValues {
            events: self,
            value: PhantomData,
        }
    }
}

impl<T: Wire> EventValues<T> {
    /// Returns the next value, or `None` at the end.
    ///
    /// # Errors
    /// As [`Events::next`], and if the data of an event is not valid JSON of the type `T`.
    pub async fn next(&mut self) -> Option<Result<T, Error>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// Returns the events with their types and IDs, as they are.
    pub fn into_events(self) -> Events {
        self.events
    }

    /// Converts the stream into a blocking iterator.
    #[cfg(feature = "blocking")]
    pub fn wait(self) -> BlockingIter<Self> {
        BlockingIter::new(self)
    }
}

impl<T: Wire> Stream for EventValues<T> {
    type Item = Result<T, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        let event = match ready!(Pin::new(&mut this.events).poll_next(context)) {
            Some(Ok(event)) if event.data.trim() == END_OF_STREAM => {
                this.events.lines.finish();
                return Poll::Ready(None);
            }
            Some(Ok(event)) => event,
            Some(Err(error)) => return Poll::Ready(Some(Err(error))),
            None => return Poll::Ready(None),
        };
        let decoded = decode_json(event.data.as_bytes());
        Poll::Ready(Some(decoded.map_err(|error| {
            let lines = &mut this.events.lines;
            lines.finish();
            let error = Error::decode_failed(error);
            lines.context().error(error, event.data.as_bytes())
        })))
    }
}

impl<T> fmt::Debug for EventValues<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventValues").finish_non_exhaustive()
    }
}
