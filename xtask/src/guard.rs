//! Work that may fail in any way: it neither takes others down with it nor keeps them waiting.

use std::cell::{Cell, RefCell};
use std::io;
use std::panic::{self, AssertUnwindSafe};
use std::path::Path;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Mutex, Once, PoisonError};
use std::thread;
use std::time::Duration;

use crate::diag::Error;

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

/// Does the same with all of them, as many at once as the machine has cores; what came of them, in their order.
pub(crate) fn each<T: Send, U: Send>(
    all: Vec<T>,
    work: impl Fn(T) -> U + Sync,
) -> Result<Vec<U>, Error> {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let count = all.len();
    let queue = Mutex::new(all.into_iter().enumerate());
    let done = Mutex::new(Vec::with_capacity(count));
    // Nobody panics while holding one of these.
    let next = || queue.lock().unwrap_or_else(PoisonError::into_inner).next();
    thread::scope(|scope| {
        for _ in 0..cores.min(count) {
            let worker = || {
                while let Some((index, one)) = next() {
                    let made = work(one);
                    let mut done = done.lock().unwrap_or_else(PoisonError::into_inner);
                    done.push((index, made));
                }
            };
            let builder = thread::Builder::new().stack_size(STACK);
            builder
                .spawn_scoped(scope, worker)
                .map_err(|why| Error::io(Path::new("a thread"), &why))?;
        }
        Ok::<(), Error>(())
    })?;
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_by_key(|(index, _)| *index);
    Ok(done.into_iter().map(|(_, made)| made).collect())
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
