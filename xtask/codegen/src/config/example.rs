//! Programs that are written by hand in the folder `examples` of a crate.

use serde::Deserialize;

/// A program in `examples`. The README links it, and Cargo.toml lists it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct Example {
    /// The name of the file without `.rs`: `log_trace`.
    pub name: String,
    /// The Cargo feature of the resource that the program uses.
    pub feature: String,
    /// What the program does, after its name: `logs a trace`.
    pub text: String,
}

impl Example {
    /// Returns what is wrong with the table, if anything. `previous` are the tables before it.
    pub(super) fn find_error(&self, previous: &[Self]) -> Option<&'static str> {
        let is_name_char = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        let is_file_name = !self.name.is_empty() && self.name.chars().all(is_name_char);
        if !is_file_name || previous.iter().any(|other| other.name == self.name) {
            Some("an example must have a unique `name` of lowercase letters, digits and `_`")
        } else if self.feature.is_empty() || self.text.trim().is_empty() {
            Some("an example must have a `feature` and a `text`")
        } else {
            None
        }
    }
}
