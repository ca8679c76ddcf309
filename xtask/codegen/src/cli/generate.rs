//! `observatory-codegen generate`.

use std::path::{Component, Path, PathBuf};

use super::document::{DocumentArgs, file_name};
use super::terminal::{print_line, print_warning};
use crate::diag::{ColorChoice, Error, render_diagnostics};
use crate::files::{Files, Mode, Ownership, TargetDir, commit_all};
use crate::lock::NamesLock;
use crate::pipeline::Output;
use crate::plan::RuntimeDependency;

/// Write a client crate for any OpenAPI document.
#[derive(Clone, Debug, Default, clap::Args)]
#[command(after_help = "Examples:
  observatory-codegen generate --spec petstore.yaml --out ../petstore --name petstore-client
  observatory-codegen generate --spec petstore.yaml --out ../petstore --name petstore-client --runtime-path crates/runtime
  observatory-codegen generate --spec petstore.yaml --out ../petstore --name petstore-client --config vendor.toml --overlay fixes.yaml
  observatory-codegen generate --spec petstore.yaml --out ../petstore --name petstore-client --lock petstore.lock")]
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
    /// The crate's version, for its manifest and for deprecation notes [default: 0.1.0]
    #[arg(long, value_name = "VERSION")]
    pub crate_version: Option<String>,
    /// Keep the names in this file when the document changes; the file is created or updated
    #[arg(long, value_name = "FILE")]
    pub lock: Option<PathBuf>,
    /// Depend on observatory-runtime by path instead of by version
    #[arg(long, value_name = "PATH")]
    pub runtime_path: Option<PathBuf>,
    /// Replace files in the folder that were not generated
    #[arg(long)]
    pub overwrite: bool,
    /// Write the crate even if parts of the document cannot be expressed
    #[arg(long, conflicts_with = "strict")]
    pub allow_gaps: bool,
    /// Write nothing if the document has faults, even harmless ones, which are warnings otherwise
    #[arg(long)]
    pub strict: bool,
}

/// Runs the command. Returns whether the crate was written.
///
/// # Errors
/// As [`generate`].
pub fn run(args: &Args) -> Result<bool, Error> {
    let output = generate(args)?;
    if !output.warnings.is_empty() {
        let source = output.raw.source();
        let warnings = render_diagnostics(&output.warnings, &source, ColorChoice::for_stderr());
        print_warning(&warnings);
    }
    if !output.diagnostics.is_empty() {
        print_warning(&render_diagnostics(
            &output.diagnostics,
            &output.raw.source(),
            ColorChoice::for_stderr(),
        ));
        if !args.allow_gaps {
            print_warning(match args.strict {
                true => "nothing was written; without --strict, harmless faults are warnings",
                false => "nothing was written; --allow-gaps writes the rest",
            });
            return Ok(false);
        }
    }
    let types: usize = output.plan.models.iter().map(|file| file.types.len()).sum();
    let (name, operations, files, out) = (
        &args.name,
        output.plan.operation_count,
        output.files.len(),
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
/// When the document is invalid, the name is not a valid crate name, files that were not generated would be overwritten,
/// or a file cannot be written.
pub fn generate(args: &Args) -> Result<Output, Error> {
    let runtime = match &args.runtime_path {
        Some(path) => RuntimeDependency::Path(runtime_path(path, &args.out)?),
        None => RuntimeDependency::Version(env!("CARGO_PKG_VERSION").to_owned()),
    };
    let mut generator = args
        .document
        .generator()?
        .package(&args.name)
        .command(command(args))
        .runtime(runtime)
        .deny_warnings(args.strict);
    if let Some(version) = &args.crate_version {
        generator = generator.version(version);
    }
    if let Some(lock) = &args.lock {
        generator = generator.lock(NamesLock::load(lock)?);
    }
    let output = generator.generate(&args.document.spec)?;
    if args.allow_gaps || output.diagnostics.is_empty() {
        write_files(args, &output)?;
    }
    Ok(output)
}

/// Returns the command that generates the same crate, without the folders of this machine.
fn command(args: &Args) -> String {
    let (spec, name) = (file_name(&args.document.spec), &args.name);
    let mut command = format!("observatory-codegen generate --spec {spec} --name {name}");
    for (option, path) in [
        ("config", &args.document.config),
        ("overlay", &args.document.overlay),
        ("lock", &args.lock),
    ] {
        if let Some(path) = path {
            command.push_str(&format!(" --{option} {}", file_name(path)));
        }
    }
    command
}

/// Writes the crate, and the file for its names.
fn write_files(args: &Args, output: &Output) -> Result<(), Error> {
    let mut targets = vec![TargetDir {
        root: args.out.clone(),
        display_path: String::new(),
        files: output.files.clone(),
        ownership: match args.overwrite {
            true => Ownership::Overwritten,
            false => Ownership::Generated,
        },
    }];
    if let Some(lock) = &args.lock {
        let name = lock.file_name().unwrap_or_default();
        let mut files = Files::default();
        files.insert(name.to_string_lossy().into_owned(), output.lock.as_str());
        targets.push(TargetDir {
            root: lock.parent().unwrap_or(Path::new("")).to_owned(),
            display_path: String::new(),
            files,
            ownership: Ownership::Edited,
        });
    }
    commit_all(&targets, Mode::Write)?;
    Ok(())
}

/// Returns the path of the runtime as the manifest in `out` has to give it: relative to `out`, unless it is absolute.
fn runtime_path(path: &Path, out: &Path) -> Result<String, Error> {
    let manifest = path.join("Cargo.toml");
    std::fs::metadata(&manifest).map_err(|error| Error::io(&manifest, &error))?;
    if path.is_absolute() {
        return Ok(path.to_string_lossy().into_owned());
    }
    let (from, to) = (components(out)?, components(path)?);
    let common = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let up = from.iter().skip(common).map(|_| "..");
    let relative: Vec<&str> = up
        .chain(to.iter().skip(common).map(String::as_str))
        .collect();
    Ok(relative.join("/"))
}

/// Returns the names of a path from the root of the file system.
fn components(path: &Path) -> Result<Vec<String>, Error> {
    let path = std::path::absolute(path).map_err(|error| Error::io(path, &error))?;
    let mut names = Vec::new();
    for part in path.components() {
        match part {
            Component::ParentDir => drop(names.pop()),
            Component::Normal(name) => names.push(name.to_string_lossy().into_owned()),
            _ => {}
        }
    }
    Ok(names)
}
