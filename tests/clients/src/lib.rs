//! Tests of the vendors' clients; a package of its own, so that tests of the generator do not compile seven clients.

/// The examples in the README compile.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
pub struct Readme;
