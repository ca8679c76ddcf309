//! When a failed request is sent again.

use std::hash::{BuildHasher, RandomState};
use std::time::{Duration, Instant};

/// A delay that no process outlives, as an instant must not overflow.
const FOREVER: Duration = Duration::from_secs(10 * 365 * 86_400);

/// Returns the instant after the delay.
pub(super) fn after(now: Instant, delay: Duration) -> Instant {
    now.checked_add(delay.min(FOREVER)).unwrap_or(now)
}

/// When a failed request is sent again: exponential backoff with jitter, until a deadline.
#[derive(Clone, Debug)]
pub struct RetryPolicy {
    initial: Duration,
    max: Duration,
    max_retry_after: Duration,
    deadline: Option<Duration>,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self::new()
    }
}

impl RetryPolicy {
    /// Returns the defaults, which each method states.
    pub fn new() -> Self {
        Self {
            initial: Duration::from_millis(500),
            max: Duration::from_secs(30),
            max_retry_after: Duration::from_secs(3_600),
            deadline: None,
        }
    }

    /// Sets the longest delay after the first failure. It doubles with each further failure. Default: 500 ms.
    pub fn initial_backoff(mut self, delay: Duration) -> Self {
        self.initial = delay;
        self
    }

    /// Limits the delay between two attempts. Default: 30 seconds.
    pub fn max_backoff(mut self, delay: Duration) -> Self {
        self.max = delay;
        self
    }

    /// Limits the delay that a vendor can ask for with `Retry-After`. Default: one hour.
    pub fn max_retry_after(mut self, delay: Duration) -> Self {
        self.max_retry_after = delay;
        self
    }

    /// Sets how long after its first attempt a record is dropped. Default: 15 minutes, or 24 hours where records are spooled.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// Returns how long after its first attempt a record is dropped.
    pub(super) fn record_deadline(&self, is_stored: bool) -> Duration {
        let default = if is_stored { 24 * 3_600 } else { 15 * 60 };
        self.deadline.unwrap_or(Duration::from_secs(default))
    }

    /// Returns the delay after `failures` consecutive failures: the vendor's own, or a random one between half and all
    /// of the exponential delay, so that many processes do not retry at the same time.
    pub(super) fn delay(&self, failures: u32, retry_after: Option<Duration>) -> Duration {
        if let Some(delay) = retry_after {
            // A vendor that asks for no delay must not be called in a loop.
            return delay.min(self.max_retry_after).max(self.initial / 2);
        }
        let factor = 1_u32 << failures.saturating_sub(1).min(20);
        let delay = self.initial.saturating_mul(factor).min(self.max);
        // Each `RandomState` has other keys.
        let random = RandomState::new().hash_one(failures) % 1_024;
        let jitter = u32::try_from(random).unwrap_or(0);
        delay / 2 + (delay / 2).saturating_mul(jitter) / 1_024
    }
}
