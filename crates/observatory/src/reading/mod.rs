//! Reads traces back from a vendor, in the model in which they were recorded.
//!
//! ```no_run
//! # async fn example(observatory: llm_observatory::Observatory) -> Result<(), llm_observatory::reading::ReadError> {
//! use llm_observatory::reading::TraceQuery;
//!
//! let reader = observatory.reader("langfuse")?;
//! let mut traces = reader.traces(TraceQuery::new().session("s-1"))?;
//! while let Some(trace) = traces.next().await {
//!     println!("{}", trace?.info.name);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! Vendors make records visible some seconds after they have acknowledged them. What a vendor's API cannot do is an error
//! before any request:
//!
//! | vendor | `traces` | `trace` | session | user | times |
//! | --- | --- | --- | --- | --- | --- |
//! | Langfuse | yes | yes | yes | yes | yes |
//! | Adaline | yes | yes | yes | no | yes |
//! | Galileo | yes | yes | no | no | no |
//! | Braintrust | yes | no | no | no | no |
//! | Helicone | no | yes | no | no | no |
//! | OTLP | no | no | no | no | no |

mod stream;

pub use crate::destinations::reading::{
    ReadFeature, SourceError, StoredTrace, TracePage, TraceQuery, TraceSource,
};
pub use stream::TraceStream;

use crate::delivery::Engine;
use crate::destinations::Destination;
use crate::model::TraceId;
use std::error::Error;
use std::fmt;
use std::future::Future;
use std::sync::Arc;

/// Reads traces of one destination. See the [module](crate::reading).
///
/// Requests are sent from the background thread, so that it works on any executor.
#[derive(Clone)]
pub struct Reader {
    engine: Arc<Engine>,
    destination: Arc<dyn Destination>,
}

impl Reader {
    pub(crate) fn new(
        engine: Arc<Engine>,
        destination: Arc<dyn Destination>,
    ) -> Result<Self, ReadError> {
        let reader = Self {
            engine,
            destination,
        };
        match reader.destination.source() {
            Some(_) => Ok(reader),
            None => Err(reader.unsupported(ReadFeature::Traces)),
        }
    }

    /// Returns the traces of a query as a stream, which requests a page when it is needed.
    ///
    /// # Errors
    ///
    /// The vendor's API cannot do what the query asks for. No request is sent then.
    pub fn traces(&self, query: TraceQuery) -> Result<TraceStream, ReadError> {
        for feature in query.features() {
            self.check(feature)?;
        }
        Ok(TraceStream::new(self.clone(), query))
    }

    /// Reads a trace; `None` where the vendor has none with the id.
    ///
    /// # Errors
    ///
    /// The vendor's API cannot read single traces, which is reported without a request; or the request failed.
    pub async fn trace(&self, id: TraceId) -> Result<Option<StoredTrace>, ReadError> {
        self.check(ReadFeature::Trace)?;
        let destination = Arc::clone(&self.destination);
        let call = async move {
            match destination.source() {
                Some(source) => source.get(id).await,
                None => Ok(None),
            }
        };
        self.run(call).await
    }

    /// Requests a page.
    async fn page(
        self,
        query: Arc<TraceQuery>,
        page: Option<String>,
    ) -> Result<TracePage, ReadError> {
        let destination = Arc::clone(&self.destination);
        let call = async move {
            match destination.source() {
                Some(source) => source.list(&query, page.as_deref()).await,
                None => Ok(TracePage::default()),
            }
        };
        self.run(call).await
    }

    async fn run<T: Send + 'static>(
        &self,
        call: impl Future<Output = Result<T, SourceError>> + Send + 'static,
    ) -> Result<T, ReadError> {
        match self.engine.run(call).await {
            Some(Ok(value)) => Ok(value),
            Some(Err(source)) => Err(ReadError::Failed {
                destination: self.name(),
                source,
            }),
            None => Err(ReadError::Closed),
        }
    }

    fn check(&self, feature: ReadFeature) -> Result<(), ReadError> {
        let source = self.destination.source();
        match source.is_some_and(|source| source.supports(feature)) {
            true => Ok(()),
            false => Err(self.unsupported(feature)),
        }
    }

    fn unsupported(&self, feature: ReadFeature) -> ReadError {
        ReadError::Unsupported {
            destination: self.name(),
            feature,
        }
    }

    fn name(&self) -> String {
        self.destination.name().to_owned()
    }
}

impl fmt::Debug for Reader {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Reader")
            .field("destination", &self.destination.name())
            .finish_non_exhaustive()
    }
}

/// Why traces could not be read.
#[derive(Debug)]
#[non_exhaustive]
pub enum ReadError {
    /// No destination has this name.
    UnknownDestination(String),
    /// The vendor's API cannot do this. No request was sent.
    Unsupported {
        /// The name of the destination.
        destination: String,
        /// What is not supported.
        feature: ReadFeature,
    },
    /// The request failed, or its response is not what the vendor documents.
    Failed {
        /// The name of the destination.
        destination: String,
        /// The error of the vendor's client.
        source: SourceError,
    },
    /// The observatory was dropped.
    Closed,
}

impl fmt::Display for ReadError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownDestination(name) => write!(out, "no destination is named `{name}`"),
            Self::Unsupported {
                destination,
                feature,
            } => write!(
                out,
                "the API of `{destination}` cannot {}",
                feature.as_str()
            ),
            Self::Failed {
                destination,
                source,
            } => write!(out, "`{destination}` did not respond with traces: {source}"),
            Self::Closed => out.write_str("the observatory was dropped"),
        }
    }
}

impl Error for ReadError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Failed { source, .. } => Some(source.as_ref()),
            _ => None,
        }
    }
}
