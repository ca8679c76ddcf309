//! Where things lie: the repository, and the folder beside it with documents and recordings that are never committed.

use std::env;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// The repository.
pub fn root() -> PathBuf {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    tests.parent().unwrap().to_path_buf()
}

/// A file or folder of `../shared`. Whoever clones the repository has none, so its absence is said and not counted as a
/// failure.
pub fn find(part: &str) -> Option<PathBuf> {
    let path = place(part);
    if path.exists() {
        return Some(path);
    }
    say(&format!(
        "SKIPPED: there is no {}; OBSERVATORY_SHARED can name its folder",
        path.display()
    ));
    None
}

/// A vendor's document as published, or else the pinned one: the same facts without the prose.
pub fn document(vendor: &str, published: &str) -> PathBuf {
    let path = place(&format!("vendor-docs/{published}"));
    if path.exists() {
        return path;
    }
    root().join("specs").join(vendor).join("openapi.yaml")
}

/// Where a part of `../shared` should be, or of the folder that `OBSERVATORY_SHARED` names.
fn place(part: &str) -> PathBuf {
    let folder = env::var_os("OBSERVATORY_SHARED");
    let folder = folder.map_or_else(|| root().join("../shared"), PathBuf::from);
    folder.join(part)
}

/// Every file of a folder and the folders in it with this extension, in order.
pub fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
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

/// Tells whoever runs the tests, at once: what goes through `eprintln` is held back for tests that pass.
pub fn say(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}
