//! Other generators, as `scripts/install-peers.sh` installs them.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use observatory_codegen::diag::{Code, Error};

/// A generator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Peer {
    /// ploidy.
    Ploidy,
    /// oas3-gen.
    Oas3Gen,
    /// openapi-to-rust.
    OpenapiToRust,
    /// cargo-progenitor.
    Progenitor,
    /// openapi-generator-cli, in Java.
    OpenapiGenerator,
}

impl Peer {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Ploidy,
        Self::Oas3Gen,
        Self::OpenapiToRust,
        Self::Progenitor,
        Self::OpenapiGenerator,
    ];

    /// Its name, with the version that the script installs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ploidy => "ploidy",
            Self::Oas3Gen => "oas3-gen",
            Self::OpenapiToRust => "openapi-to-rust",
            Self::Progenitor => "cargo-progenitor",
            Self::OpenapiGenerator => "openapi-generator-cli",
        }
    }

    fn program(self, folder: &Path) -> PathBuf {
        match self {
            Self::OpenapiGenerator => folder.join("v/bin/openapi-generator-cli"),
            other => folder.join("bin").join(other.name()),
        }
    }

    /// Generates a crate of this name in `out`.
    pub fn command(self, folder: &Path, document: &Path, out: &Path, name: &str) -> Command {
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

    /// Makes a crate of what it generated, where that is none yet: what its own documentation tells its users to add.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn complete(self, out: &Path, name: &str) -> Result<(), Error> {
        let put = |path: &str, text: &str| {
            let path = out.join(path);
            fs::write(&path, text).map_err(|why| Error::io(&path, &why))
        };
        let head =
            format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n");
        match self {
            Self::Oas3Gen => {
                put("src/lib.rs", "pub mod generated;\n")?;
                put("Cargo.toml", &format!("{head}\n{OAS3_GEN_NEEDS}"))?;
            }
            Self::OpenapiToRust => {
                let needs = out.join("src/generated/REQUIRED_DEPS.toml");
                let needs = fs::read_to_string(&needs).map_err(|why| Error::io(&needs, &why))?;
                put("src/lib.rs", "pub mod generated;\n")?;
                put("Cargo.toml", &format!("{head}\n{needs}"))?;
            }
            Self::Ploidy | Self::Progenitor | Self::OpenapiGenerator => {}
        }
        alone(out)
    }
}

/// What the code of oas3-gen names.
const OAS3_GEN_NEEDS: &str = r#"[dependencies]
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

/// Makes a crate that lies in our target folder none of ours.
///
/// # Errors
/// When the disk refuses.
pub fn alone(out: &Path) -> Result<(), Error> {
    let path = out.join("Cargo.toml");
    let text = fs::read_to_string(&path).map_err(|why| Error::io(&path, &why))?;
    if text.contains("[workspace]") {
        return Ok(());
    }
    fs::write(&path, format!("{text}\n[workspace]\n")).map_err(|why| Error::io(&path, &why))
}

/// The folder that they are in.
///
/// # Errors
/// When one of them is not.
pub fn folder(root: &Path) -> Result<PathBuf, Error> {
    let named = env::var_os("OBSERVATORY_PEERS").map(PathBuf::from);
    let folder = named.unwrap_or_else(|| root.join("target/peers"));
    match Peer::ALL
        .iter()
        .find(|peer| !peer.program(&folder).is_file())
    {
        None => Ok(folder),
        Some(absent) => Err(Error::new(
            Code::Io,
            format!("there is no {} in {}", absent.name(), folder.display()),
            Some("scripts/install-peers.sh installs it; OBSERVATORY_PEERS names another folder"),
        )),
    }
}
