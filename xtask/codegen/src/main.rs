//! The generator as a program: see `observatory-codegen --help`.

use std::process::ExitCode;

use mimalloc::MiMalloc;

/// Documents are trees of many small allocations: the system's allocator takes a third of the run time.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    observatory_codegen::cli::main()
}
