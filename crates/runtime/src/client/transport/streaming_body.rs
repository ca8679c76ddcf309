//! Converts a request body to a body of reqwest, read in chunks while it is sent.

use std::future::Future;
use std::io::{self, Read};
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Frame, SizeHint};
use tokio::task::{JoinHandle, spawn_blocking};

use crate::client::request::Body;

/// The size of a chunk, and so the amount of the body that is in memory.
const CHUNK_SIZE: usize = 64 << 10;

pub(super) fn to_reqwest_body(body: &Body) -> reqwest::Body {
    match body.to_shared_bytes() {
        Some(bytes) => bytes.into(),
        None => reqwest::Body::wrap(StreamingBody {
            length: body.len(),
            state: State::Idle(Mutex::new(Box::new(body.reader()))),
        }),
    }
}

type Reader = Box<dyn Read + Send>;

/// A body that is read on tokio's blocking threads, one chunk after the other.
struct StreamingBody {
    length: Option<u64>,
    state: State,
}

enum State {
    /// The mutex is never locked. It makes the reader `Sync`, which reqwest requires.
    Idle(Mutex<Reader>),
    Reading(JoinHandle<io::Result<(Reader, Vec<u8>)>>),
    Finished,
}

fn read_chunk(mut reader: Reader) -> io::Result<(Reader, Vec<u8>)> {
    let mut bytes = vec![0; CHUNK_SIZE];
    let length = loop {
        match reader.read(&mut bytes) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            read => break read?,
        }
    };
    bytes.truncate(length);
    Ok((reader, bytes))
}

impl http_body::Body for StreamingBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        loop {
            match std::mem::replace(&mut self.state, State::Finished) {
                State::Finished => return Poll::Ready(None),
                State::Idle(reader) => {
                    let reader = reader.into_inner().unwrap_or_else(PoisonError::into_inner);
                    self.state = State::Reading(spawn_blocking(|| read_chunk(reader)));
                }
                State::Reading(mut task) => {
                    let Poll::Ready(read) = Pin::new(&mut task).poll(context) else {
                        self.state = State::Reading(task);
                        return Poll::Pending;
                    };
                    // The task fails if the reader panics.
                    let (reader, bytes) = match read.unwrap_or_else(|error| Err(error.into())) {
                        Ok(read) => read,
                        Err(error) => return Poll::Ready(Some(Err(error))),
                    };
                    if bytes.is_empty() {
                        return Poll::Ready(None);
                    }
                    self.state = State::Idle(Mutex::new(reader));
                    return Poll::Ready(Some(Ok(Frame::data(bytes.into()))));
                }
            }
        }
    }

    fn size_hint(&self) -> SizeHint {
        self.length.map(SizeHint::with_exact).unwrap_or_default()
    }
}
