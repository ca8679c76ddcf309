//! Runtime of the clients that LLM Observatory generates.
//!
//! Generated code contains data only (names, types, paths); all behavior is in this crate. Without the feature `client`
//! the crate contains the types only: [`Patch`], [`Timestamp`], [`Secret`], [`Bytes`], [`File`], and the derive macros
//! that implement serde's traits, constructors and setters for generated types.
//!
//! Serialization is lossless. Absent and null stay distinct, numbers keep their value, unknown properties and variants
//! are kept where the type has a place for them, and errors contain the JSON path of the invalid value.
#![cfg_attr(
    feature = "client",
    doc = "\nThe [`guide`] describes retries, timeouts, errors, pagination, streaming, blocking calls and testing."
)]

mod bytes;
mod error_path;
mod exact_reader;
mod file;
mod fixed;
#[cfg(feature = "client")]
pub mod guide;
mod json;
mod lost_digits;
mod memory_budget;
mod number;
mod patch;
pub mod private;
mod secret;
mod setter;
mod timestamp;
mod wire;

pub use bytes::Bytes;
pub use file::File;
pub use fixed::Fixed;
pub use number::{InvalidNumber, Number};
pub use observatory_macros::{Endpoint, IntegerEnum, Model, Responses, StringEnum, Union};
pub use patch::Patch;
pub use secret::Secret;
pub use serde_json::Value;
pub use setter::{IntoOption, IntoPatch};
pub use timestamp::{InvalidTimestamp, Timestamp};

#[cfg(feature = "client")]
mod client;
#[cfg(feature = "client")]
pub use client::*;
