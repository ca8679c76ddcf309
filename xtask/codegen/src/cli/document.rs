//! The arguments for a document, its configuration and its overlay.

use std::path::{Path, PathBuf};

use crate::config::Config;
use crate::diag::Error;
use crate::generator::Generator;
use crate::loader::read_text_if_exists;

/// A document, its configuration and its overlay.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct DocumentArgs {
    /// The OpenAPI document, YAML or JSON
    #[arg(long, value_name = "FILE")]
    pub spec: PathBuf,
    /// The configuration: what the document does not contain (vendor.toml)
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// An OpenAPI Overlay that is applied to the document
    #[arg(long, value_name = "FILE")]
    pub overlay: Option<PathBuf>,
    /// Let references lead into files below this folder, besides that of the document
    #[arg(long, value_name = "DIR")]
    pub allow_dir: Vec<PathBuf>,
}

impl DocumentArgs {
    /// Reads the configuration, or returns the default one if no file is named.
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
        let mut generator = Generator::new(self.config()?).allow_gaps(true);
        for dir in &self.allow_dir {
            generator = generator.allow_dir(dir);
        }
        Ok(match &self.overlay {
            Some(overlay) => generator.overlay(overlay),
            None => generator,
        })
    }
}

/// Returns the file name of a path without control characters.
pub fn file_name(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.replace(char::is_control, " ")
}
