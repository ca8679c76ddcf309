//! What `codegen` remembers, so that a vendor of whom nothing has changed costs only digests: one of all that went in
//! (the vendor's files in specs/, this program) and of all that came out. They lie in the target folder; whoever deletes
//! them waits once more.

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

/// What is the same only if nothing has changed; nothing where the disk does not tell.
pub(crate) fn digest(vendor: &VendorFolder) -> Option<String> {
    let mut sha = Sha256::new();
    let mut add = |bytes: &[u8]| {
        // With its length, so that nothing can move from one file to the next.
        sha.update(bytes.len().to_le_bytes());
        sha.update(bytes);
    };
    // This program, as cargo tells whether it has to build something anew.
    let program = env::current_exe().ok()?;
    let facts = fs::metadata(&program).ok()?;
    add(&facts.len().to_le_bytes());
    add(format!("{:?}", facts.modified().ok()?).as_bytes());
    let readme = vendor.root.join("README.md");
    add(&read(&readme).ok()?);
    for folder in [vendor.folder(), vendor.krate()] {
        let mut paths = Vec::new();
        files(&folder, &folder, &mut paths).ok()?;
        paths.sort();
        for path in paths {
            add(path.as_os_str().as_encoded_bytes());
            add(&read(&path).ok()?);
        }
    }
    Some(to_hex(&sha.finalize()))
}

/// The text of a file; none where there is none, which is a difference as well.
fn read(path: &Path) -> io::Result<Vec<u8>> {
    match fs::read(path) {
        Err(why) if why.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        read => read,
    }
}

/// All files but those that people write.
fn files(root: &Path, folder: &Path, found: &mut Vec<PathBuf>) -> io::Result<()> {
    let entries = match fs::read_dir(folder) {
        Err(why) if why.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries?,
    };
    for entry in entries {
        let entry = entry?;
        let path = entry.path();
        let relative = path.strip_prefix(root).unwrap_or(&path);
        if HAND_WRITTEN
            .iter()
            .any(|theirs| relative == Path::new(theirs))
        {
            continue;
        }
        if entry.file_type()?.is_dir() {
            files(root, &path, found)?;
        } else {
            found.push(path);
        }
    }
    Ok(())
}

/// Where the digest of a vendor is kept. Several checkouts may share a target folder.
fn place(vendor: &VendorFolder) -> Result<PathBuf, Error> {
    let target = cargo::target_folder(&vendor.root)?;
    let root = Sha256::digest(vendor.root.as_os_str().as_encoded_bytes());
    let folder = target.join("observatory-codegen").join(to_hex(&root));
    Ok(folder.join(&vendor.name))
}

/// Whether nothing has changed since the vendor's crate was written.
pub(crate) fn is_unchanged(vendor: &VendorFolder) -> bool {
    let known = place(vendor)
        .ok()
        .and_then(|path| fs::read_to_string(path).ok());
    known.is_some_and(|known| digest(vendor).is_some_and(|digest| digest == known))
}

/// Remembers the vendor as it is now, its crate written.
pub(crate) fn remember(vendor: &VendorFolder) -> Result<(), Error> {
    let path = place(vendor)?;
    let put = |text: &str| {
        fs::create_dir_all(path.parent().unwrap_or(&path))?;
        fs::write(&path, text)
    };
    match digest(vendor) {
        Some(digest) => put(&digest).map_err(|why| Error::io(&path, &why)),
        None => Ok(()),
    }
}
