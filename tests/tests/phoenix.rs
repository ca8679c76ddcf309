//! A real server: Arize Phoenix is started, its document fetched, a crate generated from it as from any document, and a
//! program compiled that uses the crate.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use observatory_codegen::cli::document::DocumentArgs;
use observatory_codegen::cli::generate::{Args as Generate, generate};
use observatory_codegen::diag::{ColorChoice, render};
use observatory_tests::scratch::Scratch;
use observatory_tests::server::{Server, free_port, program};
use observatory_tests::shared::root;

/// An operation takes one of two bodies, and JSON is chosen; without it the other is.
const FORMS: &str = "overlay: 1.0.0
info: {title: Uploads as forms, version: '1'}
actions:
  - target: $.paths['/v1/datasets/upload'].post.requestBody.content['application/json']
    description: The file in a form is wanted.
    remove: true
";

/// The type of that form, in words.
const NAMES: &str = "title = \"Phoenix\"
[names.rename]
\"#/paths/~1v1~1datasets~1upload/post/requestBody/content/multipart~1form-data/schema\" = \"UploadDatasetForm\"
";

/// What the program needs beside the whole crate: a part of the other one, and how to wait.
const MORE: &str = "
phoenix-forms = { path = \"../crates/phoenix-forms\", default-features = false, features = [\"client\", \"rustls\", \"datasets\"] }
serde_json = \"1\"
tokio = { version = \"1\", features = [\"macros\", \"rt\", \"time\"] }
";

/// Phoenix with a new database. `None` where it is not installed, which CI does not let pass.
fn phoenix() -> Option<Server> {
    let program = program("phoenix/bin/phoenix", "scripts/install-phoenix.sh")?;
    let data = Path::new(env!("CARGO_TARGET_TMPDIR")).join("phoenix");
    // Whatever a run before this one left there.
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
    Some(Server::start("phoenix", port, &mut command))
}

fn crate_of(spec: &Path, scratch: &Scratch, name: &str, more: DocumentArgs) {
    let what = Generate {
        document: DocumentArgs {
            spec: spec.to_path_buf(),
            ..more
        },
        out: scratch.home(name),
        name: name.to_owned(),
        runtime_path: Some(root().join("crates/runtime")),
        ..Generate::default()
    };
    let made =
        generate(&what).unwrap_or_else(|error| panic!("{}", render(&error, ColorChoice::Never)));
    assert_eq!(made.diagnostics, [], "{name}");
    assert!(made.plan.operations > 100, "{}", made.plan.operations);
}

fn written(name: &str, text: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::write(&path, text).unwrap();
    path
}

#[tokio::test]
async fn a_crate_made_of_its_document_works_with_it() {
    let Some(server) = phoenix() else {
        return;
    };
    let document = reqwest::get(server.url() + "/openapi.json").await.unwrap();
    let spec = written("phoenix.json", &document.text().await.unwrap());
    let scratch = Scratch::new("phoenix-crates");
    crate_of(&spec, &scratch, "phoenix", DocumentArgs::default());
    let forms = DocumentArgs {
        overlay: Some(written("phoenix-forms.yaml", FORMS)),
        config: Some(written("phoenix-forms.toml", NAMES)),
        ..DocumentArgs::default()
    };
    crate_of(&spec, &scratch, "phoenix-forms", forms);
    let names = ["phoenix".to_owned()];
    let mut program = scratch.program(&names, MORE, include_str!("../programs/phoenix.rs"));
    let output = program.env("PHOENIX_URL", server.url()).output().unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}
