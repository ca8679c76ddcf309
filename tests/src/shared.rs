//! The folder `../shared`: vendors' documents and recorded requests, which are not part of the repository.
//!
//! Tests that need it are `#[ignore]`d and are in modules named `with_shared`, so that `scripts/test-all.sh` can include
//! or skip them. The environment variable `OBSERVATORY_SHARED` names another folder.

use std::env;
use std::path::PathBuf;

use crate::repository::root;

/// Returns the path of a file or folder in `../shared`.
///
/// # Panics
/// If it does not exist.
pub fn find(part: &str) -> PathBuf {
    let path = locate(part);
    assert!(
        path.exists(),
        "{} does not exist; set OBSERVATORY_SHARED to the folder",
        path.display()
    );
    path
}

/// Returns a vendor's published document if `../shared` exists, and otherwise the pinned one, which has the same
/// interface without the descriptions.
pub fn document(vendor: &str, published: &str) -> PathBuf {
    let path = locate(&format!("vendor-docs/{published}"));
    if path.exists() {
        return path;
    }
    root().join("specs").join(vendor).join("openapi.yaml")
}

fn locate(part: &str) -> PathBuf {
    let folder = env::var_os("OBSERVATORY_SHARED");
    let folder = folder.map_or_else(|| root().join("../shared"), PathBuf::from);
    folder.join(part)
}
