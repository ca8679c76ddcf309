//! `observatory-codegen generate`.

use std::path::{Component, Path, PathBuf};

use super::document::{DocumentArgs, file_name};
use super::terminal::{print_line, print_warning};
use crate::diag::{Code, ColorChoice, Error, render_diagnostics};
use crate::files::is_generated;
use crate::loader::read_text_if_exists;
use crate::pipeline::Output;
use crate::plan::Runtime;

/// Write a client crate for any OpenAPI document.
#[derive(Clone, Debug, Default, clap::Args)]
#[command(after_help = "Examples:
  observatory-codegen generate --spec petstore.yaml --out ../petstore --name petstore-client
  observatory-codegen generate --spec petstore.yaml --out ../petstore --name petstore-client --runtime-path crates/runtime
  observatory-codegen generate --spec petstore.yaml --out ../petstore --name petstore-client --config vendor.toml --overlay mend.yaml")]
pub struct Args {
    /// The document, its configuration and its overlay.
    #[command(flatten)]
    pub document: DocumentArgs,
    /// The folder to write the crate to: a new one, or one written before
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// The crate's name
    #[arg(long)]
    pub name: String,
    /// Depend on observatory-runtime by path instead of by version
    #[arg(long, value_name = "PATH")]
    pub runtime_path: Option<PathBuf>,
    /// Write the crate even if parts of the document cannot be expressed
    #[arg(long)]
    pub allow_gaps: bool,
}

/// Runs the command. Returns whether the crate was written.
///
/// # Errors
/// As [`generate`].
pub fn run(args: &Args) -> Result<bool, Error> {
    let made = generate(args)?;
    if !made.diagnostics.is_empty() {
        print_warning(&render_diagnostics(
            &made.diagnostics,
            &made.raw.source(),
            ColorChoice::for_stderr(),
        ));
        if !args.allow_gaps {
            print_warning("nothing is written; with --allow-gaps the rest is");
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
    print_line(format_args!(
        "{name}: {operations} operations, {types} types; {files} files in {out}"
    ))?;
    Ok(true)
}

/// Generates a crate and writes it, unless there are gaps that `allow_gaps` does not cover.
///
/// # Errors
/// When the document cannot be read or understood, the name is not a valid crate name, the folder holds something else,
/// or a file cannot be written.
pub fn generate(what: &Args) -> Result<Output, Error> {
    crate_name(&what.name)?;
    not_foreign(&what.out)?;
    let runtime = match &what.runtime_path {
        Some(path) => Runtime::Path(runtime_path(path, &what.out)?),
        None => Runtime::Version(env!("CARGO_PKG_VERSION").to_owned()),
    };
    let generator = what.document.generator()?;
    let made = generator
        .package(&what.name)
        .command(command(what))
        .runtime(runtime)
        .generate(&what.document.spec)?;
    if what.allow_gaps || made.diagnostics.is_empty() {
        made.write_to(&what.out)?;
    }
    Ok(made)
}

/// The command that makes the crate again, for whoever has the files.
fn command(what: &Args) -> String {
    let (spec, name) = (file_name(&what.document.spec), &what.name);
    let mut command = format!("observatory-codegen generate --spec {spec} --name {name}");
    for (option, path) in [
        ("config", &what.document.config),
        ("overlay", &what.document.overlay),
    ] {
        if let Some(path) = path {
            command.push_str(&format!(" --{option} {}", file_name(path)));
        }
    }
    command
}

/// Checks that Cargo and `use` can say the name.
fn crate_name(name: &str) -> Result<(), Error> {
    let good = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let identifier = syn::parse_str::<syn::Ident>(&name.replace('-', "_")).is_ok();
    if identifier && name.starts_with(|c: char| c.is_ascii_alphabetic()) && name.chars().all(good) {
        return Ok(());
    }
    let help = "a crate's name is made of letters, digits, `-` and `_`, starts with a letter, and is no word of Rust's own";
    Err(Error::new(
        Code::Config,
        format!("`{}` is no name for a crate", name.escape_debug()),
        Some(help),
    ))
}

/// Whoever names the wrong folder keeps what is in it.
fn not_foreign(out: &Path) -> Result<(), Error> {
    let manifest = out.join("Cargo.toml");
    match read_text_if_exists(&manifest)? {
        Some(text) if !is_generated(&text) => {
            let help = "name a new folder, or one that `generate` made";
            Err(Error::new(
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
