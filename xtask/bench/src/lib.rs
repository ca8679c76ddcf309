//! Benchmarks: the cost of the generator, of the crates it generates and of a call, compared with other generators and
//! with hand-written code.
//!
//! Each benchmark runs programs as their users run them: the generators, `cargo check`, and a call under valgrind.

pub mod budget;
mod cli;
mod context;
mod crate_size;
mod documents;
mod measure;
mod parts;
mod peers;
mod report;

pub use cli::main;
