//! Instances of schemas, made from the document before normalization.
//!
//! Nothing of the generator's `normalize`, `spec` or `lower` is used: their errors would repeat here and stay hidden. A
//! sample is a proposal; the JSON Schema validator decides whether it is an instance.

mod object;
mod recursion;
mod sampler;
mod scalar;
mod text;
mod union;

pub(crate) use recursion::RecursiveSchemas;
pub(crate) use sampler::{NewValueKind, Sample, Sampler};
