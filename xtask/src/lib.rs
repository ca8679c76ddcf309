//! `cargo xtask`: the commands of the LLM Observatory repository.

pub mod cargo;
pub mod cli;
pub mod codegen;
mod coverage;
mod explain;
pub mod fetch;
mod forward;
mod overview;
mod parallel;
pub mod pin;
pub mod repository;
pub mod spec;
mod unchanged;
