//! `vendor.toml`: everything that is configuration for one API.
//!
//! A document says how requests look; this file says the rest: which environment variables hold the key, how a key
//! travels when the document gets it wrong, which servers have names, which answers come in an envelope. The
//! generator holds no vendor's name: whatever differs between vendors is data here or an overlay action.

mod faults;
mod paging;

use std::path::Path;

use serde::Deserialize;

use crate::diag::{Code, Error};
use crate::loader::read_text_if_exists;
use crate::lock::NamesLock;

use faults::{Fault, line_of};
pub use paging::{PaginationRule, PaginationStyle};

/// The first program that a reader sees, compiled as a doctest.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct QuickStart {
    /// The feature of the resource that it uses.
    pub feature: String,
    /// What has to be in the environment, and whatever else there is to say before it. Markdown.
    pub text: String,
    /// The whole program.
    pub code: String,
}

/// The configuration of one API.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct Config {
    /// The name people know it by (`Galileo`).
    pub title: String,
    /// The crate's name; `observatory-<folder>` when empty.
    pub package: String,
    /// One sentence for Cargo.toml.
    pub description: String,
    /// Whether `src/ext/mod.rs` exists, hand-written, and belongs to the crate.
    pub ext: bool,
    /// The program in the crate's README.
    pub quick_start: Option<QuickStart>,
    /// Where the document comes from; written by `spec pin`.
    pub document: DocumentOrigin,
    /// Base URLs with names. Without any, the document's servers are used.
    pub server: Vec<NamedServer>,
    /// Where `from_env` looks for the base URL.
    pub base_url: BaseUrl,
    /// How credentials travel and where `from_env` finds them, by security scheme. The first one is what
    /// `Client::new` takes.
    pub credential: Vec<Credential>,
    /// Answers that come wrapped.
    pub envelope: Vec<EnvelopeRule>,
    /// Answers that come in pages, where the document does not make it plain.
    pub pagination: Vec<PaginationRule>,
    /// What may be sent again when it failed, beyond what methods say of themselves.
    pub retry: Vec<RetryRule>,
    /// Response headers that carry the request's id, most telling first.
    pub request_id_headers: Vec<String>,
    /// Gaps accepted with a reason.
    pub accept: Vec<Acceptance>,
    /// Names that no rule gets right.
    pub names: Names,
}

/// Where a pinned document comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct DocumentOrigin {
    /// URL or file name.
    pub origin: String,
    /// SHA-256 of the published bytes, in hex.
    pub sha256: String,
    /// When it was pinned or published, `YYYY-MM-DD`.
    pub date: String,
    /// SPDX expression.
    pub license: String,
    /// What the server calls this version of it, for `spec update` to ask whether there is another.
    pub etag: String,
}

/// A base URL with a name.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct NamedServer {
    /// `production`, `eu`, …
    pub name: String,
    /// The base URL.
    pub url: String,
    /// Keys that start like this belong to this server.
    pub key_prefix: Option<String>,
}

/// Where `from_env` looks for the base URL.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct BaseUrl {
    /// Variables that hold it, first one set wins.
    pub env: Vec<String>,
    /// A suffix that every base URL has and that people leave out (`/v2`); added where missing.
    pub suffix: Option<String>,
    /// A variable that holds the URL of something else, from which it can be told.
    pub derive: Option<DerivedUrl>,
}

/// How to tell the base URL from another URL. Rules are tried in order; the first that applies wins.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct DerivedUrl {
    /// The variable (`GALILEO_CONSOLE_URL`).
    pub env: String,
    /// The rules.
    pub rule: Vec<UrlRule>,
}

/// One rule of a [`DerivedUrl`]: `url` where the host contains one of `host-contains`, or else `replace` → `with` in the host.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct UrlRule {
    /// Applies where the URL contains one of these; everywhere when empty.
    pub contains: Vec<String>,
    /// The answer.
    pub url: Option<String>,
    /// Text to replace in the URL.
    pub replace: Option<String>,
    /// What to put there.
    pub with: Option<String>,
}

/// How a credential travels.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct Credential {
    /// The key in `components/securitySchemes`.
    pub scheme: String,
    /// Variables that hold it, first one set wins. For basic auth: user name.
    pub env: Vec<String>,
    /// For basic auth: variables that hold the password.
    pub password_env: Vec<String>,
    /// The header, where the document names another one.
    pub header: Option<String>,
    /// Other headers the vendor takes, told in the docs.
    pub header_alternatives: Vec<String>,
    /// What stands before the key (`Bearer `).
    pub prefix: Option<String>,
}

/// Answers that come wrapped: a schema of exactly these properties, or a union whose members all have them.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct EnvelopeRule {
    /// The property that holds what was asked for.
    pub data: String,
    /// The property that says what went wrong, null if nothing did.
    pub error: Option<String>,
}

/// Operations that may be sent twice though their method does not say so: those that only read, or that do nothing new
/// the second time. One that the document does not have is an error.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct RetryRule {
    /// Their `operationId`s.
    pub idempotent: Vec<String>,
    /// How that is known.
    pub reason: String,
}

/// A gap accepted with a reason. One that no longer occurs is an error.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct Acceptance {
    /// The diagnostic's code.
    pub code: String,
    /// Its place.
    pub pointer: String,
    /// Why it may stay.
    pub reason: String,
}

/// Names that no rule gets right.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct Names {
    /// Words that stay together when names are split (`OpenAI`, `OAuth`).
    pub words: Vec<String>,
    /// Rust names by JSON pointer.
    pub rename: std::collections::BTreeMap<String, String>,
    /// The names that programs use; they stand in `names.lock` beside this file.
    #[serde(skip)]
    pub lock: NamesLock,
}

impl Config {
    /// Reads `vendor.toml`; a missing one is an empty one.
    ///
    /// # Errors
    /// When the file says something that is not known or cannot be, with its line.
    pub fn load(path: &Path) -> Result<Self, Error> {
        match read_text_if_exists(path)? {
            Some(text) => Self::parse(path, &text),
            None => Ok(Self::default()),
        }
    }

    /// Reads the text of a `vendor.toml`, which came from `path`.
    ///
    /// # Errors
    /// When it says something that is not known or cannot be, with its line.
    pub fn parse(path: &Path, text: &str) -> Result<Self, Error> {
        let vendor: Self = toml::from_str(text).map_err(|why| {
            let offset = why.span().map_or(0, |span| span.start);
            Error::syntax_at(path, text, offset, why.message())
        })?;
        match vendor.fault() {
            None => Ok(vendor),
            Some(Fault {
                table,
                index,
                message,
            }) => {
                let line = line_of(text, table, index);
                Err(Error::new(
                    Code::Config,
                    format!("{}:{line}: {message}", path.display()),
                    None,
                ))
            }
        }
    }
}
