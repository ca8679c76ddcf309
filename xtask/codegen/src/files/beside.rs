//! Writing beside the place where something belongs, so that it is there whole or not at all.

use std::fs;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use crate::diag::Error;

/// What the name of a file or of a folder ends in until it is whole.
const UNFINISHED: &str = "tmp-codegen";

/// Writes everything beside where it belongs, then renames one thing after the other: nobody ever sees half a file, and
/// a full disk leaves everything as it was.
pub(super) fn write(files: &[(PathBuf, Arc<str>)]) -> Result<(), Error> {
    let mut beside: Vec<Beside> = Vec::new();
    let staged = files.iter().try_for_each(|(path, text)| {
        // Files come by path, so that those of one folder follow each other.
        if !beside.last().is_some_and(|last| path.starts_with(&last.to)) {
            beside.push(Beside::of(path)?);
        }
        beside
            .last_mut()
            .map_or(Ok(()), |last| last.write(path, text))
    });
    let done = staged.and_then(|()| beside.iter().try_for_each(Beside::rename));
    if done.is_err() {
        // What has been renamed is not there any more, and that is as it should be.
        beside.iter().for_each(Beside::remove);
    }
    done
}

/// A file that is not whole yet, or a folder: one that was not there before gets its name when all that belongs in it is.
struct Beside {
    from: PathBuf,
    to: PathBuf,
    /// The folder below `from` that was made last.
    made: PathBuf,
}

impl Beside {
    /// What `path` is going to be, or the outermost folder on the way to it that is not there yet.
    fn of(path: &Path) -> Result<Self, Error> {
        let there = |folder: &&Path| folder.as_os_str().is_empty() || folder.exists();
        // Where a way leads up again, what it leads to is no part of the folder before.
        let up = path.components().any(|part| part == Component::ParentDir);
        let missing = path.ancestors().skip(1).take_while(|folder| !there(folder));
        let whole = missing.last().filter(|_| !up);
        let to = whole.unwrap_or(path).to_owned();
        let mut name = to.clone().into_os_string();
        name.push(format!(".{UNFINISHED}"));
        let from = PathBuf::from(name);
        if whole.is_some() && from.is_dir() {
            // Whoever was interrupted has left it.
            fs::remove_dir_all(&from).map_err(|why| Error::io(&from, &why))?;
        }
        let folder = from.parent().filter(|_| !up);
        Ok(Self {
            made: folder.unwrap_or(Path::new("")).to_owned(),
            from,
            to,
        })
    }

    /// Writes one file: this one, or one that belongs in this folder.
    fn write(&mut self, path: &Path, text: &str) -> Result<(), Error> {
        let below = path.strip_prefix(&self.to).unwrap_or(Path::new(""));
        let at = match below.as_os_str().is_empty() {
            true => self.from.clone(),
            false => self.from.join(below),
        };
        if let Some(folder) = at.parent().filter(|folder| *folder != self.made) {
            fs::create_dir_all(folder).map_err(|why| Error::io(folder, &why))?;
            self.made = folder.to_owned();
        }
        fs::write(&at, text).map_err(|why| Error::io(&at, &why))
    }

    fn rename(&self) -> Result<(), Error> {
        fs::rename(&self.from, &self.to).map_err(|why| Error::io(&self.to, &why))
    }

    fn remove(&self) {
        if fs::remove_file(&self.from).is_err() {
            let _ = fs::remove_dir_all(&self.from);
        }
    }
}
