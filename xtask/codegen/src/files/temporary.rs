//! Names of temporary files and folders, and the removal of those that an interrupted run has left.

use std::ffi::OsStr;
use std::fs;
use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::io;
use std::path::Path;

use crate::diag::Error;

/// The extension of files and folders that are not complete.
const EXTENSION: &str = ".tmp-codegen";

/// The number of hexadecimal digits in a name.
const DIGITS: usize = 16;

/// Returns a random name for a temporary file, or, with `of`, for the temporary folder that gets the name `of`.
pub(super) fn temporary_name(of: Option<&str>) -> String {
    // Every state has keys of its own.
    let random = RandomState::new().build_hasher().finish();
    let prefix = name_prefix(of);
    format!("{prefix}{random:0DIGITS$x}{EXTENSION}")
}

fn name_prefix(of: Option<&str>) -> String {
    of.map_or_else(|| ".".to_owned(), |of| format!(".{of}."))
}

/// Returns whether a name is one that [`temporary_name`] makes.
fn is_temporary_name(name: &OsStr, of: Option<&str>) -> bool {
    let name = name.to_str();
    let name = name.and_then(|name| name.strip_prefix(name_prefix(of).as_str()));
    let digits = name.and_then(|name| name.strip_suffix(EXTENSION));
    digits.is_some_and(|digits| {
        digits.len() == DIGITS && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
    })
}

/// Removes the temporary files in a folder, or, with `of`, the temporary folders that would have got the name `of`.
///
/// # Errors
/// If one of them cannot be removed.
pub(super) fn remove_leftovers(dir: &Path, of: Option<&str>) -> Result<(), Error> {
    let entries = match fs::read_dir(dir) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(Error::io(dir, &error)),
    };
    for entry in entries.flatten() {
        let path = entry.path();
        if !is_temporary_name(&entry.file_name(), of) {
            continue;
        }
        // Neither follows a symbolic link.
        let removed = match path.symlink_metadata() {
            Ok(metadata) if metadata.is_dir() && of.is_some() => fs::remove_dir_all(&path),
            Ok(metadata) if metadata.is_file() => fs::remove_file(&path),
            _ => Ok(()),
        };
        removed.map_err(|error| Error::io(&path, &error))?;
    }
    Ok(())
}
