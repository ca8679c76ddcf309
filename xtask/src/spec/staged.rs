//! A document, read and pinned, of which nothing is written yet.

use std::path::{Path, PathBuf};

use super::calendar::{date, today};
use crate::fetch::{self, Fetched};
use crate::pin::{self, Origin};
use observatory_codegen::cli::progress::Progress;
use observatory_codegen::config::Config;
use observatory_codegen::diag::Error;
use observatory_codegen::files::Files;
use observatory_codegen::source::{self, RawDocument};

/// What the command line says of a document.
#[derive(Debug, clap::Args)]
pub(crate) struct Said {
    /// Keep titles, summaries and descriptions: for documents that you may copy
    #[arg(long)]
    keep_docs: bool,
    /// The document's license, as an SPDX expression [default: as recorded, or as the document says]
    #[arg(long, value_name = "SPDX")]
    license: Option<String>,
    /// When it was published [default: as recorded for the same bytes, or today]
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = date)]
    date: Option<String>,
    /// Where it was published, if that is not where it is read from
    #[arg(long, value_name = "TEXT")]
    origin: Option<String>,
}

/// A document that could be written.
pub(super) struct Staged {
    /// As it was published.
    pub published: RawDocument,
    /// The text of `openapi.yaml`.
    pub document: String,
    /// The text of `vendor.toml`.
    pub config: String,
}

/// Fetches a document, unless the server still has the version `known`, and tells how far that is.
pub(super) fn fetched(from: &str, known: Option<&str>) -> Result<Option<Fetched>, Error> {
    let mut progress = Progress::start();
    fetch::fetch(from, known, &mut |bytes| {
        progress.next(&format!("fetching {from}: {} KiB", bytes >> 10));
    })
}

/// Reads and pins what was fetched from `from`; `config` is the text of the `vendor.toml` at `path`.
pub(super) fn stage(
    vendor: &str,
    (from, fetched): (&str, Fetched),
    said: &Said,
    (path, config): (&Path, &str),
) -> Result<Staged, Error> {
    let published = source::parse(Path::new(from), fetched.bytes)?;
    stage_parsed(
        vendor,
        (from, fetched.etag, published),
        said,
        (path, config),
    )
}

/// Pins a document that has been read.
pub(super) fn stage_parsed(
    vendor: &str,
    (from, etag, published): (&str, Option<String>, RawDocument),
    said: &Said,
    (path, config): (&Path, &str),
) -> Result<Staged, Error> {
    let before = Config::parse(path, config)?;
    let origin = Origin {
        origin: said.origin.clone(),
        read_from: read_from(from),
        sha256: published.sha256.clone(),
        date: said.date.clone(),
        license: said.license.clone(),
        stated_license: stated_license(&published),
        today: today(),
        etag,
    }
    .settle(&before.document);
    let what = match said.keep_docs {
        true => "",
        false => ", without its prose",
    };
    let head = format!(
        "The interface of the {vendor} API{what}. Origin: {}\n\
         Written by `cargo xtask spec pin {vendor}`. Do not edit: words and corrections go into overlay.yaml.",
        origin.origin.replace(char::is_control, " "),
    );
    Ok(Staged {
        document: pin::pin(&published, &head, said.keep_docs)?,
        config: pin::record(path, config, &origin)?,
        published,
    })
}

impl Staged {
    /// What is pinned, with the published text, for messages to point into.
    pub(super) fn facts(&self) -> Result<RawDocument, Error> {
        let pinned = source::parse(&self.published.path, self.document.as_bytes())?;
        Ok(RawDocument {
            value: pinned.value,
            ..self.published.clone()
        })
    }

    /// The files of the vendor's folder.
    pub(super) fn files(&self) -> Files {
        let mut files = Files::default();
        files.insert("openapi.yaml".to_owned(), self.document.clone());
        files.insert("vendor.toml".to_owned(), self.config.clone());
        files
    }
}

/// The place of a vendor's `vendor.toml`.
pub(super) fn config_path(folder: &Path) -> PathBuf {
    folder.join("vendor.toml")
}

/// Where the document is read from, without the folders of this machine.
fn read_from(from: &str) -> String {
    if from.contains("://") {
        return from.to_owned();
    }
    Path::new(from)
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default()
}

fn stated_license(raw: &RawDocument) -> Option<String> {
    let license = raw.value.pointer("/info/license")?;
    let stated = license
        .get("identifier")
        .or_else(|| license.get("name"))?
        .as_str()?;
    Some(stated.to_owned()).filter(|stated| !stated.is_empty())
}
