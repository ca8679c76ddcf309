//! Requests of the vendors' own SDKs, recorded in `../shared/wire`, one file each.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::repository::files;
use crate::shared;

/// One recorded request with its response.
#[derive(Clone, Debug)]
pub struct Recording {
    /// Its file, as `vendor/sdk/file`.
    pub name: String,
    /// The method, in upper case.
    pub method: String,
    /// The path without the query.
    pub path: String,
    /// The query without the question mark.
    pub query: String,
    /// The body, if it is JSON.
    pub body: Option<Value>,
    /// The body of the response.
    pub response: Value,
    headers: Vec<(String, String)>,
}

impl Recording {
    /// Loads all recordings of a vendor's SDKs.
    ///
    /// # Panics
    /// If there are none or one cannot be read.
    pub fn load_all(vendor: &str) -> Vec<Self> {
        let wire = shared::find("wire");
        let files = files(&wire.join(vendor), "json");
        assert!(!files.is_empty(), "no recordings of {vendor}");
        files.iter().map(|file| Self::read(&wire, file)).collect()
    }

    /// Loads the recording with this file name.
    ///
    /// # Panics
    /// If it cannot be read.
    pub fn load(name: &str) -> Self {
        let wire = shared::find("wire");
        Self::read(&wire, &wire.join(name))
    }

    /// Returns the value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        let (_, value) = headers.find(|(known, _)| known.eq_ignore_ascii_case(name))?;
        Some(value)
    }

    fn read(wire: &Path, file: &Path) -> Self {
        let text =
            fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let recording: Value = serde_json::from_str(&text).unwrap();
        let text = |key: &str| recording[key].as_str().unwrap().to_owned();
        let header = |pair: &Value| {
            let part = |index: usize| pair[index].as_str().unwrap().to_owned();
            (part(0), part(1))
        };
        let headers = recording["headers"].as_array().unwrap();
        let name = file.strip_prefix(wire).unwrap();
        Self {
            name: name.to_string_lossy().into_owned(),
            method: text("method"),
            path: text("path"),
            query: text("query"),
            body: (text("body_kind") == "json").then(|| recording["body"].clone()),
            response: recording["answered"]["body"].clone(), // words.txt: allow
            headers: headers.iter().map(header).collect(),
        }
    }
}
