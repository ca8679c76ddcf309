//! A document with its overlay and its configuration.

use std::path::{Path, PathBuf};

use observatory_codegen::config::Config;
use observatory_codegen::diag::Error;
use observatory_codegen::plan::Runtime;
use observatory_codegen::source;
use observatory_codegen::source::overlay::{Strictness, apply_overlay};
use observatory_codegen::{Generator, Output};
use serde_json::Value;
use xtask::repository::build_root;

use super::program;

/// A document to try.
#[derive(Clone, Debug)]
pub struct Source {
    /// The document.
    pub document: PathBuf,
    /// Its overlay, if there is one.
    pub overlay: Option<PathBuf>,
    /// Its configuration.
    pub vendor: Config,
    /// What its folder is called.
    pub name: String,
}

impl Source {
    /// Of a document; one of `specs/` brings its overlay and its configuration.
    ///
    /// # Errors
    /// When the configuration cannot be read.
    pub fn of(spec: &Path) -> Result<Self, Error> {
        let folder = vendor_of(spec);
        let vendor = match &folder {
            Some(folder) => Config::load(&folder.join("vendor.toml"))?,
            None => Config::default(),
        };
        let overlay = folder.as_ref().map(|folder| folder.join("overlay.yaml"));
        Ok(Self {
            document: spec.to_path_buf(),
            overlay: overlay.filter(|overlay| overlay.is_file()),
            vendor,
            name: match &folder {
                Some(folder) => format!("specs-{}", name_of(folder)),
                None => name_of(spec),
            },
        })
    }

    /// Generates its crate.
    pub(crate) fn make(&self) -> Result<Output, Error> {
        // What is written by hand beside a generated crate is no part of it here.
        let vendor = Config {
            ext: false,
            ..self.vendor.clone()
        };
        let runtime = program::text(&build_root().join("crates/runtime"))?;
        let mut generator = Generator::new(vendor)
            .package(format!("types-{}", self.name))
            .command("cargo xtask roundtrip")
            .document_name(&self.name)
            .runtime(Runtime::Path(runtime))
            .allow_gaps(true);
        if let Some(overlay) = &self.overlay {
            generator = generator.overlay(overlay);
        }
        Ok(generator.generate(&self.document)?)
    }
}

/// A document with its overlay applied, and nothing else.
pub(crate) fn mended(from: &Source) -> Result<Value, Error> {
    let mut document = source::load(&from.document)?.value;
    if let Some(path) = &from.overlay {
        apply_overlay(&mut document, &source::load(path)?, Strictness::Strict)?;
    }
    Ok(document)
}

/// The file that a document would be looked for under, as a name for a folder.
fn name_of(path: &Path) -> String {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let name: String = stem
        .to_lowercase()
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .collect();
    match name.trim_matches('-') {
        "" => "document".to_owned(),
        name => name.to_owned(),
    }
}

/// The vendor whose pinned document a path is, if it is one: then its overlay and its configuration go with it.
fn vendor_of(path: &Path) -> Option<PathBuf> {
    let folder = path.parent()?;
    (path.file_name()? == "openapi.yaml" && folder.join("vendor.toml").is_file())
        .then(|| folder.to_path_buf())
}
