//! A client generated for a real server: starts Arize Phoenix, fetches its document, generates a crate from it, and runs a
//! program that uses the crate.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use observatory_codegen::cli::document::DocumentArgs;
use observatory_codegen::cli::generate::{Args as Generate, generate};
use observatory_codegen::diag::{ColorChoice, render};
use observatory_tests::programs::find_program;
use observatory_tests::repository::root;
use observatory_tests::scratch::Scratch;
use observatory_tests::server::{Server, free_port};

/// An overlay that removes the JSON body of an operation, so that its multipart form is generated instead.
const FORMS: &str = "overlay: 1.0.0
info: {title: Uploads as forms, version: '1'}
actions:
  - target: $.paths['/v1/datasets/upload'].post.requestBody.content['application/json']
    description: Use the form with the file.
    remove: true
";

/// A configuration that names the type of that form.
const NAMES: &str = "title = \"Phoenix\"
[names.rename]
\"#/paths/~1v1~1datasets~1upload/post/requestBody/content/multipart~1form-data/schema\" = \"UploadDatasetForm\"
";

/// Dependencies of the program besides the crate: the variant with the form, and an executor.
const MORE_DEPENDENCIES: &str = "
phoenix-forms = { path = \"../crates/phoenix-forms\", default-features = false, features = [\"client\", \"rustls\", \"datasets\"] }
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

fn generate_crate(spec: &Path, scratch: &Scratch, name: &str, document: DocumentArgs) {
    let args = Generate {
        document: DocumentArgs {
            spec: spec.to_path_buf(),
            ..document
        },
        out: scratch.crate_folder(name),
        name: name.to_owned(),
        runtime_path: Some(root().join("crates/runtime")),
        ..Generate::default()
    };
    let output =
        generate(&args).unwrap_or_else(|error| panic!("{}", render(&error, ColorChoice::Never)));
    assert_eq!(output.diagnostics, [], "{name}");
    assert!(
        output.plan.operation_count > 100,
        "{}",
        output.plan.operation_count
    );
}

fn write_file(name: &str, text: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::write(&path, text).unwrap();
    path
}

#[tokio::test]
#[ignore = "needs Phoenix: scripts/install-phoenix.sh"]
async fn generated_client_works_with_phoenix() {
    let server = start_phoenix();
    let document = reqwest::get(server.url() + "/openapi.json").await.unwrap();
    let spec = write_file("phoenix.json", &document.text().await.unwrap());
    let scratch = Scratch::new("phoenix-crates");
    generate_crate(&spec, &scratch, "phoenix", DocumentArgs::default());
    let forms = DocumentArgs {
        overlay: Some(write_file("phoenix-forms.yaml", FORMS)),
        config: Some(write_file("phoenix-forms.toml", NAMES)),
        ..DocumentArgs::default()
    };
    generate_crate(&spec, &scratch, "phoenix-forms", forms);
    let names = ["phoenix".to_owned()];
    let mut program = scratch.build_program(
        &names,
        MORE_DEPENDENCIES,
        include_str!("../../programs/phoenix.rs"),
    );
    let output = program.env("PHOENIX_URL", server.url()).output().unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}
