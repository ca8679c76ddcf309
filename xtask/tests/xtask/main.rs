//! The commands, run as people run them, in a repository of their own.

mod codegen;
mod documents;
mod pin;
mod reports;
mod support;
mod vendors;

/// The program under test.
fn program() -> &'static str {
    env!("CARGO_BIN_EXE_xtask")
}
