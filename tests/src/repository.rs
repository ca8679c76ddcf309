//! Paths in the repository, and output of tests.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// Returns the folder of the repository.
pub fn root() -> PathBuf {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    tests.parent().unwrap().to_path_buf()
}

/// Returns the files with this extension in a folder and its subfolders, sorted by path.
///
/// # Panics
/// If a folder cannot be read.
pub fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in
        fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
    {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path, extension));
        } else if path.extension().is_some_and(|known| known == extension) {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// Prints a line to standard error at once. The test harness captures `eprintln!` and drops it if the test passes.
pub fn print_now(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}
