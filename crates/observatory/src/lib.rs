//! Records LLM calls once, delivers them to any observability vendor, and reports what arrived.
//!
//! A program records spans and scores in the vendor-neutral [`model`]. Each [`Destination`](destinations::Destination)
//! translates them for its vendor. An [`Observatory`] delivers them in the background.

mod delivery;
pub mod destinations;
pub mod model;
mod observatory;
pub mod providers;
pub mod recording;
pub mod testing;

#[cfg(feature = "spool")]
pub use delivery::SpoolOptions;
pub use delivery::{
    ContentPolicy, DeadLetter, DeliveryError, DeliveryOptions, DestinationReport, DropCause,
    ErrorKind, Errors, Mask, Overflow, Problem, Report, RetryPolicy,
};
pub use observatory::{BuildError, Observatory, ObservatoryBuilder};
