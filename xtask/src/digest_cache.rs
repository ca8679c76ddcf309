//! Digests of vendors' inputs and outputs, so that `codegen` skips a vendor if neither has changed.
//!
//! A digest covers the vendor's files in `specs/`, its generated crate, the repository's README and this program. The
//! digests are in the target folder; without them, `codegen` generates every crate.

use std::env;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use crate::cargo;
use crate::repository::VendorFolder;
use observatory_codegen::diag::Error;
use observatory_codegen::files::HAND_WRITTEN;
use observatory_codegen::hex::to_hex;

/// Returns whether the vendor's files are the same as when [`store_digest`] was called.
pub(crate) fn is_unchanged(vendor: &VendorFolder) -> bool {
    let path = digest_path(vendor).ok();
    let stored = path.and_then(|path| fs::read_to_string(path).ok());
    stored.is_some() && stored == current_digest(vendor)
}

/// Stores the digest of a vendor whose crate has been written.
pub(crate) fn store_digest(vendor: &VendorFolder) -> Result<(), Error> {
    let path = digest_path(vendor)?;
    let Some(digest) = current_digest(vendor) else {
        return Ok(());
    };
    fs::create_dir_all(path.parent().unwrap_or(&path))
        .and_then(|()| fs::write(&path, digest))
        .map_err(|error| Error::io(&path, &error))
}

/// Returns the path of a vendor's digest. It includes the repository's path, since checkouts can share a target folder.
fn digest_path(vendor: &VendorFolder) -> Result<PathBuf, Error> {
    let target = cargo::target_dir(&vendor.root)?;
    let root = Sha256::digest(vendor.root.as_os_str().as_encoded_bytes());
    let folder = target.join("observatory-codegen").join(to_hex(&root));
    Ok(folder.join(&vendor.name))
}

/// Returns the digest of the current files; `None` if one of them cannot be read.
fn current_digest(vendor: &VendorFolder) -> Option<String> {
    let mut sha = Sha256::new();
    let mut add = |bytes: &[u8]| {
        // The length keeps bytes from moving between files unnoticed.
        sha.update(bytes.len().to_le_bytes());
        sha.update(bytes);
    };
    // Size and time of modification identify the program, as cargo identifies files.
    let program = env::current_exe().ok()?;
    let metadata = fs::metadata(&program).ok()?;
    add(&metadata.len().to_le_bytes());
    add(format!("{:?}", metadata.modified().ok()?).as_bytes());
    let readme = vendor.root.join("README.md");
    add(&read_or_empty(&readme).ok()?);
    for folder in [vendor.spec_dir(), vendor.crate_dir()] {
        let mut paths = Vec::new();
        collect_generated_files(&folder, &folder, &mut paths).ok()?;
        paths.sort();
        for path in paths {
            add(path.as_os_str().as_encoded_bytes());
            add(&read_or_empty(&path).ok()?);
        }
    }
    Some(to_hex(&sha.finalize()))
}

/// Reads a file; a missing file is empty. A pipe or a device, which might have no end, is an error.
fn read_or_empty(path: &Path) -> io::Result<Vec<u8>> {
    if fs::metadata(path).is_ok_and(|metadata| !metadata.is_file()) {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    match fs::read(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        result => result,
    }
}

/// Adds the paths of all files below `folder`, hand-written code excepted.
fn collect_generated_files(root: &Path, folder: &Path, paths: &mut Vec<PathBuf>) -> io::Result<()> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries?,
    };
    for entry in entries {
        let entry = entry?;
        let path = entry.path();
        let relative = path.strip_prefix(root).unwrap_or(&path);
        if HAND_WRITTEN.iter().any(|part| relative == Path::new(part)) {
            continue;
        }
        if entry.file_type()?.is_dir() {
            collect_generated_files(root, &path, paths)?;
        } else {
            paths.push(path);
        }
    }
    Ok(())
}
