//! The committed client of a real server: starts Arize Phoenix, and runs a program that uses the crate.

use std::path::Path;

use observatory_tests::real_servers::start_phoenix;
use observatory_tests::scratch::Scratch;

/// Dependencies of the program: the crate and an executor. The path is relative to the folder of the program.
const DEPENDENCIES: &str = "
observatory-phoenix = { path = \"../../../crates/phoenix\" }
serde_json = \"1\"
tokio = { version = \"1\", features = [\"macros\", \"rt-multi-thread\", \"time\"] }
";

#[test]
#[ignore = "needs Phoenix: scripts/install-phoenix.sh"]
fn committed_client_works_with_phoenix() {
    let server = start_phoenix(Path::new(env!("CARGO_TARGET_TMPDIR")), "phoenix");
    let program = include_str!("../../programs/phoenix.rs");
    let mut program = Scratch::new("phoenix-crates").build_program(&[], DEPENDENCIES, program);
    program.env("PHOENIX_COLLECTOR_ENDPOINT", server.url());
    let output = program.output().unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}
