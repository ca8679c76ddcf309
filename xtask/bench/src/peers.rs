//! The other generators, installed by `scripts/install-peers.sh`.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use observatory_codegen::diag::{Code, Error};

/// Another generator of Rust clients.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Peer {
    Ploidy,
    Oas3Gen,
    OpenapiToRust,
    Progenitor,
    /// openapi-generator-cli, a Java program.
    OpenapiGenerator,
}

impl Peer {
    pub(crate) const ALL: [Self; 5] = [
        Self::Ploidy,
        Self::Oas3Gen,
        Self::OpenapiToRust,
        Self::Progenitor,
        Self::OpenapiGenerator,
    ];

    /// Returns the name of the program.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Ploidy => "ploidy",
            Self::Oas3Gen => "oas3-gen",
            Self::OpenapiToRust => "openapi-to-rust",
            Self::Progenitor => "cargo-progenitor",
            Self::OpenapiGenerator => "openapi-generator-cli",
        }
    }

    /// Returns the path of the program in the folder of all peers.
    fn program(self, folder: &Path) -> PathBuf {
        match self {
            Self::OpenapiGenerator => folder.join("v/bin/openapi-generator-cli"),
            other => folder.join("bin").join(other.name()),
        }
    }

    /// Returns the command that generates a crate in `out`.
    pub(crate) fn command(self, folder: &Path, document: &Path, out: &Path, name: &str) -> Command {
        let mut command = Command::new(self.program(folder));
        match self {
            Self::Ploidy => command
                .args(["generate", "rust", "--name", name, "--output"])
                .arg(out)
                .arg(document),
            Self::Oas3Gen => command
                .args(["generate", "client-mod", "--input"])
                .arg(document)
                .arg("--output")
                .arg(out.join("src/generated")),
            Self::OpenapiToRust => command
                .arg("generate")
                .arg(document)
                .arg("--output-dir")
                .arg(out.join("src/generated")),
            Self::Progenitor => command
                .args(["progenitor", "--name", name, "--version", "0.1.0"])
                .arg("--input")
                .arg(document)
                .arg("--output")
                .arg(out),
            Self::OpenapiGenerator => command
                .args(["generate", "--skip-validate-spec", "-g", "rust"])
                .arg(format!("--additional-properties=packageName={name}"))
                .arg("-i")
                .arg(document)
                .arg("-o")
                .arg(out),
        };
        command
    }

    /// Adds what the peer does not write but its documentation requires: a manifest and a root module.
    ///
    /// # Errors
    /// When a file cannot be read or written.
    pub(crate) fn complete_crate(self, out: &Path, name: &str) -> Result<(), Error> {
        let write = |path: &str, text: &str| {
            let path = out.join(path);
            fs::write(&path, text).map_err(|error| Error::io(&path, &error))
        };
        let head =
            format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n");
        match self {
            Self::Oas3Gen => {
                write("src/lib.rs", "pub mod generated;\n")?;
                write("Cargo.toml", &format!("{head}\n{OAS3_GEN_DEPENDENCIES}"))?;
            }
            Self::OpenapiToRust => {
                let path = out.join("src/generated/REQUIRED_DEPS.toml");
                let dependencies =
                    fs::read_to_string(&path).map_err(|error| Error::io(&path, &error))?;
                write("src/lib.rs", "pub mod generated;\n")?;
                write("Cargo.toml", &format!("{head}\n{dependencies}"))?;
            }
            Self::Ploidy | Self::Progenitor | Self::OpenapiGenerator => {}
        }
        detach_from_workspace(out)
    }
}

/// The dependencies of the code that oas3-gen writes.
const OAS3_GEN_DEPENDENCIES: &str = r#"[dependencies]
anyhow = "1"
chrono = { version = "0.4", features = ["serde"] }
http = "1"
indexmap = { version = "2", features = ["serde"] }
oas3-gen-support = "*"
regex = "1"
reqwest = { version = "0.13", features = ["form", "json", "multipart", "query"] }
secrecy = { version = "0.10", features = ["serde"] }
serde = { version = "1", features = ["derive"] }
serde_html_form = "*"
serde_json = "1"
serde_with = "3"
url = "2"
uuid = { version = "1", features = ["serde"] }
validator = { version = "0.20", features = ["derive"] }
"#;

/// Makes a crate in the target folder a workspace of its own.
///
/// # Errors
/// When the manifest cannot be read or written.
pub(crate) fn detach_from_workspace(out: &Path) -> Result<(), Error> {
    let path = out.join("Cargo.toml");
    let text = fs::read_to_string(&path).map_err(|error| Error::io(&path, &error))?;
    if text.contains("[workspace]") {
        return Ok(());
    }
    fs::write(&path, format!("{text}\n[workspace]\n")).map_err(|error| Error::io(&path, &error))
}

/// Returns the folder of all peers: `OBSERVATORY_PEERS`, or `target/peers`.
///
/// # Errors
/// When a peer is not installed.
pub(crate) fn peers_folder(root: &Path) -> Result<PathBuf, Error> {
    let custom = env::var_os("OBSERVATORY_PEERS").map(PathBuf::from);
    let folder = custom.unwrap_or_else(|| root.join("target/peers"));
    match Peer::ALL
        .iter()
        .find(|peer| !peer.program(&folder).is_file())
    {
        None => Ok(folder),
        Some(missing) => Err(Error::new(
            Code::Io,
            format!(
                "{} is not installed in {}",
                missing.name(),
                folder.display()
            ),
            Some("run scripts/install-peers.sh, or set OBSERVATORY_PEERS to the folder"),
        )),
    }
}
