//! Reads documents and configuration from where they are stored.

use std::fmt;
use std::io;
use std::path::Path;

use crate::diag::{Code, Error};

/// The size of the largest document that is read, in bytes.
pub const MAX_BYTES: usize = 64 << 20;

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
}

/// The default loader, which reads only files.
#[derive(Clone, Copy, Debug, Default)]
pub struct FileLoader;

impl Loader for FileLoader {
    fn load(&self, path: &Path) -> Result<Vec<u8>, Error> {
        let read = || {
            let size = std::fs::metadata(path)?.len();
            if usize::try_from(size).is_ok_and(|size| size <= MAX_BYTES) {
                return std::fs::read(path).map(Some);
            }
            Ok(None)
        };
        match read() {
            Ok(Some(bytes)) => Ok(bytes),
            Ok(None) => Err(too_large(path)),
            Err(error) => Err(Error::io(path, &error)),
        }
    }
}

/// Returns the error for a document that is larger than [`MAX_BYTES`].
pub fn too_large(path: &Path) -> Error {
    let message = format!(
        "{}: the document is larger than {} MiB",
        path.display(),
        MAX_BYTES >> 20
    );
    Error::new(Code::TooBig, message, None)
}

/// Reads the text of a file, or returns `None` if the file does not exist.
///
/// # Errors
/// If the file cannot be read or is not UTF-8.
pub fn read_text_if_exists(path: &Path) -> Result<Option<String>, Error> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::io(path, &error)),
    }
}
