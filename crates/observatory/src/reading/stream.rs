//! Traces, a page at a time.

use super::{ReadError, Reader, StoredTrace, TracePage, TraceQuery};
use crate::destinations::BoxFuture;
use std::collections::VecDeque;
use std::fmt;
use std::future::poll_fn;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

/// Traces, the pages of which are requested as needed. See [`Reader::traces`].
///
/// With a destination it is a `Stream` too. After an error it ends.
pub struct TraceStream {
    reader: Reader,
    query: Arc<TraceQuery>,
    traces: VecDeque<StoredTrace>,
    state: State,
}

enum State {
    /// A page is to be requested; the first where there is no token.
    Idle(Option<String>),
    /// A page has been requested, by this token.
    Requested(
        Option<String>,
        BoxFuture<'static, Result<TracePage, ReadError>>,
    ),
    End,
}

impl TraceStream {
    pub(super) fn new(reader: Reader, query: TraceQuery) -> Self {
        Self {
            reader,
            query: Arc::new(query),
            traces: VecDeque::new(),
            state: State::Idle(None),
        }
    }

    /// Returns the next trace; `None` after the last one.
    pub async fn next(&mut self) -> Option<Result<StoredTrace, ReadError>> {
        poll_fn(|context| self.poll(context)).await
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<StoredTrace, ReadError>>> {
        loop {
            if let Some(trace) = self.traces.pop_front() {
                return Poll::Ready(Some(Ok(trace)));
            }
            let (page, result) = match &mut self.state {
                State::End => return Poll::Ready(None),
                State::Idle(page) => {
                    let (reader, query) = (self.reader.clone(), Arc::clone(&self.query));
                    let page = page.take();
                    let call = Box::pin(reader.page(query, page.clone()));
                    self.state = State::Requested(page, call);
                    continue;
                }
                State::Requested(page, call) => {
                    let result = ready!(call.as_mut().poll(context));
                    (page.take(), result)
                }
            };
            match result {
                Ok(TracePage { traces, next }) => {
                    self.traces.extend(traces);
                    // A server that repeats a token would never end.
                    self.state = match next {
                        Some(next) if Some(&next) != page.as_ref() => State::Idle(Some(next)),
                        _ => State::End,
                    };
                }
                Err(error) => {
                    self.state = State::End;
                    return Poll::Ready(Some(Err(error)));
                }
            }
        }
    }
}

#[cfg(feature = "__client")]
impl futures_util::Stream for TraceStream {
    type Item = Result<StoredTrace, ReadError>;

    fn poll_next(
        self: std::pin::Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Self::Item>> {
        self.get_mut().poll(context)
    }
}

impl fmt::Debug for TraceStream {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("TraceStream")
            .field("reader", &self.reader)
            .field("query", &self.query)
            .finish_non_exhaustive()
    }
}
