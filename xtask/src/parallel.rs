//! Parallel work.

use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::thread;

use observatory_codegen::diag::Error;

/// The stack size of a worker: that of the main thread, so that deep documents behave the same on both.
const STACK_SIZE: usize = 8 << 20;

/// Applies `work` to every item on as many threads as the machine has cores. Returns the results in the order of the
/// items.
pub(crate) fn map_in_parallel<T: Send, U: Send>(
    items: Vec<T>,
    work: impl Fn(T) -> U + Sync,
) -> Result<Vec<U>, Error> {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let count = items.len();
    let queue = Mutex::new(items.into_iter().enumerate());
    let results = Mutex::new(Vec::with_capacity(count));
    // No code panics while it holds one of the locks, so a poisoned lock is still valid.
    let next = || queue.lock().unwrap_or_else(PoisonError::into_inner).next();
    thread::scope(|scope| {
        for _ in 0..cores.min(count) {
            let worker = || {
                while let Some((index, item)) = next() {
                    let result = work(item);
                    let mut results = results.lock().unwrap_or_else(PoisonError::into_inner);
                    results.push((index, result));
                }
            };
            let builder = thread::Builder::new().stack_size(STACK_SIZE);
            builder
                .spawn_scoped(scope, worker)
                .map_err(|error| Error::io(Path::new("a thread"), &error))?;
        }
        Ok::<(), Error>(())
    })?;
    let mut results = results.into_inner().unwrap_or_else(PoisonError::into_inner);
    results.sort_by_key(|(index, _)| *index);
    Ok(results.into_iter().map(|(_, result)| result).collect())
}
