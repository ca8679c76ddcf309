//! The repository: its root and its vendors.

use std::path::{Path, PathBuf};

use observatory_codegen::config::Config;
use observatory_codegen::diag::{Code, Error};
use observatory_codegen::lock::{self, NamesLock};
use observatory_codegen::plan::RuntimeDependency;
use observatory_codegen::{Generator, Output};

/// Returns the root of the repository: the nearest folder at or above the current one that has `specs` and `xtask`, or
/// the repository that this program was built in.
///
/// # Errors
/// When there is no such folder.
pub fn repository_root() -> Result<PathBuf, Error> {
    let current = std::env::current_dir().map_err(|error| Error::io(Path::new("."), &error))?;
    let root = current
        .ancestors()
        .chain([build_root()])
        .find(|folder| folder.join("specs").is_dir() && folder.join("xtask").is_dir());
    root.map(Path::to_path_buf).ok_or_else(|| {
        Error::new(
            Code::Io,
            "no `specs` folder in the current folder or above it",
            Some("run the command inside the repository"),
        )
    })
}

/// Returns the root of the repository that this program was built in, which contains the runtime's source.
pub fn build_root() -> &'static Path {
    let manifest_dir = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest_dir.parent().unwrap_or(manifest_dir)
}

/// A vendor of the repository.
#[derive(Clone, Debug)]
pub struct VendorFolder {
    /// The folder's name.
    pub name: String,
    /// The root of the repository.
    pub root: PathBuf,
}

impl VendorFolder {
    /// Returns the vendors with these names, or all vendors if `names` is empty, sorted by name.
    ///
    /// # Errors
    /// When there is no vendor of one of the names.
    pub fn find(names: &[String]) -> Result<Vec<Self>, Error> {
        let root = repository_root()?;
        let known = vendor_names(&root.join("specs"))?;
        if let Some(unknown) = names.iter().find(|name| !known.contains(name)) {
            let message = format!("there is no vendor `{unknown}` in specs/");
            let help = format!("use one of: {}", known.join(", "));
            return Err(Error::new(Code::UnknownVendor, message, Some(&help)));
        }
        let selected = known
            .into_iter()
            .filter(|name| names.is_empty() || names.contains(name));
        Ok(selected
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
            let message = format!("there is no vendor `{name}` in specs/");
            Error::new(Code::UnknownVendor, message, None)
        })
    }

    /// Returns the vendor's folder in `specs/`.
    pub fn spec_dir(&self) -> PathBuf {
        self.root.join("specs").join(&self.name)
    }

    /// Returns the folder of the generated crate.
    pub fn crate_dir(&self) -> PathBuf {
        self.root.join("crates").join(&self.name)
    }

    /// Returns the path of the pinned document.
    pub fn document(&self) -> PathBuf {
        self.spec_dir().join("openapi.yaml")
    }

    /// Returns the path of the overlay, if the vendor has one.
    pub fn overlay(&self) -> Option<PathBuf> {
        let overlay = self.spec_dir().join("overlay.yaml");
        overlay.is_file().then_some(overlay)
    }

    /// Reads `vendor.toml` and `names.lock`.
    ///
    /// # Errors
    /// When one of them cannot be read or is not valid.
    pub fn config(&self) -> Result<Config, Error> {
        let mut config = Config::load(&self.spec_dir().join("vendor.toml"))?;
        config.names.lock = NamesLock::load(&self.spec_dir().join(lock::FILE_NAME))?;
        Ok(config)
    }

    /// Returns the generator of the vendor's crate. Gaps are listed in the output and are not errors.
    ///
    /// # Errors
    /// When `vendor.toml` or `names.lock` cannot be read or is not valid.
    pub fn generator(&self) -> Result<Generator, Error> {
        let generator = self.generator_with_config(self.config()?);
        Ok(match self.overlay() {
            Some(overlay) => generator.overlay(overlay),
            None => generator,
        })
    }

    /// Returns the generator of the vendor's crate with another configuration, and without the overlay.
    pub fn generator_with_config(&self, config: Config) -> Generator {
        let package = match config.package.as_str() {
            "" => format!("observatory-{}", self.name),
            package => package.to_owned(),
        };
        Generator::new(config)
            .package(package)
            .version(env!("CARGO_PKG_VERSION"))
            .command(format!("cargo xtask codegen {}", self.name))
            .document_name(format!("specs/{}/openapi.yaml", self.name))
            .runtime(RuntimeDependency::Workspace)
            .allow_gaps(true)
            .deny_warnings(true)
    }

    /// Generates the vendor's crate in memory.
    ///
    /// # Errors
    /// When an input cannot be read or is not valid.
    pub fn generate(&self) -> Result<Output, Error> {
        Ok(self.generator()?.generate(self.document())?)
    }

    /// Returns the title of a vendor without configuration: the words of the folder's name, capitalized.
    pub(crate) fn default_title(&self) -> String {
        let words = self.name.split(['-', '_']).filter(|word| !word.is_empty());
        let words: Vec<String> = words
            .map(|word| {
                let mut letters = word.chars();
                let first = letters.next().map(|first| first.to_ascii_uppercase());
                first.into_iter().chain(letters).collect()
            })
            .collect();
        words.join(" ")
    }
}

/// Returns the names of the folders in `specs` that contain a document, sorted.
fn vendor_names(specs: &Path) -> Result<Vec<String>, Error> {
    let mut names = Vec::new();
    let entries = std::fs::read_dir(specs).map_err(|error| Error::io(specs, &error))?;
    for entry in entries {
        let path = entry.map_err(|error| Error::io(specs, &error))?.path();
        if path.join("openapi.yaml").is_file() {
            let name = path.file_name();
            names.extend(name.map(|name| name.to_string_lossy().into_owned()));
        }
    }
    names.sort();
    Ok(names)
}

/// Returns the folder of a new or existing vendor in this repository. The name becomes part of paths, commands and a
/// crate's name.
///
/// # Errors
/// When `name` is not a valid name of a vendor.
pub(crate) fn vendor_folder(name: &str) -> Result<VendorFolder, Error> {
    let is_allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
    if name.starts_with(|c: char| c.is_ascii_lowercase()) && name.chars().all(is_allowed) {
        return Ok(VendorFolder {
            name: name.to_owned(),
            root: repository_root()?,
        });
    }
    Err(Error::new(
        Code::Config,
        format!("invalid vendor name `{}`", name.escape_debug()),
        Some("use lowercase letters, digits, `-` and `_`, and start with a letter"),
    ))
}
