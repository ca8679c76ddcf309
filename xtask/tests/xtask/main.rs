//! The commands of `cargo xtask`, each run in a repository of its own.

mod add;
mod codegen;
mod documents;
mod pin;
mod reports;
mod support;
mod update;

/// The program under test.
fn program() -> &'static str {
    env!("CARGO_BIN_EXE_xtask")
}
