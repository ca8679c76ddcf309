//! The benchmarks: see `cargo xtask bench --help`.

use std::process::ExitCode;

use mimalloc::MiMalloc;

/// The same allocator as the generator's, so that what both do is compared alike.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    observatory_bench::main()
}
