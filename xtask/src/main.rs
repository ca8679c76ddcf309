//! The program behind `cargo xtask`.

use std::process::ExitCode;

use mimalloc::MiMalloc;

/// Documents are trees of many small allocations: with the system's allocator they take a third of the run time.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    xtask::cli::main()
}
