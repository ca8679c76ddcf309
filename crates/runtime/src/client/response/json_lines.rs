use std::fmt;
use std::future::poll_fn;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;

use super::byte_stream::ByteStream;
use super::line_reader::LineReader;
#[cfg(feature = "blocking")]
use crate::client::blocking::BlockingIter;
use crate::client::error::Error;
use crate::private::{Wire, decode_json};

/// The values of a body of JSON lines: a [`Stream`] that ends with the body, or with an error.
///
/// [`ByteStream::json_lines`] creates one. Empty lines are skipped.
#[must_use = "a stream does nothing until it is polled"]
pub struct JsonLines<T> {
    lines: LineReader,
    value: PhantomData<fn() -> T>,
}

impl ByteStream {
    /// Decodes the body as JSON lines: `application/jsonl`, `application/x-ndjson`, and `application/json-seq` with a
    /// line for each text.
    pub fn json_lines<T>(self) -> JsonLines<T> {
        JsonLines {
            lines: LineReader::new(self),
            value: PhantomData,
        }
    }
}

impl<T: Wire> JsonLines<T> {
    /// Returns the next value, or `None` at the end.
    ///
    /// # Errors
    /// As [`ByteStream::next`], and if a line is not valid JSON of the type `T`.
    pub async fn next(&mut self) -> Option<Result<T, Error>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// Converts the stream into a blocking iterator.
    #[cfg(feature = "blocking")]
    pub fn wait(self) -> BlockingIter<Self> {
        BlockingIter::new(self)
    }
}

impl<T: Wire> Stream for JsonLines<T> {
    type Item = Result<T, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        loop {
            let line = match ready!(this.lines.poll_line(context)) {
                Some(Ok((line, _))) => line,
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            };
            // Each text of `application/json-seq` starts with a record separator (RFC 7464).
            let line = line.trim_start_matches(['\u{feff}', '\u{1e}']).trim();
            if line.is_empty() {
                continue;
            }
            return Poll::Ready(Some(decode_json(line.as_bytes()).map_err(|error| {
                this.lines.finish();
                this.lines
                    .context()
                    .error(Error::decode_failed(error), line.as_bytes())
            })));
        }
    }
}

impl<T> fmt::Debug for JsonLines<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JsonLines").finish_non_exhaustive()
    }
}
