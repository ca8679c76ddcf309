//! A folder of generated crates that are compiled together, each a path dependency of one that holds nothing else.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::shared::root;

/// The folder; always the same one for a name, so that dependencies are compiled once.
#[derive(Clone, Debug)]
pub struct Scratch(PathBuf);

impl Scratch {
    /// The folder of this name below `target`.
    pub fn new(name: &str) -> Self {
        Self(root().join("target").join(name))
    }

    /// Where a crate of this name belongs.
    pub fn home(&self, name: &str) -> PathBuf {
        self.0.join("crates").join(name)
    }

    /// Compiles the crates of these names; a warning is an error, in theirs as in the one that depends on them.
    ///
    /// # Panics
    /// When one does not compile.
    pub fn check(&self, names: &[String]) {
        let folder = self.write("all", &dependencies(names), "lib.rs", "");
        self.cargo("check", &folder);
    }

    /// Compiles a program that uses the crates of these names, and what else is written in `more`; a warning is an error.
    ///
    /// # Panics
    /// When it does not compile.
    pub fn program(&self, names: &[String], more: &str, main: &str) -> Command {
        let dependencies = dependencies(names) + more;
        let folder = self.write("program", &dependencies, "main.rs", main);
        self.cargo("build", &folder);
        Command::new(self.0.join("target/debug/program"))
    }

    fn cargo(&self, verb: &str, folder: &Path) {
        let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let output = Command::new(cargo)
            .args([verb, "--quiet"])
            .current_dir(folder)
            .env("CARGO_TARGET_DIR", self.0.join("target"))
            .env("RUSTFLAGS", "-D warnings")
            .output()
            .expect("there is a cargo, which runs this");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{said}");
    }

    /// Writes a crate that depends on others, each of which is a workspace of its own and stays as it was written. What
    /// they depend on is locked as ours is.
    fn write(&self, name: &str, dependencies: &str, file: &str, source: &str) -> PathBuf {
        let folder = self.0.join(name);
        let manifest = format!(
            "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[dependencies]\n{dependencies}\n[profile.dev]\ndebug = false\n\n[workspace]\n"
        );
        let source_path = folder.join("src").join(file);
        fs::create_dir_all(folder.join("src")).expect("target can be written to");
        fs::write(folder.join("Cargo.toml"), manifest).expect("target can be written to");
        fs::write(source_path, source).expect("target can be written to");
        fs::copy(root().join("Cargo.lock"), folder.join("Cargo.lock")).expect("there is a lock");
        folder
    }
}

fn dependencies(names: &[String]) -> String {
    let dependency = |name: &String| format!("{name} = {{ path = \"../crates/{name}\" }}\n");
    names.iter().map(dependency).collect()
}
