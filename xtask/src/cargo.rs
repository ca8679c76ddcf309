//! The cargo that runs this program, and where it builds.

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

/// Where cargo builds what is in the repository at `root`.
///
/// # Errors
/// When the folder that is named is none.
pub fn target_folder(root: &Path) -> Result<PathBuf, Error> {
    let named = env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
    let folder = named.unwrap_or_else(|| root.join("target"));
    std::path::absolute(&folder).map_err(|why| Error::io(&folder, &why))
}
