//! The benchmarks: see `cargo xtask bench --help`.

use std::process::ExitCode;

use mimalloc::MiMalloc;

/// The allocator of the generator, so that the lower bound is measured with the same one.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    observatory_bench::main()
}
