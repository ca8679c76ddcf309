//! Reads documents, applies overlays, and normalizes every spelling of OpenAPI 3 to one.
//!
//! This is the only module that reads YAML and JSON, and the only one that handles the dialects of OpenAPI:
//! [`normalize()`] returns a document of one canonical shape, or all errors of the document.

mod bundle;
mod load;
pub mod normalize;
pub mod overlay;
mod scan;
mod swagger;
mod visitor;

pub use bundle::bundle;
pub use load::{RawDocument, parse};
pub use normalize::{EXTERNAL_FILES_KEY, fact_extensions, normalize, prose_extensions};
pub use swagger::convert_swagger;

use std::path::{Path, PathBuf};

use crate::diag::Error;
use crate::loader::{FileLoader, Loader};

/// Returns a document that was parsed with the files that its references lead to, as OpenAPI 3.
pub fn prepare(raw: RawDocument, loader: &dyn Loader, allowed_dirs: &[PathBuf]) -> RawDocument {
    convert_swagger(bundle(raw, loader, allowed_dirs))
}

/// Reads the document at `path`, and the files below its folder that its references lead to.
///
/// # Errors
/// If the file cannot be read, is larger than [`MAX_DOCUMENT_BYTES`](crate::limits::MAX_DOCUMENT_BYTES), is not valid YAML or JSON, or
/// has an object with duplicate keys.
pub fn load(path: &Path) -> Result<RawDocument, Error> {
    let raw = parse(path, FileLoader.load(path)?)?;
    Ok(prepare(raw, &FileLoader, &[]))
}
