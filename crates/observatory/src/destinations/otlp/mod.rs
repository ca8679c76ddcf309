//! Any endpoint that takes traces in the OpenTelemetry protocol over HTTP (OTLP/HTTP).
//!
//! ```no_run
//! # fn example() -> Result<(), llm_observatory::destinations::Error> {
//! use llm_observatory::destinations::otlp;
//!
//! let collector = otlp::endpoint("http://localhost:4318").build()?;
//! # Ok(())
//! # }
//! ```
//!
//! Spans carry the attributes of OpenTelemetry's semantic conventions for generative AI, unless
//! [`conventions`](OtlpBuilder::conventions) names others. A score is an event `gen_ai.evaluation.result` of the span that
//! it scores.
//!
//! Of the response, `partialSuccess` is read. It has only a number: where some spans of a request were refused, as many
//! records are reported as rejected, the last ones, and the reason adds that it is not known which.

mod attributes;
mod export;
mod gen_ai;
mod json;
mod langfuse;
mod open_inference;
mod protobuf;
mod send;
mod span;

#[cfg(feature = "langfuse")]
pub(super) use attributes::AttributeValue;
#[cfg(feature = "langfuse")]
pub(super) use json::partial_success;
#[cfg(feature = "langfuse")]
pub(super) use send::{acknowledge, partly_rejected};
#[cfg(feature = "langfuse")]
pub(super) use span::{Export, OtlpSpan, SCOPE};

use super::{BoxFuture, Destination, Error, Limits, Outcome, classify};
use crate::model::Record;
pub use observatory_runtime::spec::{OtlpConvention, OtlpEncoding};
use observatory_runtime::{ClientBuilder, Secret, spec};
use std::sync::Arc;
use std::time::Duration;

/// Returns a builder for an endpoint, such as `http://localhost:4318/v1/traces`. `/v1/traces` is added to a URL without
/// a path.
pub fn endpoint(url: impl Into<String>) -> OtlpBuilder {
    OtlpBuilder {
        name: "otlp".to_owned(),
        url: url.into(),
        client: ClientBuilder::new(&send::API),
        encoding: OtlpEncoding::Protobuf,
        conventions: vec![OtlpConvention::GenAi],
        limits: Limits::default(),
        timeout: classify::SEND_TIMEOUT,
        secrets: Vec::new(),
    }
}

/// Returns a builder for an endpoint as a vendor's crate describes it, such as `observatory_braintrust::Client::OTLP`.
/// `base_url` is the URL of the vendor's API. The credential is a [`header`](OtlpBuilder::header).
pub fn api(base_url: impl AsRef<str>, otlp: &spec::Otlp) -> OtlpBuilder {
    let base_url = base_url.as_ref().trim_end_matches('/');
    let mut builder = endpoint(format!("{base_url}{}", otlp.path))
        .encoding(otlp.encoding)
        .conventions(otlp.conventions);
    builder.limits = Limits {
        records: otlp.max_spans,
        bytes: otlp.max_bytes,
    };
    for (name, value) in otlp.headers {
        builder.client = builder.client.header(name, value);
    }
    builder
}

/// Builder of an [`Otlp`] destination.
#[must_use]
pub struct OtlpBuilder {
    name: String,
    url: String,
    client: ClientBuilder<observatory_runtime::Client>,
    encoding: OtlpEncoding,
    conventions: Vec<OtlpConvention>,
    limits: Limits,
    timeout: Duration,
    secrets: Vec<Secret>,
}

impl OtlpBuilder {
    /// Sets the name by which reports refer to the destination. By default `otlp`.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// Adds a header to every request, such as `authorization`. Its value is a secret: it is replaced where a server
    /// repeats it.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.secrets.push(Secret::new(value));
        if let Some((_scheme, credential)) = value.split_once(' ') {
            self.secrets.push(Secret::new(credential));
        }
        self.client = self.client.header(name, value);
        self
    }

    /// Sets the encoding. By default protobuf, which every endpoint takes.
    pub fn encoding(mut self, encoding: OtlpEncoding) -> Self {
        self.encoding = encoding;
        self
    }

    /// Sets the vocabularies of attributes. A span has the attributes of all of them.
    pub fn conventions(mut self, conventions: &[OtlpConvention]) -> Self {
        self.conventions = conventions.to_vec();
        self
    }

    /// Sets the largest request. By default 512 records and 3 MB.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Sets the time limit of one request. By default 30 seconds.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Allows plain HTTP to other hosts than this machine, which sends headers and content unencrypted.
    pub fn allow_http(mut self, allow: bool) -> Self {
        self.client = self.client.allow_http(allow);
        self
    }

    /// Creates the destination.
    ///
    /// # Errors
    /// If the URL or a header is not valid, or the HTTP transport cannot be created.
    pub fn build(self) -> Result<Otlp, Error> {
        let (base, path) = send::split_url(&self.url);
        Ok(Otlp {
            client: self.client.base_url(base).build()?,
            name: self.name,
            path,
            encoding: self.encoding,
            conventions: self.conventions,
            limits: self.limits,
            timeout: self.timeout,
            secrets: self.secrets,
        })
    }
}

/// An endpoint that takes traces in the OpenTelemetry protocol.
#[derive(Clone, Debug)]
pub struct Otlp {
    client: observatory_runtime::Client,
    name: String,
    path: String,
    encoding: OtlpEncoding,
    conventions: Vec<OtlpConvention>,
    limits: Limits,
    timeout: Duration,
    secrets: Vec<Secret>,
}

impl Destination for Otlp {
    fn name(&self) -> &str {
        &self.name
    }

    fn limits(&self) -> Limits {
        self.limits
    }

    fn deliver<'a>(&'a self, batch: &'a [Arc<Record>]) -> BoxFuture<'a, Outcome> {
        Box::pin(self.send(batch))
    }
}
