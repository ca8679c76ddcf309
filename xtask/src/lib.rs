//! `cargo xtask`: the commands of the LLM Observatory repository.

pub mod cargo;
pub mod cli;
pub mod codegen;
mod coverage;
pub mod diff;
mod explain;
pub mod fetch;
mod forward;
mod overview;
mod parallel;
pub mod pin;
pub mod repository;
mod spec;
mod unchanged;
