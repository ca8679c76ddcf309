//! Writes files under temporary names and then renames them, so that a file is never incomplete.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use super::folder_lock::parent_and_name;
use super::temporary::temporary_name;
use crate::diag::Error;

/// Writes all files under temporary names, then renames them one by one.
///
/// If a file cannot be written, for example on a full disk, nothing is renamed. `files` must be sorted by path.
pub(super) fn write_staged(files: &[(PathBuf, Arc<str>)]) -> Result<(), Error> {
    let mut staged: Vec<StagedPath> = Vec::new();
    let written = files.iter().try_for_each(|(path, text)| {
        // The files of a new folder follow each other, since they are sorted.
        if !staged.last().is_some_and(|last| path.starts_with(&last.to)) {
            staged.push(StagedPath::new(path)?);
        }
        staged
            .last_mut()
            .map_or(Ok(()), |last| last.write(path, text))
    });
    let result = written.and_then(|()| staged.iter().try_for_each(StagedPath::rename));
    if result.is_err() {
        // Does nothing for paths that have been renamed.
        staged.iter().for_each(StagedPath::remove);
    }
    result
}

/// A file or a new folder that is written under a temporary name. A new folder is renamed when all its files are
/// written.
struct StagedPath {
    from: PathBuf,
    to: PathBuf,
    /// The folder that was created last. It exists, so it is not created again for the next file.
    last_dir: PathBuf,
}

impl StagedPath {
    /// Stages `path`, or its outermost ancestor that does not exist.
    fn new(path: &Path) -> Result<Self, Error> {
        let exists = |dir: &&Path| dir.as_os_str().is_empty() || dir.exists();
        // A folder before a `..` is not an ancestor of the file, so such a path is staged as a file.
        let has_parent_dir = path.components().any(|part| part == Component::ParentDir);
        let missing = path.ancestors().skip(1).take_while(|dir| !exists(dir));
        let new_dir = missing.last().filter(|_| !has_parent_dir);
        let to = new_dir.unwrap_or(path).to_owned();
        let (parent, name) = parent_and_name(&to)
            .ok_or_else(|| Error::io_message(&to, "the path does not end in a name"))?;
        let from = parent.join(temporary_name(new_dir.map(|_| name)));
        if new_dir.is_some() {
            fs::create_dir(&from).map_err(|error| Error::io(&from, &error))?;
        } else {
            fs::create_dir_all(parent).map_err(|error| Error::io(parent, &error))?;
        }
        Ok(Self {
            last_dir: from.clone(),
            from,
            to,
        })
    }

    /// Writes a file: the staged path itself, or a file in the staged folder.
    fn write(&mut self, path: &Path, text: &str) -> Result<(), Error> {
        let relative = path.strip_prefix(&self.to).unwrap_or(Path::new(""));
        let is_staged_file = relative.as_os_str().is_empty();
        let temporary = match is_staged_file {
            true => self.from.clone(),
            false => self.from.join(relative),
        };
        let dir = temporary
            .parent()
            .filter(|dir| !is_staged_file && *dir != self.last_dir);
        if let Some(dir) = dir {
            fs::create_dir_all(dir).map_err(|error| Error::io(dir, &error))?;
            self.last_dir = dir.to_owned();
        }
        // Fails if the path exists, also if it is a symbolic link.
        let created = OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(&temporary);
        let written = created.and_then(|mut file| file.write_all(text.as_bytes()));
        written.map_err(|error| Error::io(&temporary, &error))
    }

    fn rename(&self) -> Result<(), Error> {
        fs::rename(&self.from, &self.to).map_err(|error| Error::io(&self.to, &error))
    }

    fn remove(&self) {
        if fs::remove_file(&self.from).is_err() {
            let _ = fs::remove_dir_all(&self.from);
        }
    }
}
