//! Where records are delivered: one module and one Cargo feature for each vendor.
//!
//! | module | traces | scores |
//! | --- | --- | --- |
//! | `adaline` | `POST /v2/logs/trace`, or `/v2/logs/span` for spans that come after their trace | not in the API |
//! | `braintrust` | `POST /v1/project_logs/{id}/insert` | in the span's row, or `POST /v1/project_logs/{id}/feedback` |
//! | `galileo` | `POST /v2/projects/{id}/traces`, or `/spans` for spans that come after their trace | not in the API |
//! | `helicone` | `POST /v1/trace/custom/log/typed` | `POST /v1/request/{id}/score` |
//! | `langfuse` | `POST /api/public/otel/v1/traces` | `POST /api/public/scores` |
//! | `langsmith` | `POST /otel/v1/traces` | `POST /api/v1/feedback` |
//! | `mlflow` | `POST /v1/traces` | event `gen_ai.evaluation.result` |
//! | `opik` | `POST /v1/private/otel/v1/traces` | event `gen_ai.evaluation.result` |
//! | `phoenix` | `POST /v1/traces` | `POST /v1/span_annotations` or `/v1/trace_annotations` |
//! | `weave` | `POST /otel/v1/traces` | event `gen_ai.evaluation.result` |
//! | `otlp` | any endpoint of the OpenTelemetry protocol | event `gen_ai.evaluation.result` |
//!
//! [`reading`](crate::reading) lists which vendors return traces, [`prompts`](crate::prompts) how they name prompts.
//!
//! Ids of traces, spans and scores are the same in every request with the record, so that a vendor that has the id
//! already keeps the record once.

#[cfg(feature = "adaline")]
pub mod adaline;
#[cfg(feature = "braintrust")]
pub mod braintrust;
#[cfg(feature = "__client")]
mod chat;
#[cfg(feature = "__client")]
#[cfg_attr(
    not(all(
        feature = "braintrust",
        feature = "galileo",
        feature = "helicone",
        feature = "langfuse"
    )),
    allow(dead_code, reason = "each destination uses a part")
)]
mod classify;
#[cfg(feature = "galileo")]
pub mod galileo;
#[cfg(feature = "helicone")]
pub mod helicone;
#[cfg(feature = "langfuse")]
pub mod langfuse;
#[cfg(feature = "langsmith")]
pub mod langsmith;
#[cfg(feature = "mlflow")]
pub mod mlflow;
#[cfg(any(feature = "braintrust", feature = "galileo"))]
mod named;
#[cfg(feature = "opik")]
pub mod opik;
#[cfg(feature = "otlp")]
pub mod otlp;
#[cfg(feature = "phoenix")]
pub mod phoenix;
pub(crate) mod prompts;
pub(crate) mod reading;
#[cfg(feature = "__client")]
#[cfg_attr(
    not(all(
        feature = "adaline",
        feature = "braintrust",
        feature = "galileo",
        feature = "helicone",
        feature = "langfuse"
    )),
    allow(dead_code, reason = "each destination uses a part")
)]
mod stored;
#[cfg(any(feature = "adaline", feature = "galileo"))]
mod tree;
#[cfg(any(feature = "galileo", feature = "helicone", feature = "langsmith"))]
mod uuid;
#[cfg(feature = "weave")]
pub mod weave;

#[cfg(feature = "__client")]
pub use observatory_runtime::Error;

use crate::model::Record;
use prompts::PromptSource;
use reading::TraceSource;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

/// A boxed future, as [`Destination::deliver`] returns it.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Translates records for a vendor and sends them.
///
/// The delivery engine bounds, batches, splits and retries. A destination sends one batch once, and reports the result of
/// each record.
pub trait Destination: Send + Sync + 'static {
    /// Returns the name by which reports refer to this destination, such as `langfuse`.
    fn name(&self) -> &str;

    /// Returns the largest request that the vendor accepts.
    fn limits(&self) -> Limits {
        Limits::default()
    }

    /// Returns how records are grouped into requests.
    fn grouping(&self) -> Grouping {
        Grouping::Records
    }

    /// Returns whether the vendor's API has a place for the record. What it has none for is counted as unsupported and
    /// is not delivered.
    fn supports(&self, record: &Record) -> bool {
        let _ = record;
        true
    }

    /// Returns what is missing for every delivery, such as a project. The observatory is not built then.
    fn missing(&self) -> Option<&str> {
        None
    }

    /// Returns what fetches prompts; `None` where the vendor's API has none.
    fn prompt_source(&self) -> Option<&dyn PromptSource> {
        None
    }

    /// Returns what reads traces back; `None` where the vendor's API cannot.
    fn source(&self) -> Option<&dyn TraceSource> {
        None
    }

    /// Sends the records once, without retries. The engine calls it from its own thread, one batch at a time.
    ///
    /// The engine splits by estimated sizes. Where the encoded request is over [`Limits::bytes`], return
    /// [`Outcome::TooLarge`] without sending it. A future that takes longer than
    /// [`DeliveryOptions::attempt_timeout`](crate::DeliveryOptions::attempt_timeout) is dropped, and the batch is sent again.
    /// It must not block the thread, which all destinations share.
    fn deliver<'a>(&'a self, batch: &'a [Arc<Record>]) -> BoxFuture<'a, Outcome>;
}

/// The largest request that a vendor accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Records in one request.
    pub records: usize,
    /// Bytes of one request.
    pub bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            records: 512,
            bytes: 3_000_000,
        }
    }
}

/// How records are grouped into requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Grouping {
    /// Any records in one request.
    Records,
    /// All spans of one trace in one request, after the trace is complete.
    Traces,
}

/// The result of sending one batch.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// The vendor responded for each record, in the order of the batch.
    Items(Vec<ItemOutcome>),
    /// The request was too large. The engine sends smaller ones.
    TooLarge {
        /// The vendor's words.
        reason: String,
    },
    /// The batch can be sent again.
    Retry {
        /// Why, such as `503` or `connection refused`.
        reason: String,
        /// How long the vendor asked to wait.
        after: Option<Duration>,
    },
    /// At least one record is invalid, and the vendor does not report which. The engine sends smaller batches until the
    /// invalid records are alone, and rejects these.
    InvalidRecord {
        /// The vendor's words.
        reason: String,
    },
    /// The vendor refused the batch, and would refuse each of its records again.
    Rejected {
        /// The vendor's words.
        reason: String,
    },
}

/// The result of one record.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ItemOutcome {
    /// The vendor has it.
    Acknowledged,
    /// The vendor refused it, and would refuse it again.
    Rejected {
        /// The vendor's words.
        reason: String,
    },
    /// It can be sent again.
    Retry {
        /// Why.
        reason: String,
    },
}
