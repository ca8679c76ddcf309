//! The thread that delivers.

use std::future::Future;
use std::io;
use std::sync::{Mutex, PoisonError};
use std::thread::{self, ThreadId};
use tokio::runtime::{Builder, Handle};
use tokio::sync::oneshot;

/// A thread with its own runtime, so that delivery does not depend on the program's runtime, or on its having one.
pub(super) struct Background {
    runtime: Handle,
    thread: ThreadId,
    stop: Mutex<Option<oneshot::Sender<()>>>,
}

impl Background {
    pub fn start() -> io::Result<Self> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let handle = runtime.handle().clone();
        let (stop, stopped) = oneshot::channel::<()>();
        let thread = thread::Builder::new().name("llm-observatory".to_owned());
        let thread = thread.spawn(move || {
            let _ = runtime.block_on(stopped);
            // A blocking task, such as a name lookup, must not delay the end.
            runtime.shutdown_background();
        })?;
        Ok(Self {
            runtime: handle,
            thread: thread.thread().id(),
            stop: Mutex::new(Some(stop)),
        })
    }

    pub fn thread_id(&self) -> ThreadId {
        self.thread
    }

    /// Runs the future on the thread. After [`Self::stop`] it is dropped instead.
    pub fn spawn(&self, future: impl Future<Output = ()> + Send + 'static) {
        self.runtime.spawn(future);
    }

    /// Returns whether the thread ends or has ended.
    pub fn is_stopped(&self) -> bool {
        let stop = self.stop.lock().unwrap_or_else(PoisonError::into_inner);
        stop.is_none()
    }

    /// Ends the thread, without waiting for it.
    pub fn stop(&self) {
        let mut stop = self.stop.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(stop) = stop.take() {
            let _ = stop.send(());
        }
    }
}
