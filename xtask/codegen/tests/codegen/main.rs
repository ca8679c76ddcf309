//! Tests of the generator, in one binary, so that it is linked once.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a helper that fails fails its test"
)]

mod casing;
mod compare;
mod config;
mod emit;
mod files;
mod generator;
mod inventory;
mod ir_text;
mod limits;
mod locator;
mod lower;
mod not_generated;
mod overlay;
mod overlay_limits;
mod plan;
mod refine;
mod source;
mod unsendable;
