//! What the clients of LLM Observatory have in common.
//!
//! Generated crates state facts (names, types, paths); what happens with them is written here, once. Without the
//! feature `client` there are only the types: [`Patch`], [`Timestamp`], [`Secret`], [`Bytes`], [`File`], and the derives
//! that give generated types their constructors, setters and serde impls.
//!
//! Values go through these types unharmed: absent stays absent and null stays null, numbers keep their value, what a
//! type does not know is kept where it has room for it, and an error says where in the JSON it stands.
#![cfg_attr(
    feature = "client",
    doc = "\nHow calls behave, the [`guide`] says: retries, times, errors, pages, streams, calls without async, testing."
)]

mod bytes;
mod file;
mod fixed;
#[cfg(feature = "client")]
pub mod guide;
mod json;
mod patch;
mod path;
pub mod private;
mod secret;
mod set;
mod timestamp;
mod wire;

pub use bytes::Bytes;
pub use file::File;
pub use fixed::Fixed;
pub use observatory_macros::{Endpoint, Model, Responses, StringEnum, Union};
pub use patch::Patch;
pub use secret::Secret;
pub use serde_json::{Number, Value};
pub use set::{IntoOption, IntoPatch};
pub use timestamp::{InvalidTimestamp, Timestamp};

#[cfg(feature = "client")]
mod client;
#[cfg(feature = "client")]
pub use client::*;
