//! The committed client of a real server: starts Arize Phoenix, and runs a program that uses the crate.

use std::fs;
use std::path::Path;
use std::process::Command;

use observatory_tests::programs::find_program;
use observatory_tests::scratch::Scratch;
use observatory_tests::server::{Server, free_port};

/// Dependencies of the program: the crate and an executor. The path is relative to the folder of the program.
const DEPENDENCIES: &str = "
observatory-phoenix = { path = \"../../../crates/phoenix\" }
serde_json = \"1\"
tokio = { version = \"1\", features = [\"macros\", \"rt\", \"time\"] }
";

/// Starts Phoenix with a new database.
fn start_phoenix() -> Server {
    let program = find_program("phoenix/bin/phoenix", "scripts/install-phoenix.sh");
    let data = Path::new(env!("CARGO_TARGET_TMPDIR")).join("phoenix");
    // Remove the database of a previous run.
    let _ = fs::remove_dir_all(&data);
    fs::create_dir_all(&data).unwrap();
    let port = free_port();
    let mut command = Command::new(program);
    command
        .arg("serve")
        .env("PHOENIX_WORKING_DIR", data)
        .env("PHOENIX_HOST", "127.0.0.1")
        .env("PHOENIX_PORT", port.to_string())
        .env("PHOENIX_GRPC_PORT", free_port().to_string())
        .env("PHOENIX_TELEMETRY_ENABLED", "false")
        .env("PHOENIX_ALLOW_EXTERNAL_RESOURCES", "false");
    Server::start("phoenix", port, &mut command)
}

#[test]
#[ignore = "needs Phoenix: scripts/install-phoenix.sh"]
fn committed_client_works_with_phoenix() {
    let server = start_phoenix();
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
