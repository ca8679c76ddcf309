//! Programs beside a generated crate: written, compiled, and ready to be started.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use observatory_codegen::diag::{Code, Error};
use observatory_codegen::files::{Mode, write_files};
use observatory_codegen::pipeline::Output;
use xtask::cargo;
use xtask::repository::{build_root, repository};

/// A program to compile beside a generated crate, which it calls `generated`.
pub(crate) struct Beside<'a> {
    /// What it is for: part of its name.
    pub(crate) kind: &'a str,
    /// The crate's features.
    pub(crate) features: Vec<&'a str>,
    /// The runtime's.
    pub(crate) runtime: &'a [&'a str],
    /// What else it depends on, as a manifest has it.
    pub(crate) dependencies: &'a str,
    /// Its source.
    pub(crate) main: String,
}

/// The features of a crate that are resources and types.
pub(crate) fn features(made: &Output) -> impl Iterator<Item = &str> {
    made.plan.features.iter().map(|(name, _)| name.as_str())
}

impl Beside<'_> {
    /// Writes the crate and the program, and compiles both.
    ///
    /// # Errors
    /// When the disk or the compiler refuses.
    pub(crate) fn build(&self, name: &str, made: &Output) -> Result<PathBuf, Error> {
        let target = cargo::target_folder(&repository()?)?.join("roundtrip");
        let home = target.join(name);
        write_files(&made.files, &home.join("crate"), Mode::Write)?;
        let folder = home.join(self.kind);
        let package = format!("{}-{name}", self.kind);
        write(&folder.join("src/main.rs"), &self.main)?;
        write(&folder.join("Cargo.toml"), &self.manifest(&package, made)?)?;
        if let Ok(lock) = fs::read_to_string(build_root().join("Cargo.lock")) {
            write(&folder.join("Cargo.lock"), &lock)?;
        }
        let built = target.join("target");
        compile(&folder, &built)?;
        let program = built.join("debug").join(package);
        Ok(program.with_extension(env::consts::EXE_EXTENSION))
    }

    fn manifest(&self, package: &str, made: &Output) -> Result<String, Error> {
        let quoted = |value: &dyn std::fmt::Debug| format!("{value:?}");
        let runtime = build_root().join("crates/runtime");
        Ok([
            format!(
                "[package]\nname = {}\nversion = \"0.0.0\"\nedition = \"2024\"\n",
                quoted(&package)
            ),
            "[dependencies.generated]\npath = \"../crate\"\ndefault-features = false".to_owned(),
            format!(
                "package = {}\nfeatures = {}\n",
                quoted(&made.plan.options.package),
                quoted(&self.features)
            ),
            format!(
                "[dependencies.observatory-runtime]\npath = {}\nfeatures = {}\n",
                quoted(&text(&runtime)?),
                quoted(&self.runtime)
            ),
            format!("[dependencies]\n{}", self.dependencies),
            "[profile.dev]\ndebug = false\nincremental = false\n\n[workspace]\n".to_owned(),
        ]
        .join("\n"))
    }
}

/// A path as text, which a manifest is.
pub(crate) fn text(path: &Path) -> Result<String, Error> {
    path.to_str().map(str::to_owned).ok_or_else(|| {
        Error::new(
            Code::Io,
            format!("{}: the path is not UTF-8", path.display()),
            None,
        )
    })
}

/// Writes what has changed, so that nothing is compiled again that has not.
fn write(path: &Path, text: &str) -> Result<(), Error> {
    if fs::read_to_string(path).is_ok_and(|known| known == text) {
        return Ok(());
    }
    let folder = path.parent().unwrap_or(path);
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(path, text))
        .map_err(|why| Error::io(path, &why))
}

fn compile(folder: &Path, target: &Path) -> Result<(), Error> {
    let output = cargo::command()
        .args(["build", "--quiet"])
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", target)
        .output()
        .map_err(|why| Error::io(folder, &why))?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(Error::new(
        Code::Internal,
        format!("what was generated does not compile:\n{said}"),
        None,
    ))
}
