//! Time: what passes between attempts, and how it is measured.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use super::transport::BoxFuture;

/// Where a client takes its time from.
///
/// The default is tokio's clock, and a thread that sleeps where there is no tokio. Tests set their own to wait for
/// nothing, and a runtime other than tokio may have a better one.
///
/// ```
/// use std::sync::Mutex;
/// use std::time::Duration;
/// use observatory_runtime::{BoxFuture, Clock};
///
/// /// Time that passes only where somebody waits.
/// #[derive(Default)]
/// struct Fast(Mutex<Duration>);
///
/// impl Clock for Fast {
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
    /// The time since some moment, always the same one.
    fn now(&self) -> Duration;

    /// Is ready after the time.
    fn sleep(&self, time: Duration) -> BoxFuture<'static, ()>;
}

/// tokio's clock, which a test can pause.
pub(super) struct TokioClock(tokio::time::Instant);

impl TokioClock {
    pub(super) fn new() -> Self {
        Self(tokio::time::Instant::now())
    }
}

impl Clock for TokioClock {
    fn now(&self) -> Duration {
        self.0.elapsed()
    }

    fn sleep(&self, time: Duration) -> BoxFuture<'static, ()> {
        // Whether there is a runtime is known only where the future is polled.
        Box::pin(async move {
            if tokio::runtime::Handle::try_current().is_ok() {
                tokio::time::sleep(time).await;
            } else {
                Nap::start(time).await;
            }
        })
    }
}

/// A thread that sleeps: tokio's timer panics without tokio.
struct Nap(Arc<Mutex<NapState>>);

#[derive(Default)]
struct NapState {
    over: bool,
    waker: Option<Waker>,
}

impl Nap {
    fn start(time: Duration) -> Self {
        let state = Arc::new(Mutex::new(NapState::default()));
        let shared = Arc::clone(&state);
        std::thread::spawn(move || {
            std::thread::sleep(time);
            let mut state = shared.lock().unwrap_or_else(PoisonError::into_inner);
            state.over = true;
            if let Some(waker) = state.waker.take() {
                waker.wake();
            }
        });
        Self(state)
    }
}

impl Future for Nap {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if state.over {
            return Poll::Ready(());
        }
        state.waker = Some(cx.waker().clone());
        Poll::Pending
    }
}
