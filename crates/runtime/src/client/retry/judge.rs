//! What to do after an attempt that failed.

use std::fmt;
use std::time::Duration;

use super::{RetryBudget, RetryPolicy};
use crate::client::spec::Operation;
use crate::client::transport::TransportFailure;

/// Why a call was not tried again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Stopped {
    /// Trying again would have brought the same.
    Permanent,
    /// There were as many attempts as the [`RetryPolicy`] allows.
    Attempts,
    /// The request may have had its effect, and sending it twice may have it twice. Where it does not,
    /// [`RequestExt::idempotent`](crate::RequestExt::idempotent) says so.
    NotIdempotent,
    /// The body of the request was read from something that can be read only once.
    Spent,
    /// No time was left for another attempt.
    Deadline,
    /// Too many calls failed: the [`RetryBudget`] is spent.
    Budget,
    /// The server asks for a longer wait than the [`RetryPolicy`] allows.
    RetryAfter,
}

impl fmt::Display for Stopped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Permanent => "trying again would not help",
            Self::Attempts => "there are no more",
            Self::NotIdempotent => "sending it again may do it twice",
            Self::Spent => "its body could be read only once",
            Self::Deadline => "no time is left for another",
            Self::Budget => "too many calls fail, the budget for retries is spent",
            Self::RetryAfter => "the server asks for a longer wait",
        })
    }
}

/// What went wrong with an attempt.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Trouble {
    Status(u16),
    Failure(TransportFailure),
}

impl Trouble {
    /// Whether the same request may fare better later.
    pub(crate) fn passes(self) -> bool {
        match self {
            Self::Status(status) => matches!(status, 408 | 429 | 502 | 503 | 504),
            Self::Failure(TransportFailure::TooLarge) => false,
            Self::Failure(_) => true,
        }
    }

    /// Whether the request cannot have had an effect: it did not arrive, or was refused.
    fn without_effect(self) -> bool {
        matches!(
            self,
            Self::Status(429 | 503) | Self::Failure(TransportFailure::Connect)
        )
    }
}

/// What there is to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    Again(Duration),
    Stop(Stopped),
}

/// How things stand after an attempt.
pub(crate) struct Situation<'a> {
    pub policy: &'a RetryPolicy,
    pub budget: &'a RetryBudget,
    /// Whether sending the request twice is harmless.
    pub idempotent: bool,
    /// Whether its body is gone.
    pub spent: bool,
    /// Attempts so far.
    pub attempts: u32,
    /// What is left of the time for the call.
    pub left: Duration,
    /// What the server asks for.
    pub retry_after: Option<Duration>,
}

impl Situation<'_> {
    pub(crate) fn next(&self, trouble: Trouble) -> Next {
        if !trouble.passes() {
            return Next::Stop(Stopped::Permanent);
        }
        if self.attempts >= self.policy.attempts {
            return Next::Stop(Stopped::Attempts);
        }
        if !self.idempotent && !trouble.without_effect() {
            return Next::Stop(Stopped::NotIdempotent);
        }
        if self.spent {
            return Next::Stop(Stopped::Spent);
        }
        let asked = self.retry_after.unwrap_or_default();
        if asked > self.policy.longest_retry_after {
            return Next::Stop(Stopped::RetryAfter);
        }
        // On top of what the server asks for: it asks everybody for the same.
        let pause = asked.saturating_add(self.policy.pause(self.attempts));
        if pause >= self.left {
            return Next::Stop(Stopped::Deadline);
        }
        // Last, since it takes from what is there for others.
        if !self.budget.spend() {
            return Next::Stop(Stopped::Budget);
        }
        Next::Again(pause)
    }
}

/// Whether the method says that sending twice is harmless, or somebody else does.
pub(crate) fn idempotent(operation: &Operation, said: bool) -> bool {
    let methods = ["GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"];
    said || operation.idempotent || methods.contains(&operation.method)
}
