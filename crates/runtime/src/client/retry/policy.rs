use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::time::Duration;

/// When a failed call is retried.
///
/// A retry happens only where it is safe and may succeed:
///
/// | failure | GET, HEAD, OPTIONS, TRACE, PUT, DELETE | POST, PATCH |
/// | --- | --- | --- |
/// | the connection failed: the request was not sent | retry | retry |
/// | 429, 503: the server rejected the request | retry | retry |
/// | 408, 502, 504, a timeout, an interrupted connection | retry | retry only if the request is idempotent |
/// | any other, also an invalid certificate | no retry | no retry |
///
/// An API description does not specify whether a POST is idempotent. The operations that are known to be are declared
/// in the generated crate; declare others with [`RequestExt::idempotent`](crate::RequestExt::idempotent).
///
/// The delay before a retry is random between zero and a limit, which starts at half a second and doubles up to 20
/// seconds ("full jitter"). So clients that failed together do not retry together. A `Retry-After` of the response, in
/// seconds or as a date, is waited for first. If it is longer than one minute, the call fails and
/// [`Error::retry_after`](crate::Error::retry_after) returns it.
///
/// There are at most four attempts, within the [timeout](crate::ClientBuilder::timeout) of the call and the
/// [`RetryBudget`](crate::RetryBudget) of the client.
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
#[must_use = "a policy has no effect until it is given to a client or a request"]
pub struct RetryPolicy {
    pub(super) attempts: u32,
    initial_backoff: Duration,
    max_backoff: Duration,
    pub(super) longest_retry_after: Duration,
}

impl RetryPolicy {
    /// Creates the default policy: 4 attempts, a backoff of 0.5 to 20 seconds, a `Retry-After` of at most 60 seconds.
    pub const fn new() -> Self {
        Self {
            attempts: 4,
            initial_backoff: Duration::from_millis(500),
            max_backoff: Duration::from_secs(20),
            longest_retry_after: Duration::from_secs(60),
        }
    }

    /// Creates a policy of a single attempt.
    pub const fn never() -> Self {
        Self::new().attempts(1)
    }

    /// Sets the maximum number of attempts, the first included. 4 by default; 0 is the same as 1.
    pub const fn attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts;
        self
    }

    /// Sets the backoff: the longest delay before the second attempt, which doubles for each further attempt, and its
    /// maximum. 0.5 and 20 seconds by default.
    pub const fn backoff(mut self, initial: Duration, max: Duration) -> Self {
        self.initial_backoff = initial;
        self.max_backoff = max;
        self
    }

    /// Sets the longest `Retry-After` that is waited for. If the server asks for more, there is no retry. One minute by
    /// default.
    pub const fn longest_retry_after(mut self, longest: Duration) -> Self {
        self.longest_retry_after = longest;
        self
    }

    /// Returns a random delay after the attempt of this number.
    pub(super) fn backoff_delay(&self, attempt: u32) -> Duration {
        let factor = 2_u32.saturating_pow(attempt.saturating_sub(1));
        let limit = self.initial_backoff.saturating_mul(factor);
        let limit = limit.min(self.max_backoff);
        // The random keys of the standard library's hash maps are sufficient here, and need no dependency.
        let random = RandomState::new().hash_one(attempt);
        let fraction = random as f64 / u64::MAX as f64;
        // `mul_f64` panics where rounding exceeds the longest duration.
        Duration::try_from_secs_f64(limit.as_secs_f64() * fraction).unwrap_or(limit)
    }
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self::new()
    }
}
