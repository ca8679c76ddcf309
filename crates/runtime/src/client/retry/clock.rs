use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use crate::client::transport::BoxFuture;

/// The clock of a client: it measures the timeout of a call and waits between attempts.
///
/// The default is the clock of tokio; outside of a tokio runtime a thread sleeps instead. Set your own with
/// [`ClientBuilder::clock`](crate::ClientBuilder::clock), in tests that must not wait, or for another async runtime.
///
/// ```
/// use std::sync::Mutex;
/// use std::time::Duration;
/// use observatory_runtime::{BoxFuture, Clock};
///
/// /// A clock on which a sleep takes no real time.
/// #[derive(Default)]
/// struct InstantClock(Mutex<Duration>);
///
/// impl Clock for InstantClock {
///     fn now(&self) -> Duration {
///         *self.0.lock().unwrap()
///     }
///     fn sleep(&self, time: Duration) -> BoxFuture<'static, ()> {
///         *self.0.lock().unwrap() += time;
///         Box::pin(async {})
///     }
/// }
/// ```
pub trait Clock: Send + Sync + 'static {
    /// Returns the time since a fixed moment.
    fn now(&self) -> Duration;

    /// Returns a future that is ready after `time`.
    fn sleep(&self, time: Duration) -> BoxFuture<'static, ()>;
}

/// The clock of tokio, which a test can pause.
pub(crate) struct TokioClock(tokio::time::Instant);

impl TokioClock {
    pub(crate) fn new() -> Self {
        Self(tokio::time::Instant::now())
    }
}

impl Clock for TokioClock {
    fn now(&self) -> Duration {
        self.0.elapsed()
    }

    fn sleep(&self, time: Duration) -> BoxFuture<'static, ()> {
        // Whether there is a tokio runtime is known only when the future is polled.
        Box::pin(async move {
            if tokio::runtime::Handle::try_current().is_ok() {
                tokio::time::sleep(time).await;
            } else {
                ThreadSleep::start(time).await;
            }
        })
    }
}

/// A future that waits for a sleeping thread. The timer of tokio panics outside of a tokio runtime.
struct ThreadSleep(Arc<Mutex<SleepState>>);

#[derive(Default)]
struct SleepState {
    is_done: bool,
    waker: Option<Waker>,
}

impl ThreadSleep {
    fn start(time: Duration) -> Self {
        let state = Arc::new(Mutex::new(SleepState::default()));
        let shared = Arc::clone(&state);
        std::thread::spawn(move || {
            std::thread::sleep(time);
            let mut state = shared.lock().unwrap_or_else(PoisonError::into_inner);
            state.is_done = true;
            if let Some(waker) = state.waker.take() {
                waker.wake();
            }
        });
        Self(state)
    }
}

impl Future for ThreadSleep {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if state.is_done {
            return Poll::Ready(());
        }
        state.waker = Some(cx.waker().clone());
        Poll::Pending
    }
}
