//! Generates typed Rust client crates from OpenAPI documents.
//!
//! The stages, in order: load → apply overlay → normalize → parse → lower → refine → plan → emit → write. Each stage is
//! a module; the data that passes between them is defined in [`ir`] and [`plan`].

mod checks;
#[cfg(feature = "cli")]
pub mod cli;
pub mod compare;
pub mod config;
pub mod coverage;
pub mod diag;
pub mod emit;
pub mod explain;
pub mod files;
mod generator;
pub mod hex;
mod http_names;
pub mod inventory;
pub mod ir;
pub mod limits;
pub mod loader;
pub mod locator;
pub mod lock;
pub mod lower;
pub mod media_type;
pub mod pipeline;
pub mod plan;
pub mod refine;
pub mod source;
pub mod spec;

pub use generator::{Diagnostics, Generator, Input};
pub use pipeline::{Output, PlannedDocument, Strictness};
