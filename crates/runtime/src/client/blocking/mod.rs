//! Calls that block the thread, for code that is not async.
//!
//! They run on a tokio runtime of their own, on a thread that starts with the first blocking call. So they work inside
//! a tokio runtime, where `block_on` panics, and outside of one, where the timers and sockets of reqwest panic.

mod iter;

use std::future::Future;
use std::sync::OnceLock;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread::ThreadId;
use std::time::Duration;

use super::error::Error;

pub use iter::BlockingIter;

/// The runtime, or the reason why it could not start.
static RUNTIME: OnceLock<Result<BlockingRuntime, String>> = OnceLock::new();

/// The time after which a call checks whether the runtime responds, and the time within which it must.
const RESPONSE_TIME: Duration = Duration::from_secs(10);

/// A tokio runtime of one thread.
struct BlockingRuntime {
    handle: tokio::runtime::Handle,
    thread: ThreadId,
    /// The process of the thread. A fork has only the thread that forked.
    process: u32,
}

/// Runs the future on the blocking runtime and waits for its result.
///
/// # Errors
/// If the call would wait forever: in a forked process, in a blocking call, or where a transport blocks the runtime.
pub(crate) fn block_on<T: Send + 'static>(
    future: impl Future<Output = Result<T, Error>> + Send + 'static,
) -> Result<T, Error> {
    let runtime = RUNTIME.get_or_init(BlockingRuntime::start);
    let runtime = runtime.as_ref().map_err(|error| failed(error))?;
    runtime.check_caller()?;
    let (sender, receiver) = mpsc::sync_channel(1);
    runtime.handle.spawn(async move {
        // Fails only if the receiver is gone, and then the result is not needed.
        _ = sender.send(future.await);
    });
    loop {
        match receiver.recv_timeout(RESPONSE_TIME) {
            Ok(result) => return result,
            Err(RecvTimeoutError::Timeout) if runtime.is_responsive() => {}
            Err(RecvTimeoutError::Timeout) => return Err(failed("a transport blocks it")),
            // The sender is dropped without a result if the transport panics.
            Err(RecvTimeoutError::Disconnected) => return Err(failed("the call panicked")),
        }
    }
}

fn failed(reason: &str) -> Error {
    Error::builder(format!("the runtime for blocking calls failed: {reason}"))
}

impl BlockingRuntime {
    fn start() -> Result<Self, String> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| error.to_string())?;
        let handle = runtime.handle().clone();
        let thread = std::thread::Builder::new()
            .name("observatory-blocking".to_owned())
            .spawn(move || runtime.block_on(std::future::pending::<()>()))
            .map_err(|error| error.to_string())?;
        Ok(Self {
            handle,
            thread: thread.thread().id(),
            process: std::process::id(),
        })
    }

    /// # Errors
    /// If the calling thread cannot wait for the runtime.
    fn check_caller(&self) -> Result<(), Error> {
        if self.process != std::process::id() {
            return Err(Error::builder(
                "a process cannot make blocking calls if its parent made one before the fork; use async calls",
            ));
        }
        if self.thread == std::thread::current().id() {
            return Err(Error::builder(
                "a transport of a blocking call cannot make blocking calls itself; use async calls there",
            ));
        }
        Ok(())
    }

    /// Returns whether the runtime runs a new task in time.
    fn is_responsive(&self) -> bool {
        let (sender, receiver) = mpsc::sync_channel(1);
        self.handle.spawn(async move { _ = sender.send(()) });
        receiver.recv_timeout(RESPONSE_TIME).is_ok()
    }
}
