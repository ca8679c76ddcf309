//! Work that may fail in any way: it neither takes others down with it nor keeps them waiting.

use std::cell::{Cell, RefCell};
use std::io;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

/// As much as the main thread has: what overflows here would overflow for whoever runs a command.
const STACK: usize = 8 << 20;

/// How work can fail that should not.
#[derive(Debug)]
pub(crate) enum Failure {
    /// It panicked; with what it said, and where.
    Panic(String),
    /// It took longer than it may.
    TooSlow,
    /// It could not be begun.
    NoThread(io::Error),
}

/// Does the work on a thread of its own. What does not come to an end is left behind; it dies with the process.
pub(crate) fn guarded<T: Send + 'static>(
    limit: Duration,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Failure> {
    quiet_panics();
    let (sender, receiver) = mpsc::channel();
    let work = move || {
        CAUGHT.set(true);
        let done = panic::catch_unwind(AssertUnwindSafe(work));
        // Nobody waits any more where it took too long.
        let _ = sender.send(done.map_err(|_| LAST_PANIC.take()));
    };
    let thread = thread::Builder::new().stack_size(STACK).spawn(work);
    thread.map_err(Failure::NoThread)?;
    match receiver.recv_timeout(limit) {
        Ok(done) => done.map_err(Failure::Panic),
        Err(RecvTimeoutError::Timeout) => Err(Failure::TooSlow),
        Err(RecvTimeoutError::Disconnected) => Err(Failure::Panic("the thread ended".to_owned())),
    }
}

thread_local! {
    /// Whether panics of this thread are counted and not shown.
    static CAUGHT: Cell<bool> = const { Cell::new(false) };
    /// What the last of them said, with its place in the generator.
    static LAST_PANIC: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Keeps what panics say, on threads that ask for it.
fn quiet_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if CAUGHT.get() {
                LAST_PANIC.set(info.to_string().replace('\n', " "));
            } else {
                before(info);
            }
        }));
    });
}
