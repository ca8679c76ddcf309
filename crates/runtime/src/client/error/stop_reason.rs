use std::fmt;

/// The reason why a failed call was not retried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum StopReason {
    /// The failure is permanent: a retry would fail the same way.
    Permanent,
    /// The call has used all attempts that the [`RetryPolicy`](crate::RetryPolicy) allows.
    Attempts,
    /// The request is not idempotent and may have been processed. Where a second request is harmless, set
    /// [`RequestExt::idempotent`](crate::RequestExt::idempotent).
    NotIdempotent,
    /// The request body comes from a reader that can be read only once.
    BodyConsumed,
    /// The [timeout](crate::ClientBuilder::timeout) of the call leaves no time for another attempt.
    Deadline,
    /// The [`RetryBudget`](crate::RetryBudget) of the client is exhausted, because too many calls failed.
    Budget,
    /// The server asks for a longer wait than the [`RetryPolicy`](crate::RetryPolicy) allows.
    RetryAfter,
}

impl fmt::Display for StopReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Permanent => "the failure is permanent",
            Self::Attempts => "maximum number of attempts",
            Self::NotIdempotent => "the request is not idempotent",
            Self::BodyConsumed => "the request body cannot be read again",
            Self::Deadline => "no time left for another attempt",
            Self::Budget => "retry budget exhausted",
            Self::RetryAfter => "the server asks for a longer wait than the retry policy allows",
        })
    }
}
