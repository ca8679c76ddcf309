//! What calls may cost: time, attempts, memory.

use std::sync::Arc;
use std::time::Duration;

use super::ClientBuilder;
use crate::client::call::Client;
use crate::client::clock::Clock;
use crate::client::retry::{RetryBudget, RetryPolicy};

impl<C: From<Client>> ClientBuilder<C> {
    /// How long a call may take: from the first byte out to the last byte in, all attempts and the waits between them
    /// included. Two minutes, unless set.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// How long one attempt may take, as far as the time for the call allows. One minute, unless set.
    #[must_use]
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.attempt_timeout = timeout;
        self
    }

    /// When calls are tried again. [`RetryPolicy::new`], unless set.
    #[must_use]
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// How many retries the client makes in all.
    #[must_use]
    pub fn retry_budget(mut self, budget: RetryBudget) -> Self {
        self.budget = budget;
        self
    }

    /// How many bytes an answer may have, unpacked. A larger one is an error, and is not read to its end. 64 MiB,
    /// unless set.
    #[must_use]
    pub fn max_response_size(mut self, bytes: usize) -> Self {
        self.response_size = bytes;
        self
    }

    /// Another clock than tokio's.
    #[must_use]
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Some(Arc::new(clock));
        self
    }
}
