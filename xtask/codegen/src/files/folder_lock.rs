//! Keeps two runs from writing the same folder at once.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use super::temporary::remove_leftovers;
use crate::diag::Error;

/// The name of the lock file. It is empty, and removed at the end.
const LOCK_FILE: &str = ".codegen-lock";

/// A lock file that is locked. It is released when the value is dropped, and by the system when the process ends.
pub(super) struct FolderLock {
    path: PathBuf,
    /// `None` if the file system has no locks.
    _file: Option<File>,
}

/// Waits until no other run writes one of the folders, and removes what an interrupted run has left next to new ones.
///
/// # Errors
/// If a lock file cannot be created.
pub(super) fn lock_folders(folders: &[&Path]) -> Result<Vec<FolderLock>, Error> {
    loop {
        let paths = lock_paths(folders)?;
        // All runs lock in the order of the paths, so that none waits for another in a circle.
        let locks: Result<Option<Vec<FolderLock>>, Error> =
            paths.iter().map(|path| FolderLock::acquire(path)).collect();
        // While this run waited, another one may have removed a lock file or created a folder.
        if let Some(locks) = locks?
            && lock_paths(folders)? == paths
        {
            for folder in folders
                .iter()
                .filter_map(|folder| outermost_missing(folder))
            {
                if let Some((parent, name)) = parent_and_name(&folder) {
                    remove_leftovers(parent, Some(name))?;
                }
            }
            return Ok(locks);
        }
    }
}

impl FolderLock {
    /// Waits for the lock. Returns `None` if another run has removed the file meanwhile.
    fn acquire(path: &Path) -> Result<Option<Self>, Error> {
        let file = open_lock_file(path).map_err(|error| Error::io(path, &error))?;
        let file = match file.lock() {
            Ok(()) => Some(file),
            Err(error) if error.kind() == io::ErrorKind::Unsupported => None,
            Err(error) => return Err(Error::io(path, &error)),
        };
        let is_current = file.as_ref().is_none_or(|file| is_file_at(file, path));
        Ok(is_current.then(|| Self {
            path: path.to_owned(),
            _file: file,
        }))
    }
}

impl Drop for FolderLock {
    fn drop(&mut self) {
        // Elsewhere, a run that waits could not detect that the file was replaced.
        if cfg!(unix) {
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// Returns the paths of the lock files. That of a new folder is where its outermost missing folder will be.
fn lock_paths(folders: &[&Path]) -> Result<BTreeSet<PathBuf>, Error> {
    let paths = folders.iter().map(|folder| {
        let missing = outermost_missing(folder);
        let (parent, name) = match missing.as_deref().and_then(parent_and_name) {
            Some((parent, name)) => (parent, format!(".{name}{LOCK_FILE}")),
            None => (*folder, LOCK_FILE.to_owned()),
        };
        // Two spellings of a path must not be two locks.
        let parent = fs::canonicalize(parent).map_err(|error| Error::io(parent, &error))?;
        Ok(parent.join(name))
    });
    paths.collect()
}

/// Returns the outermost folder of a path that does not exist.
fn outermost_missing(folder: &Path) -> Option<PathBuf> {
    let missing = folder
        .ancestors()
        .take_while(|dir| !dir.as_os_str().is_empty() && !dir.exists());
    missing.last().map(Path::to_path_buf)
}

/// Returns the parent of a path, `.` for a name alone, and its name.
pub(super) fn parent_and_name(path: &Path) -> Option<(&Path, &str)> {
    let name = path.file_name()?.to_str()?;
    let parent = path.parent()?;
    match parent.as_os_str().is_empty() {
        true => Some((Path::new("."), name)),
        false => Some((parent, name)),
    }
}

/// Opens the lock file, and creates it if it does not exist. Nothing is written to it.
fn open_lock_file(path: &Path) -> io::Result<File> {
    loop {
        let created = OpenOptions::new().write(true).create_new(true).open(path);
        match created {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            result => return result,
        }
        if !path.symlink_metadata().is_ok_and(|found| !found.is_file()) {
            match OpenOptions::new().write(true).open(path) {
                // Another run has removed it.
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                result => return result,
            }
        }
        return Err(io::Error::other(
            "the lock file is a symbolic link or a folder; remove it",
        ));
    }
}

/// Returns whether `path` still is the path of an open file.
#[cfg(unix)]
fn is_file_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let identity = |metadata: fs::Metadata| (metadata.dev(), metadata.ino());
    let open = file.metadata().map(identity);
    let found = path.symlink_metadata().map(identity);
    matches!((open, found), (Ok(open), Ok(found)) if open == found)
}

/// Returns whether `path` still is the path of an open file. The lock file is never removed here.
#[cfg(not(unix))]
fn is_file_at(_file: &File, _path: &Path) -> bool {
    true
}
