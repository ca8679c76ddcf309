//! Tests that need more than one crate of the workspace; see `tests/`.

pub mod fixtures;
