//! The fixtures: small documents of one construct each, in `fixtures/`.

use std::fs;
use std::path::{Path, PathBuf};

use observatory_codegen::config::Config;
use observatory_codegen::diag::Error;
use observatory_codegen::lock::NamesLock;
use observatory_codegen::plan::RuntimeDependency;
use observatory_codegen::{Generator, Output};

/// A document with its optional configuration (`<name>.toml`) and names (`<name>.lock`).
#[derive(Clone, Debug)]
pub struct Fixture {
    /// The file name without its extension.
    pub name: String,
    /// The document, relative to the folder in which tests run.
    pub document: PathBuf,
}

/// Returns all fixtures, sorted by name.
///
/// # Panics
/// If the folder cannot be read.
pub fn all_fixtures() -> Vec<Fixture> {
    let entries = fs::read_dir("fixtures").expect("tests run in the folder of their package");
    let mut all: Vec<Fixture> = entries
        .filter_map(|entry| Fixture::from_document(entry.ok()?.path()))
        .collect();
    all.sort_by(|a, b| a.name.cmp(&b.name));
    all
}

impl Fixture {
    /// Returns the fixture of this name.
    ///
    /// # Panics
    /// If there is none.
    pub fn named(name: &str) -> Self {
        let mut all = all_fixtures().into_iter();
        let found = all.find(|fixture| fixture.name == name);
        found.unwrap_or_else(|| panic!("missing fixture: tests/fixtures/{name}.yaml"))
    }

    fn from_document(document: PathBuf) -> Option<Self> {
        let extension = document.extension()?.to_str()?;
        let name = document.file_stem()?.to_str()?.to_owned();
        ["yaml", "json"]
            .contains(&extension)
            .then_some(Self { name, document })
    }

    /// Returns the name of the crate generated from it.
    pub fn package(&self) -> String {
        format!("fixture-{}", self.name.replace('_', "-"))
    }

    /// Generates its crate in memory.
    ///
    /// # Errors
    /// If the document or its configuration is rejected.
    pub fn generate(&self) -> Result<Output, Error> {
        self.generate_from(&self.document, RuntimeDependency::Workspace)
    }

    /// Generates its crate from an equivalent document, with the given dependency on the runtime.
    ///
    /// # Errors
    /// If the document or its configuration is rejected.
    pub fn generate_from(
        &self,
        document: &Path,
        runtime: RuntimeDependency,
    ) -> Result<Output, Error> {
        let mut vendor = Config::load(&self.document.with_extension("toml"))?;
        vendor.names.lock = NamesLock::load(&self.document.with_extension("lock"))?;
        self.generate_with(document, &vendor, runtime)
    }

    /// Generates its crate from another document and another configuration.
    ///
    /// # Errors
    /// If the document or the configuration is rejected.
    pub fn generate_with(
        &self,
        document: &Path,
        vendor: &Config,
        runtime: RuntimeDependency,
    ) -> Result<Output, Error> {
        let generator = Generator::new(vendor.clone())
            .package(self.package())
            .command("cargo test -p observatory-tests")
            .document_name(format!("{}.yaml", self.name))
            .runtime(runtime)
            .allow_gaps(true);
        Ok(generator.generate(document)?)
    }
}
