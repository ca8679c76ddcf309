//! Where a pinned document comes from, written into `vendor.toml`.

use std::path::Path;

use toml_edit::{DocumentMut, Item, Table, value};

use observatory_codegen::config::DocumentOrigin;
use observatory_codegen::diag::{Code, Error};

/// Where a document comes from; what is not said stays as it was recorded before.
#[derive(Clone, Debug, Default)]
pub struct Origin {
    /// URL or file name, if said.
    pub origin: Option<String>,
    /// Where it was read from.
    pub read_from: String,
    /// SHA-256 of the published bytes, in hex.
    pub sha256: String,
    /// `YYYY-MM-DD`, if said.
    pub date: Option<String>,
    /// SPDX expression, if said.
    pub license: Option<String>,
    /// What the document itself says its license is.
    pub stated_license: Option<String>,
    /// `YYYY-MM-DD` of today.
    pub today: String,
    /// What the server it was fetched from calls this version.
    pub etag: Option<String>,
}

impl Origin {
    /// What to record, given what was recorded before. The same bytes pinned again keep their origin and date, and a
    /// license that somebody looked up stands above the one the document states.
    #[must_use]
    pub fn settle(&self, before: &DocumentOrigin) -> DocumentOrigin {
        let same = before.sha256 == self.sha256;
        let kept =
            |text: &String, same: bool| Some(text.clone()).filter(|text| same && !text.is_empty());
        let said = |said: &Option<String>, kept: Option<String>| said.clone().or(kept);
        DocumentOrigin {
            origin: said(&self.origin, kept(&before.origin, same))
                .unwrap_or_else(|| self.read_from.clone()),
            sha256: self.sha256.clone(),
            date: said(&self.date, kept(&before.date, same)).unwrap_or_else(|| self.today.clone()),
            license: said(&self.license, kept(&before.license, true))
                .or_else(|| self.stated_license.clone())
                .unwrap_or_default(),
            etag: said(&self.etag, kept(&before.etag, same)).unwrap_or_default(),
        }
    }
}

/// The text of `vendor.toml` with its `[document]` brought up to date, everything else as it was.
///
/// # Errors
/// When `text` is no TOML, or its `document` no table.
pub fn record(path: &Path, text: &str, origin: &DocumentOrigin) -> Result<String, Error> {
    let mut toml: DocumentMut = text.parse().map_err(|why: toml_edit::TomlError| {
        let offset = why.span().map_or(0, |span| span.start);
        Error::syntax_at(path, text, offset, why.message())
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
        // Setting a value anew would lose the comment behind it.
        if table.get(key).and_then(Item::as_str) != Some(new.as_str()) {
            table.insert(key, value(new.as_str()));
        }
    }
    // Most documents have none.
    match etag.as_str() {
        "" => drop(table.remove("etag")),
        new if table.get("etag").and_then(Item::as_str) == Some(new) => {}
        new => drop(table.insert("etag", value(new))),
    }
    Ok(toml.to_string())
}
