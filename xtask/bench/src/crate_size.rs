//! Counts the files, lines and derived impls of a generated crate.

use std::fs;
use std::path::{Path, PathBuf};

use observatory_codegen::diag::Error;
use xtask::repository::VendorFolder;

/// The size of a crate's source.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct CrateSize {
    pub(crate) files: usize,
    pub(crate) lines: usize,
    /// The number of derived traits.
    pub(crate) derives: usize,
}

/// Counts the source of a vendor's crate.
pub(crate) fn count_crate(vendor: &VendorFolder) -> Result<CrateSize, Error> {
    let mut size = CrateSize::default();
    visit_rust_files(&vendor.crate_dir().join("src"), &mut |path| {
        let text = fs::read_to_string(&path).map_err(|error| Error::io(&path, &error))?;
        size.files += 1;
        size.lines += text.lines().count();
        let derives = text
            .lines()
            .filter_map(|line| line.trim().strip_prefix("#[derive("));
        size.derives += derives
            .map(|traits| traits.split(',').count())
            .sum::<usize>();
        Ok(())
    })?;
    Ok(size)
}

/// Calls `visit` with each Rust file of a folder and its subfolders.
pub(crate) fn visit_rust_files(
    folder: &Path,
    visit: &mut dyn FnMut(PathBuf) -> Result<(), Error>,
) -> Result<(), Error> {
    for entry in fs::read_dir(folder).map_err(|error| Error::io(folder, &error))? {
        let path = entry.map_err(|error| Error::io(folder, &error))?.path();
        if path.is_dir() {
            visit_rust_files(&path, visit)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            visit(path)?;
        }
    }
    Ok(())
}
