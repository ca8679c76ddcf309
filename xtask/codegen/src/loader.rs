//! Reads documents and configuration from where they are stored.

use std::fmt;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Component, Path, PathBuf};

use crate::diag::{Code, Error};
use crate::limits::MAX_DOCUMENT_BYTES;

/// Reads the bytes of documents and overlays.
///
/// The generator opens no connection itself. A program that reads documents from elsewhere supplies its own loader
/// with [`Generator::loader`](crate::Generator::loader).
pub trait Loader: fmt::Debug + Send + Sync {
    /// Returns the bytes stored at `path`.
    ///
    /// # Errors
    /// If `path` cannot be read, or is larger than the loader's limit.
    fn load(&self, path: &Path) -> Result<Vec<u8>, Error>;

    /// Returns the path that identifies a file or a folder: the same for each of its spellings. References are followed
    /// only if the file that they lead to is, by this path, below an allowed folder.
    ///
    /// Default: the absolute path without `.` and `..`, or the URL.
    ///
    /// # Errors
    /// If `path` does not exist.
    fn canonicalize(&self, path: &Path) -> Result<PathBuf, Error> {
        if is_url(path) {
            return Ok(path.to_owned());
        }
        let path = std::path::absolute(path).map_err(|error| Error::io(path, &error))?;
        Ok(lexically_normal(&path))
    }
}

/// Removes `.` and, where a folder precedes it, `..`.
pub(crate) fn lexically_normal(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for component in path.components() {
        let ends_in_folder = matches!(out.components().next_back(), Some(Component::Normal(_)));
        match component {
            Component::CurDir => {}
            Component::ParentDir if ends_in_folder => drop(out.pop()),
            other => out.push(other),
        }
    }
    out
}

/// Returns whether a path is a URL.
pub fn is_url(path: &Path) -> bool {
    let scheme = path
        .to_str()
        .and_then(|path| path.split_once("://"))
        .map(|(scheme, _)| scheme);
    scheme.is_some_and(|scheme| {
        !scheme.is_empty()
            && scheme
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || c == '+')
    })
}

/// The default loader, which reads only files.
#[derive(Clone, Copy, Debug, Default)]
pub struct FileLoader;

impl Loader for FileLoader {
    fn load(&self, path: &Path) -> Result<Vec<u8>, Error> {
        if is_url(path) {
            let message = "a URL needs a loader of its own";
            return Err(Error::io_message(path, message));
        }
        read_bytes(path)
    }

    /// Resolves symbolic links, so that they cannot lead out of a folder.
    fn canonicalize(&self, path: &Path) -> Result<PathBuf, Error> {
        std::fs::canonicalize(path).map_err(|error| Error::io(path, &error))
    }
}

/// Reads a file up to the limit.
///
/// # Errors
/// When it cannot be read, is too large, or is a pipe or a device: these may block, or have no end.
fn read_bytes(path: &Path) -> Result<Vec<u8>, Error> {
    let metadata = std::fs::metadata(path).map_err(|error| Error::io(path, &error))?;
    if !metadata.is_file() && !metadata.is_dir() {
        let message = format!("{}: neither a file nor a folder", path.display());
        let help = "write the output of a pipe or a device to a file first";
        return Err(Error::new(Code::Io, message, Some(help)));
    }
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| {
        let limit = MAX_DOCUMENT_BYTES as u64 + 1;
        file.take(limit).read_to_end(&mut bytes)
    });
    match read {
        Ok(_) if bytes.len() > MAX_DOCUMENT_BYTES => Err(too_large(path)),
        Ok(_) => Ok(bytes),
        Err(error) => Err(Error::io(path, &error)),
    }
}

/// Returns the error for a document that is larger than [`MAX_DOCUMENT_BYTES`].
pub fn too_large(path: &Path) -> Error {
    let message = format!(
        "{}: the document is larger than {} MiB",
        path.display(),
        MAX_DOCUMENT_BYTES >> 20
    );
    let help = "use a smaller document";
    Error::new(Code::TooBig, message, Some(help))
}

/// Reads the text of a file, or returns `None` if the file does not exist.
///
/// # Errors
/// If the file cannot be read or is not UTF-8.
pub fn read_text_if_exists(path: &Path) -> Result<Option<String>, Error> {
    let bytes = match std::fs::metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        _ => read_bytes(path)?,
    };
    let text = String::from_utf8(bytes);
    text.map(Some)
        .map_err(|_| Error::io_message(path, "the text is not UTF-8"))
}
