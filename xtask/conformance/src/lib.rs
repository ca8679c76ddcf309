//! Conformance of generated crates: values through their types, calls through their clients, and documents by the
//! hundred through the generator.

pub mod calls;
mod cli;
pub mod corpus;
pub mod fuzz;
mod guard;
pub mod roundtrip;
pub mod validator;

pub use cli::main;
