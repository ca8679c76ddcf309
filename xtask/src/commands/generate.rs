//! `cargo xtask generate`.

use std::path::{Path, PathBuf};

use crate::config::Vendor;
use crate::diag::{Code, Error, Style, render_diags};
use crate::files::{Mode, settle};
use crate::pipeline::{Inputs, Made, run as make};
use crate::plan::{PlanOptions, Runtime};

/// Write a client crate for any OpenAPI document.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  cargo xtask generate --spec petstore.yaml --out ../petstore --name petstore-client"
)]
pub(super) struct Args {
    /// The document, YAML or JSON
    #[arg(long, value_name = "FILE")]
    spec: PathBuf,
    /// The folder to write the crate to
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// The crate's name
    #[arg(long)]
    name: String,
    /// Depend on observatory-runtime by path instead of by version
    #[arg(long, value_name = "PATH")]
    runtime_path: Option<PathBuf>,
}

/// What to generate, and where to.
#[derive(Clone, Debug)]
pub struct Generate {
    /// The document.
    pub spec: PathBuf,
    /// The crate's folder.
    pub out: PathBuf,
    /// The crate's name.
    pub name: String,
    /// Where the runtime lies, if not in the registry.
    pub runtime_path: Option<PathBuf>,
}

pub(super) fn run(args: &Args) -> Result<bool, Error> {
    let made = generate(&Generate {
        spec: args.spec.clone(),
        out: args.out.clone(),
        name: args.name.clone(),
        runtime_path: args.runtime_path.clone(),
    })?;
    if !made.gaps.is_empty() {
        eprintln!(
            "{}",
            render_diags(&made.gaps, &made.raw.source(), Style::for_stderr())
        );
    }
    let types: usize = made.plan.models.iter().map(|file| file.types.len()).sum();
    println!(
        "{}: {} operations, {types} types, {} files in {}",
        args.name,
        made.plan.operations,
        made.files.len(),
        args.out.display()
    );
    Ok(made.gaps.is_empty())
}

/// Generates a crate. Where there are gaps nothing is written.
///
/// # Errors
/// When the document cannot be read or understood, the name is none for a crate, or the disk refuses.
pub fn generate(what: &Generate) -> Result<Made, Error> {
    let good = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if what.name.is_empty()
        || !what.name.chars().all(good)
        || !what.name.starts_with(|c: char| c.is_ascii_alphabetic())
    {
        let help =
            "a crate's name is made of letters, digits, `-` and `_`, and starts with a letter";
        return Err(Error::plain(
            Code::Config,
            format!("`{}` is no name for a crate", what.name.escape_debug()),
            Some(help),
        ));
    }
    let runtime = match &what.runtime_path {
        Some(path) => Runtime::Path(absolute(path)?),
        None => Runtime::Version(env!("CARGO_PKG_VERSION").to_owned()),
    };
    let file = what
        .spec
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default();
    let options = PlanOptions {
        package: what.name.clone(),
        command: format!("cargo xtask generate --spec {file} --name {}", what.name)
            .replace(char::is_control, " "),
        document: file.replace(char::is_control, " "),
        runtime,
    };
    let made = make(
        &Inputs {
            document: what.spec.clone(),
            overlay: None,
        },
        &Vendor::default(),
        &options,
    )?;
    if made.gaps.is_empty() {
        settle(&made.files, &what.out, Mode::Write)?;
    }
    Ok(made)
}

fn absolute(path: &Path) -> Result<String, Error> {
    let path = path.canonicalize().map_err(|why| Error::io(path, &why))?;
    Ok(path.to_string_lossy().into_owned())
}
