//! `[otlp]`: where an API takes traces in the OpenTelemetry protocol.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::http_names::{is_owned_header, is_token};

/// Where and how an API takes traces in the OpenTelemetry protocol over HTTP. The generated client has it as a constant.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct OtlpConfig {
    /// The path after the base URL.
    pub path: String,
    /// The encoding of bodies.
    pub encoding: OtlpEncoding,
    /// Headers of every request, besides the credential. The operation at `path`, if the document has it, sends them, too.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// The vocabularies of attributes that the API reads.
    pub conventions: Vec<OtlpConvention>,
    /// The largest number of spans in one request.
    #[serde(default = "default_max_spans")]
    pub max_spans: usize,
    /// The largest body in bytes.
    #[serde(default = "default_max_bytes")]
    pub max_bytes: usize,
}

/// The encoding of bodies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OtlpEncoding {
    /// `application/x-protobuf`.
    Protobuf,
    /// `application/json`.
    Json,
}

/// A vocabulary of attributes of spans.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OtlpConvention {
    /// OpenTelemetry's semantic conventions for generative AI.
    GenAi,
    /// OpenInference.
    #[serde(rename = "openinference")]
    OpenInference,
    /// Langfuse's attributes.
    Langfuse,
}

/// The batch size of OpenTelemetry's SDKs.
fn default_max_spans() -> usize {
    512
}

/// The smallest limit that a vendor documents.
fn default_max_bytes() -> usize {
    3_000_000
}

impl OtlpConfig {
    /// Returns what is invalid.
    pub(super) fn find_violation(&self) -> Option<String> {
        let is_text = |text: &str| text.chars().all(|c| matches!(c, ' '..='~'));
        let is_valid_header = |(name, value): &(&String, &String)| {
            is_token(name) && !is_owned_header(name) && is_text(value)
        };
        let is_path = self.path.starts_with('/') && !self.path.contains(['?', '#', '{']);
        if !is_path || !is_text(&self.path) {
            Some("`path` must start with `/`, and must not have a query or variables".to_owned())
        } else if self.conventions.is_empty() {
            Some("`conventions` must name at least one vocabulary".to_owned())
        } else if self.max_spans == 0 || self.max_bytes == 0 {
            Some("`max-spans` and `max-bytes` must be at least 1".to_owned())
        } else {
            let invalid = self.headers.iter().find(|header| !is_valid_header(header));
            invalid.map(|(name, _)| format!("`headers`: `{}` cannot be sent", name.escape_debug()))
        }
    }
}
