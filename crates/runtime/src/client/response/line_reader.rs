//! Splits a streamed body into lines.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;

use super::byte_stream::{ByteStream, StreamContext};
use crate::client::error::Error;

/// Reads lines that end with a line feed, a carriage return, or both.
pub(super) struct LineReader {
    bytes: ByteStream,
    buffer: Vec<u8>,
    /// The end of the part of `buffer` that was searched for a line end.
    searched: usize,
    /// The end of the part of `buffer` that was returned.
    consumed: usize,
    /// Whether the last line ended with a carriage return, so that a line feed that follows belongs to it.
    ended_with_cr: bool,
    is_finished: bool,
}

impl LineReader {
    pub(super) fn new(bytes: ByteStream) -> Self {
        Self {
            bytes,
            buffer: Vec::new(),
            searched: 0,
            consumed: 0,
            ended_with_cr: false,
            is_finished: false,
        }
    }

    /// Polls for the next line without its end, and whether it had one.
    pub(super) fn poll_line(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<(String, bool), Error>>> {
        loop {
            if let Some(line) = self.take_line() {
                return Poll::Ready(Some(Ok((line, true))));
            }
            if self.is_finished {
                let rest = self.buffer.split_off(self.consumed.min(self.buffer.len()));
                self.finish();
                let rest = decode_utf8(&rest);
                return Poll::Ready((!rest.is_empty()).then_some(Ok((rest, false))));
            }
            match ready!(Pin::new(&mut self.bytes).poll_next(context)) {
                Some(Ok(chunk)) => self.push(&chunk)?,
                Some(Err(error)) => {
                    self.finish();
                    return Poll::Ready(Some(Err(error)));
                }
                None => self.is_finished = true,
            }
        }
    }

    /// Discards the rest of the body: no line follows.
    pub(super) fn finish(&mut self) {
        self.is_finished = true;
        self.buffer.clear();
        (self.searched, self.consumed) = (0, 0);
    }

    pub(super) fn context(&self) -> &StreamContext {
        self.bytes.context()
    }

    fn push(&mut self, chunk: &[u8]) -> Result<(), Error> {
        self.buffer.drain(..self.consumed);
        self.searched -= self.consumed;
        self.consumed = 0;
        if self.buffer.len() > self.context().limit {
            self.finish();
            return Err(self
                .context()
                .error(Error::invalid_response("line too long"), b""));
        }
        self.buffer.extend_from_slice(chunk);
        Ok(())
    }

    fn take_line(&mut self) -> Option<String> {
        if self.ended_with_cr && self.buffer.get(self.consumed).is_some() {
            self.ended_with_cr = false;
            if self.buffer.get(self.consumed) == Some(&b'\n') {
                self.consumed += 1;
                self.searched = self.searched.max(self.consumed);
            }
        }
        let unsearched = self.buffer.get(self.searched..).unwrap_or_default();
        let Some(length) = unsearched
            .iter()
            .position(|byte| matches!(byte, b'\n' | b'\r'))
        else {
            self.searched = self.buffer.len();
            return None;
        };
        let end = self.searched + length;
        let line = decode_utf8(self.buffer.get(self.consumed..end).unwrap_or_default());
        self.ended_with_cr = self.buffer.get(end) == Some(&b'\r');
        self.consumed = end + 1;
        self.searched = self.consumed;
        Some(line)
    }
}

fn decode_utf8(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
