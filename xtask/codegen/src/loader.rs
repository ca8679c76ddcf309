//! Reading documents and configuration from where they are stored.

use std::io;
use std::path::Path;

use crate::diag::Error;

/// Reads the text of a file, or returns `None` where the file does not exist.
///
/// # Errors
/// When the file cannot be read or is not UTF-8.
pub fn read_text_if_exists(path: &Path) -> Result<Option<String>, Error> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::io(path, &error)),
    }
}
