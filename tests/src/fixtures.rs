//! The fixtures: tiny documents of one construct each, in `fixtures/`.

use std::fs;
use std::path::{Path, PathBuf};

use observatory_codegen::config::Config;
use observatory_codegen::diag::Error;
use observatory_codegen::lock::NamesLock;
use observatory_codegen::plan::Runtime;
use observatory_codegen::{Generator, Output};

/// A document, and perhaps its configuration.
#[derive(Clone, Debug)]
pub struct Fixture {
    /// The file's name without its ending.
    pub name: String,
    /// The document, relative to the folder in which tests run.
    pub document: PathBuf,
}

/// Every fixture, by name.
///
/// # Panics
/// When the folder cannot be read.
pub fn all() -> Vec<Fixture> {
    let entries = fs::read_dir("fixtures").expect("tests run in the folder of their package");
    let mut all: Vec<Fixture> = entries
        .filter_map(|entry| Fixture::of(entry.ok()?.path()))
        .collect();
    all.sort_by(|a, b| a.name.cmp(&b.name));
    all
}

impl Fixture {
    fn of(document: PathBuf) -> Option<Self> {
        let ending = document.extension()?.to_str()?;
        let name = document.file_stem()?.to_str()?.to_owned();
        ["yaml", "json"]
            .contains(&ending)
            .then_some(Self { name, document })
    }

    /// The name of its crate.
    pub fn package(&self) -> String {
        format!("fixture-{}", self.name.replace('_', "-"))
    }

    /// Generates its crate, in memory.
    ///
    /// # Errors
    /// When the document or its configuration is refused.
    pub fn make(&self) -> Result<Output, Error> {
        self.make_of(&self.document, Runtime::Workspace)
    }

    /// Generates its crate from a document that means the same, with the runtime where it is said to be.
    ///
    /// # Errors
    /// When the document or its configuration is refused.
    pub fn make_of(&self, document: &Path, runtime: Runtime) -> Result<Output, Error> {
        let mut vendor = Config::load(&self.document.with_extension("toml"))?;
        vendor.names.lock = NamesLock::load(&self.document.with_extension("lock"))?;
        self.make_with(document, &vendor, runtime)
    }

    /// Generates its crate as it is configured otherwise.
    ///
    /// # Errors
    /// When the document is refused.
    pub fn make_with(
        &self,
        document: &Path,
        vendor: &Config,
        runtime: Runtime,
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
