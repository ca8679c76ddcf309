//! Calls that block: for programs, and parts of programs, that are not async.
//!
//! They run on a thread of their own with a tokio runtime of its own, which starts with the first of them. So it makes
//! no difference whether there is a runtime around the caller: `block_on` within one would panic, and reqwest's
//! timers and sockets without one would too.

use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::OnceLock;
use std::sync::mpsc;

use futures_core::Stream;

use super::error::Error;

/// The runtime's handle, or why there is none.
static RUNTIME: OnceLock<Result<tokio::runtime::Handle, String>> = OnceLock::new();

/// Waits for the future, which runs elsewhere.
pub(super) fn wait<T: Send + 'static>(
    future: impl Future<Output = Result<T, Error>> + Send + 'static,
) -> Result<T, Error> {
    let failed =
        |why: &str| Error::builder(format!("blocking calls have no thread to run on: {why}"));
    let runtime = RUNTIME.get_or_init(start);
    let runtime = runtime.as_ref().map_err(|why| failed(why))?;
    let (sender, receiver) = mpsc::sync_channel(1);
    runtime.spawn(async move {
        // Nobody waits any more where this fails.
        _ = sender.send(future.await);
    });
    // It ends without an answer where a transport panics.
    receiver
        .recv()
        .unwrap_or_else(|_| Err(failed("the call panicked")))
}

fn start() -> Result<tokio::runtime::Handle, String> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|why| why.to_string())?;
    let handle = runtime.handle().clone();
    std::thread::Builder::new()
        .name("observatory-blocking".to_owned())
        .spawn(move || runtime.block_on(std::future::pending::<()>()))
        .map_err(|why| why.to_string())?;
    Ok(handle)
}

/// What comes one after the other, waited for where nothing is async: pages, items, pieces, events, lines.
#[must_use = "an iterator does nothing until it is asked"]
pub struct Waiting<S>(Option<S>);

impl<S> Waiting<S> {
    pub(super) fn new(stream: S) -> Self {
        Self(Some(stream))
    }
}

impl<S, T> Iterator for Waiting<S>
where
    S: Stream<Item = Result<T, Error>> + Send + Unpin + 'static,
    T: Send + 'static,
{
    type Item = Result<T, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut stream = self.0.take()?;
        let next = async move {
            let item = poll_fn(|context| Pin::new(&mut stream).poll_next(context)).await;
            Ok((stream, item))
        };
        match wait(next) {
            Ok((stream, item)) => {
                self.0 = Some(stream).filter(|_| item.is_some());
                item
            }
            Err(error) => Some(Err(error)),
        }
    }
}

impl<S> fmt::Debug for Waiting<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Waiting").finish_non_exhaustive()
    }
}
