//! Requests that the vendors' own SDKs sent, recorded in `../shared/wire`, a file each.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::shared;

/// One recorded request.
#[derive(Clone, Debug)]
pub struct Recording {
    /// Its file, as `vendor/sdk/file`.
    pub name: String,
    /// The method, in capitals.
    pub method: String,
    /// The path without the query.
    pub path: String,
    /// The query without the question mark.
    pub query: String,
    /// The body, where it was JSON.
    pub body: Option<Value>,
    /// What the recorder answered.
    pub answer: Value,
    headers: Vec<(String, String)>,
}

impl Recording {
    /// All that were made of a vendor's SDKs; `None` where there is no such folder.
    pub fn all(vendor: &str) -> Option<Vec<Self>> {
        let wire = shared::find("wire")?;
        let files = shared::files(&wire.join(vendor), "json");
        assert!(!files.is_empty(), "no recordings of {vendor}");
        Some(files.iter().map(|file| Self::read(&wire, file)).collect())
    }

    /// One of them, by the name of its file; `None` where there is no folder of recordings.
    pub fn one(name: &str) -> Option<Self> {
        let wire = shared::find("wire")?;
        Some(Self::read(&wire, &wire.join(name)))
    }

    /// A header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        let (_, value) = headers.find(|(known, _)| known.eq_ignore_ascii_case(name))?;
        Some(value)
    }

    fn read(wire: &Path, file: &Path) -> Self {
        let text =
            fs::read_to_string(file).unwrap_or_else(|why| panic!("{}: {why}", file.display()));
        let all: Value = serde_json::from_str(&text).unwrap();
        let text = |key: &str| all[key].as_str().unwrap().to_owned();
        let header = |pair: &Value| {
            let part = |index: usize| pair[index].as_str().unwrap().to_owned();
            (part(0), part(1))
        };
        Self {
            name: file
                .strip_prefix(wire)
                .unwrap()
                .to_string_lossy()
                .into_owned(),
            method: text("method"),
            path: text("path"),
            query: text("query"),
            body: (text("body_kind") == "json").then(|| all["body"].clone()),
            answer: all["answered"]["body"].clone(),
            headers: all["headers"]
                .as_array()
                .unwrap()
                .iter()
                .map(header)
                .collect(),
        }
    }
}
