//! Tests of the types and the derive macros.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod decode_errors;
mod duplicate_keys;
mod integer_enum;
mod large_numbers;
mod model;
mod models;
mod numbers_in_unions;
mod private_keys;
mod required_properties;
mod scalars;
mod timestamp;
mod tuples;
mod union;
mod untagged_union;
