//! Conformance checks of generated crates: values through their types ([`roundtrip`]), requests through their clients
//! ([`calls`]), also while the server fails ([`chaos`]), and many documents through the generator ([`corpus`], [`fuzz`]).

pub mod calls;
pub mod chaos;
mod cli;
pub mod corpus;
pub mod fuzz;
pub mod roundtrip;
mod shared;

pub use cli::main;
pub use shared::skipped::Skipped;
pub use shared::source::DocumentSource;
