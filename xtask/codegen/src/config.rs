//! `vendor.toml`: the configuration of one API.
//!
//! It contains what the document does not: the environment variables of credentials, headers that the document gets
//! wrong, names of servers, rules for envelopes and pagination. The generator itself has no code for a vendor.

mod example;
mod guide;
mod otlp;
mod pagination;
mod skip;
mod validate;

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

use crate::diag::{Code, Error};
use crate::loader::read_text_if_exists;
use crate::lock::NamesLock;

pub use example::Example;
pub use guide::Guide;
pub use otlp::{OtlpConfig, OtlpConvention, OtlpEncoding};
pub use pagination::{PaginationRule, PaginationStyle};
pub use skip::SkipRule;
use validate::{InvalidTable, find_line};

/// The first example in the README, compiled as a doctest.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct QuickStart {
    /// The pointer of the operation that a generated program calls, instead of `feature` and `code`. If a value of its
    /// arguments has no simple expression, the program calls another operation.
    pub operation: Option<String>,
    /// The Cargo feature of the resource that the example uses.
    pub feature: String,
    /// Markdown before the example, for example the required environment variables.
    pub text: String,
    /// The whole program.
    pub code: String,
}

/// The configuration of one API.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct Config {
    /// The product name (`Galileo`).
    pub title: String,
    /// The name of the package. If empty, the caller of the generator chooses it.
    pub package: String,
    /// The `description` in Cargo.toml, in one sentence.
    pub description: String,
    /// Whether the crate has a hand-written module `src/ext/mod.rs`.
    pub ext: bool,
    /// The first example in the README.
    pub quick_start: Option<QuickStart>,
    /// Programs in the folder `examples`.
    pub example: Vec<Example>,
    /// The page about the API in the guide.
    pub guide: Option<Guide>,
    /// The origin of the document, written by `spec pin`.
    pub document: DocumentOrigin,
    /// Named base URLs. If empty, the servers of the document are used.
    pub server: Vec<NamedServer>,
    /// How `from_env` determines the base URL.
    pub base_url: BaseUrl,
    /// Credentials by security scheme. `Client::new` takes the first one.
    pub credential: Vec<Credential>,
    /// Where the API takes traces in the OpenTelemetry protocol.
    pub otlp: Option<OtlpConfig>,
    /// Responses that are wrapped in an envelope.
    pub envelope: Vec<EnvelopeRule>,
    /// Pagination that the generator does not detect.
    pub pagination: Vec<PaginationRule>,
    /// Operations that may be retried although their method is not idempotent.
    pub retry: Vec<RetryRule>,
    /// Response headers that contain the request ID, in order of preference.
    pub request_id_headers: Vec<String>,
    /// Operations that are left out.
    pub skip: Vec<SkipRule>,
    /// Accepted gaps.
    pub accept: Vec<Acceptance>,
    /// Exceptions to the naming rules.
    pub names: Names,
}

/// The origin of a pinned document.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct DocumentOrigin {
    /// The URL or the file name.
    pub origin: String,
    /// The SHA-256 of the published bytes, in hexadecimal.
    pub sha256: String,
    /// The date on which the document was pinned or published, `YYYY-MM-DD`.
    pub date: String,
    /// The license as an SPDX expression.
    pub license: String,
    /// The `ETag` of the published document, with which `spec update` detects a new version.
    pub etag: String,
}

/// A named base URL.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct NamedServer {
    /// The name: `production`, `eu`, …
    pub name: String,
    /// The base URL.
    pub url: String,
    /// The prefix of the API keys that are valid for this server.
    pub key_prefix: Option<String>,
}

/// How `from_env` determines the base URL.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct BaseUrl {
    /// Environment variables that contain the base URL. The first one that is set is used.
    pub env: Vec<String>,
    /// The suffix of every base URL (`/v2`), which is added if it is missing.
    pub suffix: Option<String>,
    /// How to derive the base URL from another URL.
    pub derive: Option<DerivedUrl>,
}

