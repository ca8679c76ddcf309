//! The cargo that runs this program, and where it builds.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use observatory_codegen::diag::Error;

/// cargo, by the path that it gives to what it runs.
pub fn command() -> Command {
    Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
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
