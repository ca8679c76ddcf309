//! Calls that block the thread, for code that is not async.
//!
//! They run on a tokio runtime of their own, on a thread that starts with the first blocking call. So they work inside
//! a tokio runtime, where `block_on` panics, and outside of one, where the timers and sockets of reqwest panic.

mod iter;

use std::future::Future;
use std::sync::OnceLock;
use std::sync::mpsc;

use super::error::Error;

pub use iter::BlockingIter;

/// The handle of the runtime, or the reason why it could not start.
static RUNTIME: OnceLock<Result<tokio::runtime::Handle, String>> = OnceLock::new();

/// Runs the future on the blocking runtime and waits for its result.
pub(crate) fn block_on<T: Send + 'static>(
    future: impl Future<Output = Result<T, Error>> + Send + 'static,
) -> Result<T, Error> {
    let failed =
        |reason: &str| Error::builder(format!("the runtime for blocking calls failed: {reason}"));
    let runtime = RUNTIME.get_or_init(start_runtime);
    let runtime = runtime.as_ref().map_err(|error| failed(error))?;
    let (sender, receiver) = mpsc::sync_channel(1);
    runtime.spawn(async move {
        // Fails only if the receiver is gone, and then the result is not needed.
        _ = sender.send(future.await);
    });
    // The sender is dropped without a result if the transport panics.
    receiver
        .recv()
        .unwrap_or_else(|_| Err(failed("the call panicked")))
}

fn start_runtime() -> Result<tokio::runtime::Handle, String> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| error.to_string())?;
    let handle = runtime.handle().clone();
    std::thread::Builder::new()
        .name("observatory-blocking".to_owned())
        .spawn(move || runtime.block_on(std::future::pending::<()>()))
        .map_err(|error| error.to_string())?;
    Ok(handle)
}
