//! Resolves references into other files: what they lead to becomes part of the document.
//!
//! A component or a path item that is only a reference is replaced by its target. Every other target is copied to
//! `x-external-files/<file>`, at its place in the file, so that one document has everything. References are rewritten
//! to the new places. Each file remembers where its parts went, so that diagnostics show its lines.
//!
//! Files are read through the caller's [`Loader`]. They have to be below the folder of the document or below an allowed
//! folder; for a document with a URL, at the same origin. References elsewhere stay as they are, and are reported if
//! something uses them.

mod assemble;
mod bundler;
mod location;
mod scan;

use std::path::PathBuf;

use super::load::RawDocument;
use crate::loader::Loader;
use bundler::Bundler;

/// Returns the document with everything that its references into other files lead to. `allowed_dirs` are folders that
/// they may lead into besides that of the document.
pub fn bundle(raw: RawDocument, loader: &dyn Loader, allowed_dirs: &[PathBuf]) -> RawDocument {
    if !raw.files.is_empty() || !scan::has_external_references(&raw.value) {
        return raw;
    }
    let mut bundler = Bundler::new(raw, loader, allowed_dirs);
    bundler.collect();
    bundler.assemble()
}
