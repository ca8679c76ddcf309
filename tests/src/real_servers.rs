//! Real servers that `scripts/install-*.sh` install, each with a new database.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::programs::find_program;
use crate::server::{Server, free_port};

/// Creates an empty folder for the data of a server. The data of a previous run is removed.
fn new_folder(parent: &Path, name: &str) -> PathBuf {
    let folder = parent.join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// Starts Arize Phoenix. Its data is in a new folder in `parent`.
///
/// # Panics
/// If Phoenix is not installed or does not start.
pub fn start_phoenix(parent: &Path, name: &str) -> Server {
    let program = find_program("phoenix/bin/phoenix", "scripts/install-phoenix.sh");
    let port = free_port();
    let mut command = Command::new(program);
    command
        .arg("serve")
        .env("PHOENIX_WORKING_DIR", new_folder(parent, name))
        .env("PHOENIX_HOST", "127.0.0.1")
        .env("PHOENIX_PORT", port.to_string())
        .env("PHOENIX_GRPC_PORT", free_port().to_string())
        .env("PHOENIX_TELEMETRY_ENABLED", "false")
        .env("PHOENIX_ALLOW_EXTERNAL_RESOURCES", "false");
    Server::start(name, port, &mut command)
}

/// Starts MLflow with SQLite. Its data is in a new folder in `parent`.
///
/// `mlflow server` starts this application in a process of its own, which would outlive the one that is ended.
///
/// # Panics
/// If MLflow is not installed or does not start.
pub fn start_mlflow(parent: &Path, name: &str) -> Server {
    let program = find_program("mlflow/bin/uvicorn", "scripts/install-mlflow.sh");
    let folder = new_folder(parent, name);
    let port = free_port();
    let database = format!("sqlite:///{}", folder.join("mlflow.db").display());
    let mut command = Command::new(program);
    command
        .args(["mlflow.server.fastapi_app:app", "--host", "127.0.0.1"])
        .args(["--port", &port.to_string()])
        .env("_MLFLOW_SERVER_FILE_STORE", database)
        .env("_MLFLOW_SERVER_ARTIFACT_ROOT", folder.join("artifacts"))
        .env("MLFLOW_SERVER_ENABLE_JOB_EXECUTION", "false")
        .env("MLFLOW_DISABLE_TELEMETRY", "true");
    Server::start(name, port, &mut command)
}

/// Starts Rotel, which forwards traces to the OTLP endpoint of another server, compressed.
///
/// # Panics
/// If Rotel is not installed or does not start.
pub fn start_rotel(name: &str, forward_to: &str) -> Server {
    let installed = "rotel/bin/rotel-agent";
    let program = find_program(installed, "scripts/install-rotel.sh");
    let port = free_port();
    let mut command = Command::new(program);
    command
        .arg("start")
        .args(["--otlp-http-endpoint", &format!("127.0.0.1:{port}")])
        .args([
            "--otlp-grpc-endpoint",
            &format!("127.0.0.1:{}", free_port()),
        ])
        .args(["--exporter", "otlp", "--otlp-exporter-protocol", "http"])
        .args(["--otlp-exporter-endpoint", forward_to]);
    Server::start(name, port, &mut command)
}
