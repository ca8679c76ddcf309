//! Retries: when a failed attempt is repeated, and after which delay.

mod budget;
mod clock;
mod decision;
mod policy;

pub use budget::RetryBudget;
pub use clock::Clock;
pub use policy::RetryPolicy;

pub(crate) use clock::TokioClock;
pub(crate) use decision::{FailureCause, RetryDecision, RetryState, is_idempotent};
