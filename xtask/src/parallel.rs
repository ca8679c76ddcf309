//! Work on many things at once.

use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::thread;

use observatory_codegen::diag::Error;

/// The main thread's stack size: what overflows here would overflow in a single-threaded run, too.
const STACK: usize = 8 << 20;

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
