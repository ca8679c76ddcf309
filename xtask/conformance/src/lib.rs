//! Conformance of generated crates: values through their types, calls through their clients, and documents by the
//! hundred through the generator.

pub mod calls;
mod cli;
pub mod corpus;
pub mod fuzz;
pub mod roundtrip;
mod shared;

pub use cli::main;
pub use shared::skipped::Skip;
pub use shared::source::Source as DocumentSource;
