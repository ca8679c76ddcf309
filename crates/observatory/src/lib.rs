//! Records LLM calls once, delivers them to any observability vendor, and reports what arrived.
//!
//! A program records spans and scores in the vendor-neutral [`model`]. Each [`Destination`](destinations::Destination)
//! translates them for its vendor.

pub mod destinations;
pub mod model;
