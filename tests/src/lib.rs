//! What the tests in `tests/` have in common: those that need more than one crate of the workspace, or a judge that is
//! none of ours.

pub mod fixtures;
pub mod json;
pub mod operations;
pub mod prism;
pub mod recordings;
pub mod scratch;
pub mod server;
pub mod shared;
pub mod spoilt;

/// The programs in the README compile.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
pub struct Readme;