/// How to derive the base URL from another URL. The first rule that applies is used.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct DerivedUrl {
    /// Environment variables that contain the other URL (`GALILEO_CONSOLE_URL`). The first one that is set is used.
    pub env: Vec<String>,
    /// The rules, in their order.
    pub rule: Vec<UrlRule>,
}

/// One rule of a [`DerivedUrl`]. It has either `url`, or `replace` and `with`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct UrlRule {
    /// The rule applies if the URL contains one of these texts. If empty, it always applies.
    pub contains: Vec<String>,
    /// The base URL.
    pub url: Option<String>,
    /// The text in the URL that is replaced.
    pub replace: Option<String>,
    /// The replacement.
    pub with: Option<String>,
}

/// How a credential is read and sent.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct Credential {
    /// The key in `components/securitySchemes`.
    pub scheme: String,
    /// Environment variables that contain the key or, for HTTP Basic, the user name. The first one that is set is used.
    pub env: Vec<String>,
    /// Environment variables that contain the password for HTTP Basic.
    pub password_env: Vec<String>,
    /// The header, if that in the document is wrong.
    pub header: Option<String>,
    /// The text before the key in the header (`Bearer `).
    pub prefix: Option<String>,
    /// Other headers that the server accepts for the same key.
    pub other_header: Vec<OtherHeader>,
}

/// Another header for the key of a [`Credential`].
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct OtherHeader {
    /// The header.
    pub header: String,
    /// Environment variables whose key is sent in this header.
    pub env: Vec<String>,
}

/// Responses that are wrapped in an envelope: a schema with exactly these properties, or a union whose members all have
/// them.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct EnvelopeRule {
    /// The property that contains the data.
    pub data: String,
    /// The property that contains the error, or null on success.
    pub error: Option<String>,
}

/// Operations that may be retried although their method is not idempotent, since they only read or have the same
/// effect when repeated.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct RetryRule {
    /// The `operationId`s. It is an error if the document does not have one of them.
    pub idempotent: Vec<String>,
    /// Why the operations are idempotent.
    pub reason: String,
}

/// A gap that is accepted for a reason. It is an error if the gap does not occur.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct Acceptance {
    /// The code of the diagnostic.
    pub code: String,
    /// The pointer of the diagnostic.
    pub pointer: String,
    /// Why the gap is acceptable.
    pub reason: String,
}

/// Exceptions to the naming rules.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct Names {
    /// Words that are not split (`OpenAI`, `OAuth`).
    pub words: Vec<String>,
    /// Rust names by JSON pointer.
    pub rename: BTreeMap<String, String>,
    /// The names of the last generated version, from `names.lock` next to `vendor.toml`.
    #[serde(skip)]
    pub lock: NamesLock,
}

impl Config {
    /// Reads the `vendor.toml` at `path` and the file of its guide. A missing `vendor.toml` is an empty configuration.
    ///
    /// # Errors
    /// If a file cannot be read or is not valid, with the line.
    pub fn load(path: &Path) -> Result<Self, Error> {
        let Some(text) = read_text_if_exists(path)? else {
            return Ok(Self::default());
        };
        let mut config = Self::parse(path, &text)?;
        if let Some(guide) = &mut config.guide {
            guide.read_text(path)?;
        }
        Ok(config)
    }

    /// Parses the text of a `vendor.toml`. `path` is used in messages.
    ///
    /// # Errors
    /// If the text is not valid, with the line.
    pub fn parse(path: &Path, text: &str) -> Result<Self, Error> {
        let config: Self = toml::from_str(text).map_err(|error| {
            let offset = error.span().map_or(0, |span| span.start);
            Error::syntax_at(path, text, offset, error.message())
        })?;
        match config.find_invalid_table() {
            None => Ok(config),
            Some(InvalidTable {
                table,
                index,
                message,
            }) => {
                let line = find_line(text, table, index);
                let message = format!("{}:{line}: {message}", path.display());
                Err(Error::new(Code::Config, message, None))
            }
        }
    }
}
