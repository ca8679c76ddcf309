//! `cargo xtask generate`.

use std::path::{Component, Path, PathBuf};

use super::{say, warn};
use crate::config::Vendor;
use crate::diag::{Code, Error, Style, render_diags};
use crate::files::{Mode, is_ours, settle};
use crate::pipeline::{Inputs, Made, run as make};
use crate::plan::{PlanOptions, Runtime};
use crate::source::input;

/// Write a client crate for any OpenAPI document.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  cargo xtask generate --spec petstore.yaml --out ../petstore --name petstore-client
  cargo xtask generate --spec petstore.yaml --out ../petstore --name petstore-client --runtime-path crates/runtime
  cargo xtask generate --spec petstore.yaml --out ../petstore --name petstore-client --config vendor.toml --overlay mend.yaml")]
pub(super) struct Args {
    /// The document, YAML or JSON
    #[arg(long, value_name = "FILE")]
    spec: PathBuf,
    /// The folder to write the crate to: a new one, or one written before
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// The crate's name
    #[arg(long)]
    name: String,
    /// What the document does not say, as vendor.toml in specs/ says it
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// An OpenAPI Overlay that mends the document
    #[arg(long, value_name = "FILE")]
    overlay: Option<PathBuf>,
    /// Depend on observatory-runtime by path instead of by version
    #[arg(long, value_name = "PATH")]
    runtime_path: Option<PathBuf>,
    /// Write the crate even if parts of the document cannot be expressed
    #[arg(long)]
    allow_gaps: bool,
}

/// What to generate, and where to.
#[derive(Clone, Debug, Default)]
pub struct Generate {
    /// The document.
    pub spec: PathBuf,
    /// The crate's folder.
    pub out: PathBuf,
    /// The crate's name.
    pub name: String,
    /// What the document does not say.
    pub config: Option<PathBuf>,
    /// What mends the document.
    pub overlay: Option<PathBuf>,
    /// Where the runtime lies, if not in the registry.
    pub runtime_path: Option<PathBuf>,
}

pub(super) fn run(args: &Args) -> Result<bool, Error> {
    let what = Generate {
        spec: args.spec.clone(),
        out: args.out.clone(),
        name: args.name.clone(),
        config: args.config.clone(),
        overlay: args.overlay.clone(),
        runtime_path: args.runtime_path.clone(),
    };
    let made = make_and_write(&what, args.allow_gaps)?;
    if !made.gaps.is_empty() {
        warn(&render_diags(
            &made.gaps,
            &made.raw.source(),
            Style::for_stderr(),
        ));
        if !args.allow_gaps {
            warn("nothing is written; with --allow-gaps the rest is");
            return Ok(false);
        }
    }
    let types: usize = made.plan.models.iter().map(|file| file.types.len()).sum();
    let (name, operations, files, out) = (
        &args.name,
        made.plan.operations,
        made.files.len(),
        args.out.display(),
    );
    say(format_args!(
        "{name}: {operations} operations, {types} types; {files} files in {out}"
    ))?;
    Ok(true)
}

/// Generates a crate. Where there are gaps nothing is written.
///
/// # Errors
/// When the document cannot be read or understood, the name is none for a crate, the folder holds something else, or
/// the disk refuses.
pub fn generate(what: &Generate) -> Result<Made, Error> {
    make_and_write(what, false)
}

fn make_and_write(what: &Generate, allow_gaps: bool) -> Result<Made, Error> {
    crate_name(&what.name)?;
    not_foreign(&what.out)?;
    let runtime = match &what.runtime_path {
        Some(path) => Runtime::Path(runtime_path(path, &what.out)?),
        None => Runtime::Version(env!("CARGO_PKG_VERSION").to_owned()),
    };
    let options = PlanOptions {
        package: what.name.clone(),
        command: command(what),
        document: file_name(&what.spec),
        runtime,
    };
    let vendor = match &what.config {
        Some(path) => config(path)?,
        None => Vendor::default(),
    };
    let inputs = Inputs {
        document: what.spec.clone(),
        overlay: what.overlay.clone(),
    };
    let made = make(&inputs, &vendor, &options)?;
    if allow_gaps || made.gaps.is_empty() {
        settle(&made.files, &what.out, Mode::Write)?;
    }
    Ok(made)
}

/// The command that makes the crate again, for whoever has the files.
fn command(what: &Generate) -> String {
    let (spec, name) = (file_name(&what.spec), &what.name);
    let mut command = format!("cargo xtask generate --spec {spec} --name {name}");
    for (option, path) in [("config", &what.config), ("overlay", &what.overlay)] {
        if let Some(path) = path {
            command.push_str(&format!(" --{option} {}", file_name(path)));
        }
    }
    command
}

fn file_name(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.replace(char::is_control, " ")
}

/// A configuration that was asked for has to be there, where a vendor's need not.
fn config(path: &Path) -> Result<Vendor, Error> {
    let text =
        input::text(path)?.ok_or_else(|| Error::io_message(path, "there is no such file"))?;
    Vendor::parse(path, &text)
}

/// Checks that Cargo and `use` can say the name.
fn crate_name(name: &str) -> Result<(), Error> {
    let good = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let identifier = syn::parse_str::<syn::Ident>(&name.replace('-', "_")).is_ok();
    if identifier && name.starts_with(|c: char| c.is_ascii_alphabetic()) && name.chars().all(good) {
        return Ok(());
    }
    let help = "a crate's name is made of letters, digits, `-` and `_`, starts with a letter, and is no word of Rust's own";
    Err(Error::plain(
        Code::Config,
        format!("`{}` is no name for a crate", name.escape_debug()),
        Some(help),
    ))
}

/// Whoever names the wrong folder keeps what is in it.
fn not_foreign(out: &Path) -> Result<(), Error> {
    let manifest = out.join("Cargo.toml");
    match input::text(&manifest)? {
        Some(text) if !is_ours(&text) => {
            let help = "name a new folder, or one that `generate` made";
            Err(Error::plain(
                Code::PathOutside,
                format!("{} is not generated", manifest.display()),
                Some(help),
            ))
        }
        _ => Ok(()),
    }
}

/// The runtime as the new crate's manifest has to name it: a relative path was meant from here.
fn runtime_path(path: &Path, out: &Path) -> Result<String, Error> {
    let manifest = path.join("Cargo.toml");
    std::fs::metadata(&manifest).map_err(|why| Error::io(&manifest, &why))?;
    if path.is_absolute() {
        return Ok(path.to_string_lossy().into_owned());
    }
    let (from, to) = (parts(out)?, parts(path)?);
    let same = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let up = from.iter().skip(same).map(|_| "..");
    let way: Vec<&str> = up.chain(to.iter().skip(same).map(String::as_str)).collect();
    Ok(way.join("/"))
}

/// The names from the root of the disk to `path`.
fn parts(path: &Path) -> Result<Vec<String>, Error> {
    let path = std::path::absolute(path).map_err(|why| Error::io(path, &why))?;
    let mut parts = Vec::new();
    for part in path.components() {
        match part {
            Component::ParentDir => drop(parts.pop()),
            Component::Normal(name) => parts.push(name.to_string_lossy().into_owned()),
            _ => {}
        }
    }
    Ok(parts)
}
