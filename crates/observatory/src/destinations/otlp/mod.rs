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
#[cfg_attr(
    not(feature = "__vendor"),
    allow(dead_code, reason = "the vendors use it")
)]
mod builder;
mod export;
mod gen_ai;
mod json;
mod langfuse;
mod message_json;
mod open_inference;
#[cfg_attr(
    not(all(
        feature = "langsmith",
        feature = "mlflow",
        feature = "opik",
        feature = "weave"
    )),
    allow(dead_code, reason = "each vendor uses a part")
)]
pub(super) mod profile;
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

use super::{BoxFuture, Destination, Limits, Outcome};
use crate::model::Record;
#[cfg(feature = "__vendor")]
pub(super) use builder::vendor;
pub use builder::{OtlpBuilder, api, endpoint};
#[cfg(not(feature = "langfuse"))]
use export::Vocabulary;
#[cfg(feature = "langfuse")]
pub(super) use export::Vocabulary;
use observatory_runtime::Secret;
pub use observatory_runtime::spec::{OtlpConvention, OtlpEncoding};
use profile::SendScore;
use std::sync::Arc;
use std::time::Duration;

/// An endpoint that takes traces in the OpenTelemetry protocol.
#[derive(Clone, Debug)]
pub struct Otlp {
    client: observatory_runtime::Client,
    name: String,
    path: String,
    encoding: OtlpEncoding,
    vocabulary: Vocabulary,
    send_score: Option<SendScore>,
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
