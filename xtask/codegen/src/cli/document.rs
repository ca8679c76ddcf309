//! The arguments that name a document and its configuration.

use std::path::{Path, PathBuf};

use crate::config::Config;
use crate::diag::Error;
use crate::generator::Generator;
use crate::loader::read_text_if_exists;

/// A document, with the overlay and the configuration that belong to it.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct DocumentArgs {
    /// The document, YAML or JSON
    #[arg(long, value_name = "FILE")]
    pub spec: PathBuf,
    /// Configuration: what the document does not contain (a vendor.toml)
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// An OpenAPI Overlay that corrects the document
    #[arg(long, value_name = "FILE")]
    pub overlay: Option<PathBuf>,
}

impl DocumentArgs {
    /// Reads the configuration; the default one where none is named.
    ///
    /// # Errors
    /// When the file does not exist, cannot be read, or is not valid.
    pub fn config(&self) -> Result<Config, Error> {
        let Some(path) = &self.config else {
            return Ok(Config::default());
        };
        let text = read_text_if_exists(path)?
            .ok_or_else(|| Error::io_message(path, "the file does not exist"))?;
        Config::parse(path, &text)
    }

    /// Returns the generator with this configuration and overlay. Gaps are listed in the output and are not errors.
    ///
    /// # Errors
    /// As [`DocumentArgs::config`].
    pub fn generator(&self) -> Result<Generator, Error> {
        let generator = Generator::new(self.config()?).allow_gaps(true);
        Ok(match &self.overlay {
            Some(overlay) => generator.overlay(overlay),
            None => generator,
        })
    }
}

/// Returns the last part of a path, as it may be printed.
pub fn file_name(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.replace(char::is_control, " ")
}
