//! Decides whether a failed attempt is retried.

use std::time::Duration;

use super::{RetryBudget, RetryPolicy};
use crate::client::error::{StopReason, TransportErrorKind, is_transient_status};
use crate::client::spec::Operation;

/// Why an attempt failed.
#[derive(Clone, Copy, Debug)]
pub(crate) enum FailureCause {
    Status(u16),
    Transport(TransportErrorKind),
}

impl FailureCause {
    /// Returns whether the same request may succeed later.
    fn is_transient(self) -> bool {
        match self {
            Self::Status(status) => is_transient_status(status),
            Self::Transport(kind) => kind.is_transient(),
        }
    }

    /// Returns whether the server cannot have processed the request: it did not arrive, or was rejected.
    fn is_without_effect(self) -> bool {
        matches!(
            self,
            Self::Status(429 | 503) | Self::Transport(TransportErrorKind::Connect)
        )
    }
}

/// What follows a failed attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RetryDecision {
    /// Send the request again after this delay.
    Retry(Duration),
    /// Return the failure.
    Stop(StopReason),
}

/// The state of a call after a failed attempt.
pub(crate) struct RetryState<'a> {
    pub policy: &'a RetryPolicy,
    pub budget: &'a RetryBudget,
    /// Whether sending the request twice is harmless.
    pub is_idempotent: bool,
    /// Whether the request body can no longer be read.
    pub is_body_consumed: bool,
    /// The number of attempts so far.
    pub attempts: u32,
    /// The time that is left for the call.
    pub remaining: Duration,
    /// The wait that the server asks for.
    pub retry_after: Option<Duration>,
}

impl RetryState<'_> {
    /// Decides what follows. A retry takes from the budget.
    pub(crate) fn decide(&self, cause: FailureCause) -> RetryDecision {
        if !cause.is_transient() {
            return RetryDecision::Stop(StopReason::Permanent);
        }
        if self.attempts >= self.policy.attempts {
            return RetryDecision::Stop(StopReason::Attempts);
        }
        if !self.is_idempotent && !cause.is_without_effect() {
            return RetryDecision::Stop(StopReason::NotIdempotent);
        }
        if self.is_body_consumed {
            return RetryDecision::Stop(StopReason::BodyConsumed);
        }
        let retry_after = self.retry_after.unwrap_or_default();
        if retry_after > self.policy.longest_retry_after {
            return RetryDecision::Stop(StopReason::RetryAfter);
        }
        // The backoff is added, because the server asks all its clients for the same wait.
        let delay = retry_after.saturating_add(self.policy.backoff_delay(self.attempts));
        if delay >= self.remaining {
            return RetryDecision::Stop(StopReason::Deadline);
        }
        // Last, so that only a retry that really happens takes from the shared budget.
        if !self.budget.withdraw() {
            return RetryDecision::Stop(StopReason::Budget);
        }
        RetryDecision::Retry(delay)
    }
}

/// Returns whether sending the request twice is harmless: by its method (RFC 9110, section 9.2.2; QUERY is safe, too), by the description
/// of the operation, or because the caller declared it so.
pub(crate) fn is_idempotent(operation: &Operation, is_declared: bool) -> bool {
    let methods = ["GET", "HEAD", "OPTIONS", "QUERY", "TRACE", "PUT", "DELETE"];
    is_declared || operation.idempotent || methods.contains(&operation.method)
}
