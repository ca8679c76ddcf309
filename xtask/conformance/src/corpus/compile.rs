//! Compiles a sample of the generated crates with clippy. One package depends on all of them, so that shared dependencies are
//! compiled once.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::generate::generate_document;
use super::options::CorpusOptions;
use super::outcome::{CorpusReport, DocumentOutcome};
use crate::shared::program::output_with_progress;
use observatory_codegen::Output;
use observatory_codegen::diag::{Code, Error};
use observatory_codegen::files::{Mode, write_files};
use observatory_codegen::plan::RuntimeDependency;
use xtask::cargo;

/// Compiles a sample of the crates and records those that do not compile.
pub(super) fn compile_sample(
    options: &CorpusOptions,
    report: &mut CorpusReport,
    progress: &mut dyn FnMut(&str),
) -> Result<(), Error> {
    let selected = select_sample(report, options.check_sample);
    if selected.is_empty() {
        return Ok(());
    }
    let mut packages: BTreeMap<String, usize> = BTreeMap::new();
    let mut dependencies = String::new();
    for index in selected {
        let Some(result) = report.results.get(index) else {
            continue;
        };
        let package = package_name(&result.document);
        let document = options.folder.join(&result.document);
        let runtime = RuntimeDependency::Path(options.runtime.display().to_string());
        let generated = generate_document(&document, &package, runtime)?;
        let folder = options.scratch.join("crates").join(&package);
        write_files(&generated.files, &folder, Mode::Write)?;
        dependencies.push_str(&dependency(&package, &generated));
        packages.insert(package, index);
    }
    let folder = write_package(options, &dependencies)?;
    let errors = check_crates(options, &folder, packages.len(), progress)?;
    report.compiled = packages.len();
    for (package, message) in errors {
        match packages
            .get(&package)
            .and_then(|index| report.results.get_mut(*index))
        {
            Some(result) => result.outcome = DocumentOutcome::CompileError(message),
            None => {
                let message = format!("{package}: {message}");
                return Err(Error::new(Code::Io, message, None));
            }
        }
    }
    Ok(())
}

/// Returns the indices of `count` generated documents, evenly distributed.
fn select_sample(report: &CorpusReport, count: usize) -> Vec<usize> {
    let results = report.results.iter().enumerate();
    let generated =
        results.filter(|(_, result)| matches!(result.outcome, DocumentOutcome::Generated { .. }));
    let generated: Vec<usize> = generated.map(|(index, _)| index).collect();
    let count = count.min(generated.len());
    let selected = (0..count).filter_map(|n| generated.get(n * generated.len() / count));
    selected.copied().collect()
}

/// Returns the package name for a document. It depends on the document's name alone: cargo reuses unchanged crates.
fn package_name(document: &str) -> String {
    // rustc warns about repeated hyphens in a crate name.
    let lowercase = document.to_ascii_lowercase();
    let words = lowercase.split(|c: char| !c.is_ascii_alphanumeric());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    let words = words.join("-");
    // A hash distinguishes names that differ only in special characters.
    let hash = document.bytes().fold(0_u32, |hash, byte| {
        hash.wrapping_mul(31).wrapping_add(u32::from(byte))
    });
    let end: String = words.chars().rev().take(60).collect();
    let end: String = end.chars().rev().collect();
    format!("doc-{}-{hash:08x}", end.trim_matches('-'))
}

/// Returns the line of a manifest for a generated crate with all its types.
fn dependency(package: &str, generated: &Output) -> String {
    let features = match generated.plan.has_extra_types {
        true => ", features = [\"extra-types\"]",
        false => "",
    };
    format!("{package} = {{ path = \"../crates/{package}\"{features} }}\n")
}

/// Writes the package that depends on all the others, with the lock file of this repository. Returns its folder.
fn write_package(options: &CorpusOptions, dependencies: &str) -> Result<PathBuf, Error> {
    let folder = options.scratch.join("all");
    let head = "[package]\nname = \"all\"\nversion = \"0.0.0\"\nedition = \"2024\"\n";
    let manifest = format!("{head}\n[dependencies]\n{dependencies}\n[workspace]\n");
    let write =
        |path: &Path, text: &str| fs::write(path, text).map_err(|error| Error::io(path, &error));
    let source = folder.join("src");
    fs::create_dir_all(&source).map_err(|error| Error::io(&source, &error))?;
    write(&folder.join("Cargo.toml"), &manifest)?;
    write(&source.join("lib.rs"), "")?;
    let lock = options.runtime.join("../../Cargo.lock");
    if lock.is_file() {
        fs::copy(&lock, folder.join("Cargo.lock")).map_err(|error| Error::io(&lock, &error))?;
    }
    Ok(folder)
}

/// Returns the first error of every crate that does not compile, by package. A warning of clippy is an error.
fn check_crates(
    options: &CorpusOptions,
    folder: &Path,
    count: usize,
    progress: &mut dyn FnMut(&str),
) -> Result<BTreeMap<String, String>, Error> {
    let mut command = cargo::command();
    command
        .args(["check", "--quiet", "--keep-going", "--message-format=json"])
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", options.scratch.join("target-clippy"))
        // `cargo clippy` checks only the package itself, and not those that it depends on.
        .env("RUSTC_WRAPPER", "clippy-driver")
        .env("RUSTFLAGS", "-D warnings");
    let step = format!("compiling {count} crates");
    let output = output_with_progress(command, &step, progress)
        .map_err(|error| Error::io(Path::new("cargo"), &error))?;
    let mut errors: BTreeMap<String, String> = BTreeMap::new();
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let Ok(message) = serde_json::from_str::<Value>(line) else {
            continue;
        };
        let text = |pointer: &str| {
            let value = message.pointer(pointer).and_then(Value::as_str);
            value.unwrap_or_default()
        };
        if text("/message/level") == "error" {
            let package = text("/target/name").replace('_', "-");
            let rendered: Vec<&str> = text("/message/rendered").lines().take(2).collect();
            errors.entry(package).or_insert_with(|| rendered.join(" "));
        }
    }
    if errors.is_empty() && !output.status.success() {
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        return Err(Error::io_message(Path::new("cargo check"), stderr));
    }
    Ok(errors)
}
