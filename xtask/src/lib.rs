//! `cargo xtask`: the commands of the LLM Observatory repository.

pub mod cargo;
pub mod cli;
pub mod codegen;
mod coverage;
mod digest_cache;
mod explain;
pub mod fetch;
mod forward;
mod parallel;
pub mod pin;
mod readme_table;
pub mod repository;
pub mod spec;
