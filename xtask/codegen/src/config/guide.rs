//! The page about the API in the guide of the crate.

use std::path::Path;

use serde::Deserialize;

use crate::diag::{Code, Error};
use crate::loader::read_text_if_exists;

/// The page `guide::vendor`: the concepts of the API, and what its document does not show.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct Guide {
    /// A Markdown file next to `vendor.toml`, without a title. Its Rust programs are doctests of the crate.
    pub file: String,
    /// The Cargo features of the resources that the programs use.
    pub features: Vec<String>,
    /// The text of the file. It is empty in a configuration that was parsed from a text.
    #[serde(skip)]
    pub text: String,
}

impl Guide {
    /// Returns what is wrong with the table, if anything.
    pub(super) fn find_error(&self) -> Option<&'static str> {
        let is_file_name = !self.file.contains(['/', '\\', ':']);
        let is_markdown = self.file.len() > ".md".len() && self.file.ends_with(".md");
        (!is_file_name || !is_markdown).then_some(
            "a guide must have a `file`: the name of a Markdown file next to vendor.toml",
        )
    }

    /// Reads the file of the guide, which is next to the `vendor.toml` at `config`.
    ///
    /// # Errors
    /// If the file does not exist, cannot be read or is empty.
    pub(super) fn read_text(&mut self, config: &Path) -> Result<(), Error> {
        let path = config.with_file_name(&self.file);
        let text = read_text_if_exists(&path)?.unwrap_or_default();
        if text.trim().is_empty() {
            let message = format!("{}: the guide is missing or empty", path.display());
            let help = "write the page, or remove `[guide]` from vendor.toml";
            return Err(Error::new(Code::Config, message, Some(help)));
        }
        self.text = text;
        Ok(())
    }
}
