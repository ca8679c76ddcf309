//! A folder of generated crates that are compiled together, as path dependencies of one crate.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::repository::root;

/// A folder below `target`. Tests use a constant name, so that dependencies are compiled once.
#[derive(Clone, Debug)]
pub struct Scratch(PathBuf);

impl Scratch {
    /// Returns the folder of this name below `target`. It may not exist yet.
    pub fn new(name: &str) -> Self {
        Self(root().join("target").join(name))
    }

    /// Returns the folder for a crate of this name.
    pub fn crate_folder(&self, name: &str) -> PathBuf {
        self.0.join("crates").join(name)
    }

    /// Checks that the crates of these names compile without warnings of rustc and clippy.
    ///
    /// # Panics
    /// If one does not compile.
    pub fn check(&self, names: &[String]) {
        let folder = self.write_crate("all", &dependencies(names), "lib.rs", "");
        // `cargo clippy` checks only the package itself, and not those that it depends on.
        let clippy = [("RUSTC_WRAPPER", "clippy-driver")];
        self.run_cargo(
            &["check", "--keep-going"],
            &folder,
            "target-clippy",
            &clippy,
        );
    }

    /// Compiles a program that depends on the crates of these names and on `more_dependencies`, without warnings.
    ///
    /// # Panics
    /// If it does not compile.
    pub fn build_program(&self, names: &[String], more_dependencies: &str, main: &str) -> Command {
        let dependencies = dependencies(names) + more_dependencies;
        let folder = self.write_crate("program", &dependencies, "main.rs", main);
        self.run_cargo(&["build"], &folder, "target", &[]);
        Command::new(self.0.join("target/debug/program"))
    }

    fn run_cargo(&self, args: &[&str], folder: &Path, target: &str, env: &[(&str, &str)]) {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let output = Command::new(cargo)
            .args(args)
            .arg("--quiet")
            .current_dir(folder)
            .env("CARGO_TARGET_DIR", self.0.join(target))
            .envs(env.iter().copied())
            .env("RUSTFLAGS", "-D warnings")
            .output()
            .expect("cargo runs the tests");
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{stderr}");
    }

    /// Writes a crate that is a workspace of its own. It uses our `Cargo.lock`, so that versions are the same.
    fn write_crate(&self, name: &str, dependencies: &str, file: &str, source: &str) -> PathBuf {
        let folder = self.0.join(name);
        let manifest = format!(
            "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[dependencies]\n{dependencies}\n[profile.dev]\ndebug = false\n\n[workspace]\n"
        );
        let source_path = folder.join("src").join(file);
        fs::create_dir_all(folder.join("src")).expect("target is writable");
        fs::write(folder.join("Cargo.toml"), manifest).expect("target is writable");
        fs::write(source_path, source).expect("target is writable");
        fs::copy(root().join("Cargo.lock"), folder.join("Cargo.lock"))
            .expect("Cargo.lock is committed");
        folder
    }
}

fn dependencies(names: &[String]) -> String {
    let dependency = |name: &String| format!("{name} = {{ path = \"../crates/{name}\" }}\n");
    names.iter().map(dependency).collect()
}
