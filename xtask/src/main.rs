//! `cargo xtask`: see `cargo xtask --help`.

use std::process::ExitCode;

use mimalloc::MiMalloc;

/// A third of the time went to the system's, since documents are trees of many small pieces.
#[global_allocator]
static MEMORY: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    xtask::commands::main()
}
