//! Runs work on a thread of its own, with a time limit, and reports a panic as an error.

use std::cell::{Cell, RefCell};
use std::io;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

/// The stack size of the main thread: what overflows here overflows in the command, too.
const STACK_BYTES: usize = 8 << 20;

/// The reason why isolated work has no result.
#[derive(Debug)]
pub(crate) enum IsolationError {
    /// The work panicked: the message and its source location.
    Panic(String),
    /// The work exceeded the time limit.
    Timeout,
    /// The thread could not be started.
    Spawn(io::Error),
}

/// Runs `work` on a thread of its own. After a timeout the thread is abandoned and ends with the process.
///
/// # Errors
/// When the work panics or exceeds `limit`, or the thread cannot be started.
pub(crate) fn run_isolated<T: Send + 'static>(
    limit: Duration,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, IsolationError> {
    install_panic_hook();
    let (sender, receiver) = mpsc::channel();
    let work = move || {
        IS_ISOLATED.set(true);
        let result = panic::catch_unwind(AssertUnwindSafe(work));
        // After a timeout there is no receiver.
        let _ = sender.send(result.map_err(|_| LAST_PANIC.take()));
    };
    let thread = thread::Builder::new().stack_size(STACK_BYTES).spawn(work);
    thread.map_err(IsolationError::Spawn)?;
    match receiver.recv_timeout(limit) {
        Ok(result) => result.map_err(IsolationError::Panic),
        Err(RecvTimeoutError::Timeout) => Err(IsolationError::Timeout),
        Err(RecvTimeoutError::Disconnected) => {
            Err(IsolationError::Panic("the thread ended".to_owned()))
        }
    }
}

thread_local! {
    /// Whether panics of this thread are recorded instead of printed.
    static IS_ISOLATED: Cell<bool> = const { Cell::new(false) };
    /// The message of the last panic, with its source location.
    static LAST_PANIC: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Installs a panic hook, once, that records the panics of isolated threads and prints all others.
fn install_panic_hook() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let previous = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if IS_ISOLATED.get() {
                LAST_PANIC.set(info.to_string().replace('\n', " "));
            } else {
                previous(info);
            }
        }));
    });
}
