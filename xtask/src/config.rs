//! `vendor.toml`: everything that is configuration for one API.
//!
//! A document says how requests look; this file says the rest: which environment variables hold the key, how a key
//! travels when the document gets it wrong, which servers have names, which answers come in an envelope. The
//! generator holds no vendor's name: whatever differs between vendors is data here or an overlay action.

use std::path::Path;

use serde::Deserialize;

use crate::diag::{Code, Error};
use crate::source::input;

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
pub struct Vendor {
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
    pub licence: String,
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
}

impl Vendor {
    /// Reads `vendor.toml`; a missing one is an empty one.
    ///
    /// # Errors
    /// When the file says something that is not known or cannot be, with its line.
    pub fn load(path: &Path) -> Result<Self, Error> {
        match input::text(path)? {
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
                Err(Error::plain(
                    Code::Config,
                    format!("{}:{line}: {message}", path.display()),
                    None,
                ))
            }
        }
    }

    /// The first thing that serde lets pass and nobody can mean.
    fn fault(&self) -> Option<Fault> {
        let accepted = self.accept.iter().enumerate().find_map(|(index, rule)| {
            let message = if Code::from_name(&rule.code).is_none() {
                format!("`{}` is no diagnostic's code", rule.code)
            } else if !rule.pointer.starts_with('#') {
                "`pointer` names a place in the document and starts with `#`".to_owned()
            } else if rule.reason.trim().is_empty() {
                "an accepted gap has a `reason`".to_owned()
            } else {
                return None;
            };
            Some(Fault {
                table: "accept",
                index,
                message,
            })
        });
        let servers = self.server.iter().enumerate().find_map(|(index, server)| {
            let twice = self
                .server
                .iter()
                .take(index)
                .any(|other| other.name == server.name);
            let wrong = twice || server.name.is_empty() || !server.url.contains("://");
            let message = "a server has a `name` of its own and a `url`".to_owned();
            wrong.then_some(Fault {
                table: "server",
                index,
                message,
            })
        });
        let credentials = self
            .credential
            .iter()
            .enumerate()
            .find_map(|(index, credential)| {
                let twice = self
                    .credential
                    .iter()
                    .take(index)
                    .any(|other| other.scheme == credential.scheme);
                let message = "a credential has a `scheme` of its own".to_owned();
                (twice || credential.scheme.is_empty()).then_some(Fault {
                    table: "credential",
                    index,
                    message,
                })
            });
        let rules = self.base_url.derive.as_ref().and_then(|derive| {
            let odd = |rule: &UrlRule| {
                rule.url.is_some() == rule.replace.is_some()
                    || rule.replace.is_some() != rule.with.is_some()
            };
            let message = "a rule has either `url` or `replace` and `with`".to_owned();
            derive.rule.iter().any(odd).then_some(Fault {
                table: "base-url",
                index: 0,
                message,
            })
        });
        let envelopes = self.envelope.iter().position(|rule| rule.data.is_empty());
        let envelopes = envelopes.map(|index| Fault {
            table: "envelope",
            index,
            message: "an envelope has `data`".to_owned(),
        });
        let retries = self
            .retry
            .iter()
            .position(|rule| rule.idempotent.is_empty() || rule.reason.trim().is_empty());
        let retries = retries.map(|index| Fault {
            table: "retry",
            index,
            message: "what may be sent again is named by `idempotent`, with a `reason`".to_owned(),
        });
        accepted
            .or(servers)
            .or(credentials)
            .or(rules)
            .or(envelopes)
            .or(retries)
    }
}

/// Something that nobody can mean, in the `index`th table of a name.
struct Fault {
    table: &'static str,
    index: usize,
    message: String,
}

/// The line on which the table stands.
fn line_of(text: &str, table: &str, index: usize) -> usize {
    let span = toml_edit::Document::parse(text).ok().and_then(|document| {
        let item = document.get(table)?;
        let tables = item
            .as_array_of_tables()
            .and_then(|tables| tables.get(index)?.span());
        let values = item.as_array().and_then(|values| values.get(index)?.span());
        tables.or(values).or_else(|| item.span())
    });
    crate::diag::line_column(text, span.map_or(0, |span| span.start)).0
}
