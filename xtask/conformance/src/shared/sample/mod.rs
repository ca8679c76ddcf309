//! Instances of schemas, made from the document before normalization.
//!
//! Nothing of `normalize`, `spec` or `lower` is used: their errors would repeat here and stay hidden. An instance is a
//! proposal only; the JSON Schema validator confirms it.

mod object;
mod recursion;
mod sampler;
mod scalar;
mod text;
mod union;

pub(crate) use recursion::Reach;
pub(crate) use sampler::{Sample, Sampler, SiteKind};
