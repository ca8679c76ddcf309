//! The conformance tools: see `cargo xtask roundtrip --help`.

use std::process::ExitCode;

use mimalloc::MiMalloc;

/// Documents are trees of many small allocations. With the system's allocator they take a third of the run time.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    observatory_conformance::main()
}
