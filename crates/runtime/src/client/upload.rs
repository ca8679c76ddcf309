//! Bodies that are read as they are sent, as reqwest takes them.

use std::future::Future;
use std::io::{self, Read};
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Frame, SizeHint};
use tokio::task::{JoinHandle, spawn_blocking};

use super::body::Body;

/// How much is read at once, and so how much of it is in memory.
const PIECE: usize = 64 << 10;

/// What reqwest sends.
pub(super) fn upload(body: &Body) -> reqwest::Body {
    match body.shared() {
        Some(bytes) => bytes.into(),
        None => reqwest::Body::wrap(Upload {
            length: body.len(),
            state: State::Waiting(Mutex::new(Box::new(body.reader()))),
        }),
    }
}

type Reader = Box<dyn Read + Send>;

/// A body that is read on threads that may block, a piece when the last one is on its way.
struct Upload {
    length: Option<u64>,
    state: State,
}

enum State {
    /// Nobody locks it: the mutex makes of it what can be shared.
    Waiting(Mutex<Reader>),
    Reading(JoinHandle<io::Result<(Reader, Vec<u8>)>>),
    Over,
}

fn piece(mut reader: Reader) -> io::Result<(Reader, Vec<u8>)> {
    let mut bytes = vec![0; PIECE];
    let length = loop {
        match reader.read(&mut bytes) {
            Err(why) if why.kind() == io::ErrorKind::Interrupted => {}
            read => break read?,
        }
    };
    bytes.truncate(length);
    Ok((reader, bytes))
}

impl http_body::Body for Upload {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        loop {
            match std::mem::replace(&mut self.state, State::Over) {
                State::Over => return Poll::Ready(None),
                State::Waiting(reader) => {
                    let reader = reader.into_inner().unwrap_or_else(PoisonError::into_inner);
                    self.state = State::Reading(spawn_blocking(|| piece(reader)));
                }
                State::Reading(mut going) => {
                    let Poll::Ready(read) = Pin::new(&mut going).poll(context) else {
                        self.state = State::Reading(going);
                        return Poll::Pending;
                    };
                    // It fails where the reader panics.
                    let (reader, bytes) = match read.unwrap_or_else(|why| Err(why.into())) {
                        Ok(read) => read,
                        Err(why) => return Poll::Ready(Some(Err(why))),
                    };
                    if bytes.is_empty() {
                        return Poll::Ready(None);
                    }
                    self.state = State::Waiting(Mutex::new(reader));
                    return Poll::Ready(Some(Ok(Frame::data(bytes.into()))));
                }
            }
        }
    }

    fn size_hint(&self) -> SizeHint {
        self.length.map(SizeHint::with_exact).unwrap_or_default()
    }
}
