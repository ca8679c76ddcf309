//! A document with its overlay and its configuration.

use std::path::{Path, PathBuf};

use observatory_codegen::config::Config;
use observatory_codegen::diag::Error;
use observatory_codegen::plan::RuntimeDependency;
use observatory_codegen::source;
use observatory_codegen::source::overlay::{Strictness, apply_overlay};
use observatory_codegen::{Generator, Output};
use serde_json::Value;
use xtask::repository::build_root;

use super::identifiers::resolve_identifiers;
use super::inheritance::expand_parents;
use super::program;

/// A document to check, with its overlay and its configuration.
#[derive(Clone, Debug)]
pub struct DocumentSource {
    /// The path of the document.
    pub document: PathBuf,
    /// The path of the overlay.
    pub overlay: Option<PathBuf>,
    /// The configuration.
    pub config: Config,
    /// The name of the folder in which the crate is generated.
    pub name: String,
}

impl DocumentSource {
    /// Returns the source of the document at `document`. A document of `specs/` is used with its overlay and its
    /// configuration.
    ///
    /// # Errors
    /// When the configuration cannot be read.
    pub fn from_path(document: &Path) -> Result<Self, Error> {
        let folder = vendor_folder(document);
        let config = match &folder {
            Some(folder) => Config::load(&folder.join("vendor.toml"))?,
            None => Config::default(),
        };
        let overlay = folder.as_ref().map(|folder| folder.join("overlay.yaml"));
        Ok(Self {
            document: document.to_path_buf(),
            overlay: overlay.filter(|overlay| overlay.is_file()),
            config,
            name: match &folder {
                Some(folder) => format!("specs-{}", folder_name(folder)),
                None => folder_name(document),
            },
        })
    }

    /// Generates the crate, in memory.
    pub(crate) fn generate(&self) -> Result<Output, Error> {
        // Hand-written modules and programs of the vendor's crate are not checked here.
        let config = Config {
            ext: false,
            example: Vec::new(),
            ..self.config.clone()
        };
        let runtime = program::path_text(&build_root().join("crates/runtime"))?;
        let mut generator = Generator::new(config)
            .package(format!("types-{}", self.name))
            .command("cargo xtask roundtrip")
            .document_name(&self.name)
            .runtime(RuntimeDependency::Path(runtime))
            .allow_gaps(true);
        if let Some(overlay) = &self.overlay {
            generator = generator.overlay(overlay);
        }
        Ok(generator.generate(&self.document)?)
    }

    /// Loads the document, applies the overlay, without normalization, resolves identifiers of schemas, and replaces
    /// parents with a discriminator by the unions of their children.
    ///
    /// # Errors
    /// When a file cannot be read, or the overlay does not fit the document.
    pub fn load_with_overlay(&self) -> Result<Value, Error> {
        let mut document = source::load(&self.document)?.value;
        if let Some(path) = &self.overlay {
            apply_overlay(&mut document, &source::load(path)?, Strictness::Strict)?;
        }
        let mut document = resolve_identifiers(&document);
        expand_parents(&mut document);
        Ok(document)
    }
}

/// Returns a folder name made from a path's file stem: lowercase ASCII letters, digits and hyphens.
fn folder_name(path: &Path) -> String {
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

/// Returns the vendor's folder of a pinned document; `None` for every other document.
fn vendor_folder(document: &Path) -> Option<PathBuf> {
    let folder = document.parent()?;
    (document.file_name()? == "openapi.yaml" && folder.join("vendor.toml").is_file())
        .then(|| folder.to_path_buf())
}
