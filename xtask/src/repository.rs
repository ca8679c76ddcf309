//! The repository: its root and its vendors.

use std::path::{Path, PathBuf};

use observatory_codegen::config::Config;
use observatory_codegen::diag::{Code, Error};
use observatory_codegen::lock::{self, NamesLock};
use observatory_codegen::plan::Runtime;
use observatory_codegen::{Generator, Output};

/// The folder that holds `specs`: the one above, or the one xtask was built in.
///
/// # Errors
/// When there is none.
pub fn repository() -> Result<PathBuf, Error> {
    let here = std::env::current_dir().map_err(|why| Error::io(Path::new("."), &why))?;
    let found = here
        .ancestors()
        .chain([build_root()])
        .find(|folder| folder.join("specs").is_dir() && folder.join("xtask").is_dir());
    found.map(Path::to_path_buf).ok_or_else(|| {
        Error::new(
            Code::Io,
            "there is no `specs` folder here or above",
            Some("run it inside the repository"),
        )
    })
}

/// Returns the root of the repository that this program was built in, where the runtime's source is.
pub fn build_root() -> &'static Path {
    let manifest_dir = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest_dir.parent().unwrap_or(manifest_dir)
}

/// A vendor of the repository.
#[derive(Clone, Debug)]
pub struct VendorFolder {
    /// The folder's name.
    pub name: String,
    /// The repository.
    pub root: PathBuf,
}

impl VendorFolder {
    /// The vendors asked for, or all of them, by name.
    ///
    /// # Errors
    /// When there is no such vendor.
    pub fn find(asked: &[String]) -> Result<Vec<Self>, Error> {
        let root = repository()?;
        let specs = root.join("specs");
        let mut known = Vec::new();
        let entries = std::fs::read_dir(&specs).map_err(|why| Error::io(&specs, &why))?;
        for entry in entries {
            let path = entry.map_err(|why| Error::io(&specs, &why))?.path();
            if path.join("openapi.yaml").is_file() {
                known.extend(
                    path.file_name()
                        .map(|name| name.to_string_lossy().into_owned()),
                );
            }
        }
        known.sort();
        if let Some(unknown) = asked.iter().find(|name| !known.contains(name)) {
            let help = format!("there are: {}", known.join(", "));
            return Err(Error::new(
                Code::UnknownVendor,
                format!("there is no vendor `{unknown}`"),
                Some(&help),
            ));
        }
        let wanted = known
            .into_iter()
            .filter(|name| asked.is_empty() || asked.contains(name));
        Ok(wanted
            .map(|name| Self {
                name,
                root: root.clone(),
            })
            .collect())
    }

    /// Returns the vendor of that name.
    ///
    /// # Errors
    /// When there is no such vendor.
    pub fn find_one(name: &str) -> Result<Self, Error> {
        Self::find(&[name.to_owned()])?.pop().ok_or_else(|| {
            Error::new(
                Code::UnknownVendor,
                format!("there is no vendor `{name}`"),
                None,
            )
        })
    }

    /// The vendor's folder in `specs/`.
    pub fn folder(&self) -> PathBuf {
        self.root.join("specs").join(&self.name)
    }

    /// Where its crate lies.
    pub fn krate(&self) -> PathBuf {
        self.root.join("crates").join(&self.name)
    }

    /// Returns the path of its document.
    pub fn document(&self) -> PathBuf {
        self.folder().join("openapi.yaml")
    }

    /// Returns the path of its overlay, if it has one.
    pub fn overlay(&self) -> Option<PathBuf> {
        let overlay = self.folder().join("overlay.yaml");
        overlay.is_file().then_some(overlay)
    }

    /// Its configuration, and the names that programs use.
    ///
    /// # Errors
    /// When `vendor.toml` or `names.lock` cannot be read.
    pub fn config(&self) -> Result<Config, Error> {
        let mut vendor = Config::load(&self.folder().join("vendor.toml"))?;
        vendor.names.lock = NamesLock::load(&self.folder().join(lock::FILE_NAME))?;
        Ok(vendor)
    }

    /// Returns the generator of its crate. Gaps are listed in the output and are not errors.
    ///
    /// # Errors
    /// When `vendor.toml` or `names.lock` cannot be read.
    pub fn generator(&self) -> Result<Generator, Error> {
        let generator = self.generator_with(self.config()?);
        Ok(match self.overlay() {
            Some(overlay) => generator.overlay(overlay),
            None => generator,
        })
    }

    /// Returns the generator of its crate with another configuration and without the overlay.
    pub fn generator_with(&self, config: Config) -> Generator {
        let package = match config.package.as_str() {
            "" => format!("observatory-{}", self.name),
            package => package.to_owned(),
        };
        Generator::new(config)
            .package(package)
            .version(env!("CARGO_PKG_VERSION"))
            .command(format!("cargo xtask codegen {}", self.name))
            .document_name(format!("specs/{}/openapi.yaml", self.name))
            .runtime(Runtime::Workspace)
            .allow_gaps(true)
    }

    /// Generates its crate in memory.
    ///
    /// # Errors
    /// When its files cannot be read, or the document is refused.
    pub fn generate(&self) -> Result<Output, Error> {
        Ok(self.generator()?.generate(self.document())?)
    }
}

/// Checks that `name` can be a vendor's folder: it becomes part of paths, commands and a crate's name.
pub(crate) fn vendor_name(name: &str) -> Result<&str, Error> {
    let good = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
    if name.starts_with(|c: char| c.is_ascii_lowercase()) && name.chars().all(good) {
        return Ok(name);
    }
    let message = format!("`{}` is no name for a vendor's folder", name.escape_debug());
    Err(Error::new(
        Code::Config,
        message,
        Some("use small letters, digits, `-` and `_`, a letter first"),
    ))
}
