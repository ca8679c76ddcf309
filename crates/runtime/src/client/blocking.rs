//! Calls that block: for programs, and parts of programs, that are not async.
//!
//! They run on a thread of their own with a tokio runtime of its own, which starts with the first of them. So it makes
//! no difference whether there is a runtime around the caller: `block_on` within one would panic, and reqwest's
//! timers and sockets without one would too.

use std::future::Future;
use std::sync::OnceLock;
use std::sync::mpsc;

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
