//! External programs that tests run. Tests that need one are `#[ignore]`d; `scripts/test-all.sh` installs it and includes
//! them.

use std::env;
use std::iter;
use std::path::{Path, PathBuf};

use crate::repository::root;

/// Returns the path of a program that `script` installs to `target/<installed>`, or else the one on `PATH`.
///
/// # Panics
/// If the program is not installed.
pub fn find_program(installed: &str, script: &str) -> PathBuf {
    let own = root().join("target").join(installed);
    let name = Path::new(installed).file_name().unwrap();
    let path = env::var_os("PATH").unwrap_or_default();
    let on_path = env::split_paths(&path).map(|folder| folder.join(name));
    let found = iter::once(own).chain(on_path).find(|path| path.is_file());
    found.unwrap_or_else(|| panic!("{} is not installed: run {script}", name.display()))
}
