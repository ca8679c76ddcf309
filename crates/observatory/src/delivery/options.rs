//! Bounds and times of the delivery to one destination.

use super::retry::RetryPolicy;
use std::time::Duration;

/// What happens to a record for which the queue of a destination has no space.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Overflow {
    /// The new record is dropped. The program never waits.
    #[default]
    DropNewest,
    /// The oldest records are dropped that have not been sent yet. The program never waits.
    DropOldest,
    /// The program waits for space, at most this long, and then drops the new record.
    Block(Duration),
}

/// Bounds and times of the delivery to one destination.
///
/// ```
/// use llm_observatory::{DeliveryOptions, Overflow};
/// use std::time::Duration;
///
/// let options = DeliveryOptions::new()
///     .max_records(50_000)
///     .overflow(Overflow::DropOldest)
///     .batch_interval(Duration::from_millis(500));
/// ```
#[derive(Clone, Debug)]
pub struct DeliveryOptions {
    pub(super) max_records: usize,
    pub(super) max_bytes: usize,
    pub(super) overflow: Overflow,
    pub(super) batch_interval: Duration,
    pub(super) attempt_timeout: Duration,
    pub(super) trace_timeout: Duration,
    pub(super) retry: RetryPolicy,
}

impl Default for DeliveryOptions {
    fn default() -> Self {
        Self::new()
    }
}

impl DeliveryOptions {
    /// Returns the defaults, which each method states.
    pub fn new() -> Self {
        Self {
            max_records: 16_384,
            max_bytes: 64 << 20,
            overflow: Overflow::default(),
            batch_interval: Duration::from_secs(1),
            attempt_timeout: Duration::from_secs(30),
            trace_timeout: Duration::from_secs(60),
            retry: RetryPolicy::new(),
        }
    }

    /// Limits the records in memory, those that are being sent included. Default: 16,384.
    pub fn max_records(mut self, records: usize) -> Self {
        self.max_records = records;
        self
    }

    /// Limits the estimated bytes of the records in memory, those that are being sent included. Default: 64 MiB.
    pub fn max_bytes(mut self, bytes: usize) -> Self {
        self.max_bytes = bytes;
        self
    }

    /// Sets what happens when a limit is reached. Default: [`Overflow::DropNewest`].
    pub fn overflow(mut self, overflow: Overflow) -> Self {
        self.overflow = overflow;
        self
    }

    /// Sets how long a record waits for others to fill its batch. Default: one second.
    pub fn batch_interval(mut self, interval: Duration) -> Self {
        self.batch_interval = interval;
        self
    }

    /// Sets how long one request may take. Afterwards it counts as failed and is retried. Default: 30 seconds.
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.attempt_timeout = timeout;
        self
    }

    /// Sets how long an incomplete trace waits for its next span, where the destination takes whole traces
    /// ([`Grouping::Traces`](crate::destinations::Grouping::Traces)). Default: 60 seconds.
    pub fn trace_timeout(mut self, timeout: Duration) -> Self {
        self.trace_timeout = timeout;
        self
    }

    /// Sets when failed requests are sent again.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }
}
