//! The cargo that runs this program, and its target folder.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use observatory_codegen::diag::Error;

/// Returns a command that runs the cargo that started this program.
///
/// Cargo describes the running package in variables. They are removed: build scripts that depend on them, such as that
/// of ring, would run again whenever cargo is started from another package.
pub fn command() -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    for (name, _) in env::vars_os() {
        let is_package_variable = name.to_str().is_some_and(|name| {
            name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_")
        });
        if is_package_variable {
            command.env_remove(&name);
        }
    }
    command
}

/// Returns the target folder of the repository at `root`: `CARGO_TARGET_DIR`, or `target`.
///
/// # Errors
/// When `CARGO_TARGET_DIR` is empty.
pub fn target_dir(root: &Path) -> Result<PathBuf, Error> {
    let named = env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
    let folder = named.unwrap_or_else(|| root.join("target"));
    std::path::absolute(&folder).map_err(|error| Error::io(&folder, &error))
}
