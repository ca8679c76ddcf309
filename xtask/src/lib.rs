//! The generator of LLM Observatory: reads `specs/`, writes `crates/`.
//!
//! One page, one direction: load → mend → normalise → `Document` → lower → `Api` → refine → `Plan` → emit → `Files`
//! → settle. Each stage is a module; what travels between them is in [`ir`] and [`plan`].

pub mod bench;
mod cargo;
pub mod commands;
pub mod compare;
pub mod config;
pub mod diag;
pub mod emit;
pub mod files;
pub mod fuzz;
mod guard;
mod hex;
pub mod ir;
pub mod lock;
pub mod lower;
pub mod pipeline;
pub mod plan;
pub mod refine;
pub mod roundtrip;
pub mod source;
pub mod spec;
