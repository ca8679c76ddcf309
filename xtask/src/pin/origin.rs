//! The origin of a pinned document, which `vendor.toml` records in `[document]`.

use std::path::Path;

use toml_edit::{DocumentMut, Item, Table, value};

use observatory_codegen::config::DocumentOrigin;
use observatory_codegen::diag::{Code, Error};

/// The origin of a document as far as the command line and the document state it.
#[derive(Clone, Debug, Default)]
pub struct OriginArgs {
    /// The stated URL or file name.
    pub origin: Option<String>,
    /// The URL or file name that the document was read from.
    pub read_from: String,
    /// The SHA-256 of the published bytes, in hex.
    pub sha256: String,
    /// The stated date, `YYYY-MM-DD`.
    pub date: Option<String>,
    /// The stated license, an SPDX expression.
    pub license: Option<String>,
    /// The license that the document states.
    pub document_license: Option<String>,
    /// The current date, `YYYY-MM-DD`.
    pub today: String,
    /// The server's `ETag`.
    pub etag: Option<String>,
}

impl OriginArgs {
    /// Returns the origin to record after `previous`. The same bytes keep their recorded origin and date. A recorded
    /// license takes precedence over the one that the document states.
    #[must_use]
    pub fn update(&self, previous: &DocumentOrigin) -> DocumentOrigin {
        let is_same = previous.sha256 == self.sha256;
        let recorded = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
        let recorded_if_same = |text: &String| recorded(text).filter(|_| is_same);
        let origin = self.origin.clone();
        let date = self.date.clone();
        let license = self.license.clone();
        let etag = self.etag.clone();
        DocumentOrigin {
            origin: origin
                .or(recorded_if_same(&previous.origin))
                .unwrap_or_else(|| self.read_from.clone()),
            sha256: self.sha256.clone(),
            date: date
                .or(recorded_if_same(&previous.date))
                .unwrap_or_else(|| self.today.clone()),
            license: license
                .or(recorded(&previous.license))
                .or_else(|| self.document_license.clone())
                .unwrap_or_default(),
            etag: etag
                .or(recorded_if_same(&previous.etag))
                .unwrap_or_default(),
        }
    }
}

/// Returns the text of `vendor.toml` with an updated `[document]`. Everything else is unchanged, comments included.
///
/// # Errors
/// When `text` is not TOML, or its `document` is not a table.
pub fn write_origin(path: &Path, text: &str, origin: &DocumentOrigin) -> Result<String, Error> {
    let mut toml: DocumentMut = text.parse().map_err(|error: toml_edit::TomlError| {
        let offset = error.span().map_or(0, |span| span.start);
        Error::syntax_at(path, text, offset, error.message())
    })?;
    let Some(table) = toml
        .entry("document")
        .or_insert(Item::Table(Table::new()))
        .as_table_like_mut()
    else {
        let message = format!("{}: `document` is not a table", path.display());
        return Err(Error::new(Code::Config, message, None));
    };
    let DocumentOrigin {
        origin,
        sha256,
        date,
        license,
        etag,
    } = origin;
    for (key, new) in [
        ("origin", origin),
        ("sha256", sha256),
        ("date", date),
        ("license", license),
    ] {
        // An insertion removes the comment after the value, so unchanged values are skipped.
        if table.get(key).and_then(Item::as_str) != Some(new.as_str()) {
            table.insert(key, value(new.as_str()));
        }
    }
    match etag.as_str() {
        "" => drop(table.remove("etag")),
        new if table.get("etag").and_then(Item::as_str) == Some(new) => {}
        new => drop(table.insert("etag", value(new))),
    }
    Ok(toml.to_string())
}
