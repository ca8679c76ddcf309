//! Setters of limits: time, attempts, memory.

use std::sync::Arc;
use std::time::Duration;

use super::ClientBuilder;
use crate::client::config::Client;
use crate::client::retry::{Clock, RetryBudget, RetryPolicy};

impl<C: From<Client>> ClientBuilder<C> {
    /// Sets the time limit of a call, including all attempts, the delays between them, and the body of the response.
    /// Two minutes by default.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Sets the time limit of one attempt, within that of the call. One minute by default.
    #[must_use]
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.attempt_timeout = timeout;
        self
    }

    /// Sets the retry policy. [`RetryPolicy::new`] by default.
    #[must_use]
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// Sets the retry budget, which all calls of the client share. [`RetryBudget::default`] by default.
    #[must_use]
    pub fn retry_budget(mut self, budget: RetryBudget) -> Self {
        self.budget = budget;
        self
    }

    /// Sets the maximum size of a response in bytes, after decompression. Reading a larger one stops with an error. 64
    /// MiB by default.
    #[must_use]
    pub fn max_response_size(mut self, bytes: usize) -> Self {
        self.max_response_size = bytes;
        self
    }

    /// Replaces the clock of tokio.
    #[must_use]
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Some(Arc::new(clock));
        self
    }
}
