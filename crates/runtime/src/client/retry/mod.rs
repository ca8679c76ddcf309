//! Sending again what failed: what is worth it, what is safe, and how long to wait.

mod after;
mod budget;
mod judge;

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::time::Duration;

pub use budget::RetryBudget;
pub use judge::Stopped;

pub(super) use after::retry_after;
pub(super) use judge::{Next, Situation, Trouble, idempotent};

/// When a call that failed is tried again.
///
/// A call is tried again where that is safe and could help:
///
/// | what happened | GET, HEAD, OPTIONS, TRACE, PUT, DELETE | POST, PATCH |
/// | --- | --- | --- |
/// | no connection: the request never left | yes | yes |
/// | 429, 503: the server refused it | yes | yes |
/// | 408, 502, 504, a timeout, a broken connection | yes | only where sending twice is harmless |
/// | anything else | no | no |
///
/// Whether sending a POST twice is harmless, the API's description does not say. What this crate's authors know of it
/// is built in; what you know, you say with [`RequestExt::idempotent`](crate::RequestExt::idempotent).
///
/// Between attempts passes a random time up to a limit, which starts at half a second and doubles up to 20 seconds
/// ("full jitter"), so that clients which failed together do not come back together. Where the server says how long to
/// wait (`Retry-After`, in seconds or as a date), that time passes first; a wait longer than a minute is not waited
/// for, but told ([`Error::retry_after`](crate::Error::retry_after)). There are four attempts at most, as long as the
/// time for the call ([`ClientBuilder::timeout`](crate::ClientBuilder::timeout)) and the client's [`RetryBudget`]
/// suffice.
///
/// ```
/// use std::time::Duration;
/// use observatory_runtime::RetryPolicy;
///
/// let patient = RetryPolicy::new()
///     .attempts(6)
///     .backoff(Duration::from_secs(1), Duration::from_secs(30))
///     .longest_retry_after(Duration::from_secs(300));
/// # assert_ne!(patient, RetryPolicy::default());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "a policy does nothing until a client or a request is given it"]
pub struct RetryPolicy {
    attempts: u32,
    first: Duration,
    longest: Duration,
    longest_retry_after: Duration,
}

impl RetryPolicy {
    /// The policy of a client that was given none.
    pub const fn new() -> Self {
        Self {
            attempts: 4,
            first: Duration::from_millis(500),
            longest: Duration::from_secs(20),
            longest_retry_after: Duration::from_secs(60),
        }
    }

    /// One attempt, whatever comes of it.
    pub const fn never() -> Self {
        Self::new().attempts(1)
    }

    /// How many attempts there are at most, the first included. 4, unless set; none is as good as one.
    pub const fn attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts;
        self
    }

    /// The longest time before the second attempt, which doubles before each one after it, and where that ends. Half a
    /// second and 20 seconds, unless set.
    pub const fn backoff(mut self, first: Duration, longest: Duration) -> Self {
        self.first = first;
        self.longest = longest;
        self
    }

    /// How long a `Retry-After` is obeyed. A server that asks for more is not asked again. One minute, unless set.
    pub const fn longest_retry_after(mut self, longest: Duration) -> Self {
        self.longest_retry_after = longest;
        self
    }

    /// A random time, after the attempt of this number.
    fn pause(&self, attempt: u32) -> Duration {
        let doubled = 2_u32.saturating_pow(attempt.saturating_sub(1));
        let limit = self.first.saturating_mul(doubled).min(self.longest);
        // The keys of hash maps are random enough for this, and cost no dependency.
        let random = RandomState::new().hash_one(attempt);
        limit.mul_f64(random as f64 / u64::MAX as f64)
    }
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self::new()
    }
}
