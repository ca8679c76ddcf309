//! Delivery: accounting, batches, retries, and what survives which fault.

mod accounting;
mod support;
