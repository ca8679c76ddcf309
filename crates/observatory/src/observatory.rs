//! The entry point: builds the delivery and owns it.

#[cfg(feature = "spool")]
use crate::delivery::spool;
use crate::delivery::{
    Accept, ContentPolicy, DeadLetter, DeliveryOptions, Engine, EngineSettings, Errors,
    OpenStorage, Report, Sampling, catch_panic,
};
use crate::destinations::Destination;
use crate::model::{Record, ScoreValue, TraceId, TraceInfo};
use crate::prompts::{PromptCache, PromptError, Prompts};
use crate::reading::{ReadError, Reader};
use crate::recording::{
    AsRecorder, InvalidTraceparent, Recorder, Resource, ScoreBuilder, ScoreTarget, Trace,
};
use std::fmt;
use std::future::Future;
use std::panic::resume_unwind;
#[cfg(feature = "spool")]
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// Delivers records to the destinations with which it was built.
///
/// Dropping it waits until all records have their final result, at most as long as
/// [`shutdown_timeout`](ObservatoryBuilder::shutdown_timeout). Keep it until the end of `main`: a `static` is never dropped,
/// and `std::process::exit` drops nothing. In asynchronous code, [`flush`](Self::flush) first: dropping blocks the thread.
///
/// No global state of the process is changed: no subscriber, panic hook or signal handler.
#[must_use = "records are delivered until the observatory is dropped"]
pub struct Observatory {
    pub(crate) engine: Arc<Engine>,
    recorder: Recorder,
    prompts: Arc<PromptCache>,
    shutdown_timeout: Duration,
    invocation_timeout: Duration,
}

impl Observatory {
    /// Returns a builder without destinations.
    pub fn builder() -> ObservatoryBuilder {
        ObservatoryBuilder::default()
    }

    /// Returns what the spans of a new trace share, with the service, environment and release of this observatory.
    pub fn new_trace_info(&self, name: impl Into<String>) -> TraceInfo {
        self.recorder.new_trace_info(TraceId::random(), name.into())
    }

    /// Returns the handle by which other parts of the program record. It does not keep the delivery alive: what is
    /// recorded after the observatory was dropped is lost, and counted.
    pub fn recorder(&self) -> Recorder {
        self.recorder.clone()
    }

    /// Begins a trace. See [`Recorder::trace`].
    pub fn trace(&self, name: impl Into<String>) -> Trace {
        self.recorder.trace(name)
    }

    /// Continues the trace of another process. See [`Recorder::continue_trace`].
    ///
    /// # Errors
    ///
    /// `traceparent` does not follow W3C Trace Context.
    pub fn continue_trace(
        &self,
        name: impl Into<String>,
        traceparent: &str,
    ) -> Result<Trace, InvalidTraceparent> {
        self.recorder.continue_trace(name, traceparent)
    }

    /// Returns the layer that records what the crate `tracing` observes. See [`Recorder::layer`].
    #[cfg(feature = "tracing")]
    pub fn layer(&self) -> crate::tracing_layer::TracingLayer {
        self.recorder.layer()
    }

    /// Scores a trace or a span that ended before. See [`Recorder::score`].
    pub fn score(
        &self,
        target: impl Into<ScoreTarget>,
        name: impl Into<String>,
        value: impl Into<ScoreValue>,
    ) -> ScoreBuilder {
        self.recorder.score(target, name, value)
    }

    /// Accepts a finished span or a score. Never waits on the network.
    pub fn record(&self, record: impl Into<Record>) {
        self.engine.accept(record.into());
    }

    /// Sends everything now, and waits until all records that were accepted before have their final result, at most as
    /// long as the timeout. Works on any executor.
    ///
    /// A destination that asked to wait (`Retry-After`) is not called earlier; its records are reported as pending.
    pub async fn flush(&self, timeout: Duration) -> Report {
        self.engine.flush(timeout).await
    }

    /// As [`flush`](Self::flush), for code that is not `async`. Can be called within a runtime too, whose thread it blocks.
    pub fn flush_blocking(&self, timeout: Duration) -> Report {
        self.engine.flush_blocking(timeout)
    }

    /// Runs one invocation of a serverless function, and delivers its records before it ends.
    ///
    /// Where a process is frozen between invocations (AWS Lambda, Cloud Run without CPU always allocated), nothing is
    /// delivered in the background. Read a streamed response to its end within the future. The records are delivered after a
    /// panic too, which is then resumed, and the delivery is begun if the future is dropped before its end.
    ///
    /// ```no_run
    /// # async fn handle(request: String) -> String { request }
    /// # async fn example(observatory: llm_observatory::Observatory, request: String) {
    /// let response = observatory.invocation(handle(request)).await;
    /// # }
    /// ```
    pub async fn invocation<F: Future>(&self, future: F) -> F::Output {
        let unfinished = RequestFlush(&self.engine);
        let result = catch_panic(future).await;
        self.flush(self.invocation_timeout).await;
        std::mem::forget(unfinished);
        result.unwrap_or_else(|panic| resume_unwind(panic))
    }

    /// Returns a reader of the traces that a destination has stored. See [`reading`](crate::reading).
    ///
    /// # Errors
    ///
    /// No destination has this name, or its vendor's API returns no traces.
    pub fn reader(&self, destination: &str) -> Result<Reader, ReadError> {
        match self.engine.destination(destination) {
            Some(found) => Reader::new(Arc::clone(&self.engine), Arc::clone(found)),
            None => Err(ReadError::UnknownDestination(destination.to_owned())),
        }
    }

    /// Returns what fetches the prompts that a destination's vendor manages. See [`prompts`](crate::prompts).
    ///
    /// # Errors
    ///
    /// No destination has this name, or its vendor's API has no prompts.
    pub fn prompts(&self, destination: &str) -> Result<Prompts, PromptError> {
        match self.engine.destination(destination) {
            Some(found) => Prompts::new(
                Arc::clone(&self.engine),
                Arc::clone(found),
                Arc::clone(&self.prompts),
            ),
            None => Err(PromptError::UnknownDestination(destination.to_owned())),
        }
    }

    /// Returns the state of all records at this moment.
    pub fn report(&self) -> Report {
        self.engine.report()
    }

    /// Returns the channel of what went wrong.
    pub fn errors(&self) -> Errors {
        self.engine.errors()
    }

    /// Returns the last records that vendors refused, with the reason: at most 256 records and 4 MiB for each destination.
    pub fn dead_letters(&self) -> Vec<DeadLetter> {
        self.engine.dead_letters()
    }
}

impl AsRecorder for Observatory {
    fn as_recorder(&self) -> &Recorder {
        &self.recorder
    }
}

/// Begins a flush when it is dropped.
struct RequestFlush<'a>(&'a Engine);

impl Drop for RequestFlush<'_> {
    fn drop(&mut self) {
        self.0.request_flush();
    }
}

impl Drop for Observatory {
    fn drop(&mut self) {
        self.engine.shut_down(self.shutdown_timeout);
    }
}

impl fmt::Debug for Observatory {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Observatory")
            .field("recorder", &self.recorder)
            .finish_non_exhaustive()
    }
}

/// Builds an [`Observatory`].
#[derive(Default)]
pub struct ObservatoryBuilder {
    resource: Resource,
    destinations: Vec<(Arc<dyn Destination>, Option<DeliveryOptions>)>,
    options: DeliveryOptions,
    shutdown_timeout: Option<Duration>,
    invocation_timeout: Option<Duration>,
    sampling: Sampling,
    content: Option<ContentPolicy>,
    #[cfg(feature = "spool")]
    spool: Option<spool::SpoolOptions>,
}

impl ObservatoryBuilder {
    /// Sets the name of the service that records.
    pub fn service(mut self, name: impl Into<String>) -> Self {
        self.resource.service = Some(name.into().into());
        self
    }

    /// Sets the deployment environment, such as `production`.
    pub fn environment(mut self, name: impl Into<String>) -> Self {
        self.resource.environment = Some(name.into().into());
        self
    }

    /// Sets the version of the service.
    pub fn release(mut self, version: impl Into<String>) -> Self {
        self.resource.release = Some(version.into().into());
        self
    }

    /// Records only this part of all traces, from 0 to 1. Whether a trace is in the sample depends on its id alone. Default:
    /// all.
    pub fn sample(mut self, ratio: f64) -> Self {
        self.sampling = Sampling::new(ratio);
        self
    }

    /// Sets which content is recorded. Default: [`ContentPolicy::None`], unless the environment variable
    /// `OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT` turns content on.
    pub fn content(mut self, policy: ContentPolicy) -> Self {
        self.content = Some(policy);
        self
    }

    /// Adds a destination. Each has a queue of its own: one that fails or hangs does not delay another.
    pub fn to(mut self, destination: impl Destination) -> Self {
        self.destinations.push((Arc::new(destination), None));
        self
    }

    /// Adds a destination with options of its own.
    pub fn to_with(mut self, destination: impl Destination, options: DeliveryOptions) -> Self {
        self.destinations
            .push((Arc::new(destination), Some(options)));
        self
    }

    /// Sets the bounds and times of the delivery to all destinations that were added without options of their own.
    pub fn delivery(mut self, options: DeliveryOptions) -> Self {
        self.options = options;
        self
    }

    /// Sets how long dropping the observatory waits for the delivery. Default: 5 seconds.
    pub fn shutdown_timeout(mut self, timeout: Duration) -> Self {
        self.shutdown_timeout = Some(timeout);
        self
    }

    /// Sets how long [`Observatory::invocation`] waits for the delivery. Default: 2 seconds.
    pub fn invocation_timeout(mut self, timeout: Duration) -> Self {
        self.invocation_timeout = Some(timeout);
        self
    }

    /// Stores records on disk until they are delivered, so that they survive the process.
    #[cfg(feature = "spool")]
    pub fn spool(mut self, options: spool::SpoolOptions) -> Self {
        self.spool = Some(options);
        self
    }

    /// Starts the delivery.
    ///
    /// # Errors
    ///
    /// Two destinations have the same name, one has no project although it needs one, the spool cannot be opened, or the
    /// background thread cannot be started.
    pub fn build(mut self) -> Result<Observatory, BuildError> {
        let mut destinations: Vec<(Arc<dyn Destination>, DeliveryOptions)> = Vec::new();
        for (destination, options) in std::mem::take(&mut self.destinations) {
            let name = destination.name();
            if destinations.iter().any(|(other, _)| other.name() == name) {
                return Err(BuildError::DuplicateName(name.to_owned()));
            }
            if let Some(reason) = destination.missing() {
                return Err(BuildError::Incomplete {
                    destination: name.to_owned(),
                    reason: reason.to_owned(),
                });
            }
            let options = options.unwrap_or_else(|| self.options.clone());
            destinations.push((destination, options));
        }
        let names = destinations
            .iter()
            .map(|(destination, _)| destination.name().to_owned());
        let storage = self.open_storage(names.collect())?;
        let settings = EngineSettings {
            destinations,
            sampling: self.sampling,
            content: ContentPolicy::resolve(self.content),
            storage,
        };
        let engine = Engine::start(settings).map_err(BuildError::Thread)?;
        let sink = Arc::clone(&engine);
        Ok(Observatory {
            engine,
            recorder: Recorder::new(sink, self.resource),
            prompts: Arc::default(),
            shutdown_timeout: self.shutdown_timeout.unwrap_or(Duration::from_secs(5)),
            invocation_timeout: self.invocation_timeout.unwrap_or(Duration::from_secs(2)),
        })
    }

    #[cfg(feature = "spool")]
    fn open_storage(
        &mut self,
        destinations: Vec<String>,
    ) -> Result<Option<OpenStorage>, BuildError> {
        let Some(options) = self.spool.take() else {
            return Ok(None);
        };
        let folder = options.folder().to_owned();
        match spool::open(options, destinations) {
            Ok(storage) => Ok(Some(storage)),
            Err(spool::OpenError::Locked) => Err(BuildError::SpoolLocked(folder)),
            Err(spool::OpenError::Io(error)) => Err(BuildError::Spool(folder, error)),
        }
    }

    #[cfg(not(feature = "spool"))]
    fn open_storage(
        &mut self,
        _destinations: Vec<String>,
    ) -> Result<Option<OpenStorage>, BuildError> {
        Ok(None)
    }
}

/// Why an [`Observatory`] could not be built.
#[derive(Debug)]
#[non_exhaustive]
pub enum BuildError {
    /// Two destinations have this name, so that their reports could not be distinguished.
    DuplicateName(String),
    /// A destination misses what every delivery needs, such as a project.
    Incomplete {
        /// The name of the destination.
        destination: String,
        /// What is missing, and how it is set.
        reason: String,
    },
    /// The background thread could not be started.
    Thread(std::io::Error),
    /// Another process or observatory spools to this folder.
    #[cfg(feature = "spool")]
    SpoolLocked(PathBuf),
    /// The folder of the spool cannot be read or written.
    #[cfg(feature = "spool")]
    Spool(PathBuf, std::io::Error),
}

impl fmt::Display for BuildError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::DuplicateName(name) => write!(
                out,
                "two destinations are named `{name}`; give one of them another name"
            ),
            Self::Incomplete {
                destination,
                reason,
            } => write!(out, "destination `{destination}`: {reason}"),
            Self::Thread(error) => write!(out, "the background thread cannot be started: {error}"),
            #[cfg(feature = "spool")]
            Self::SpoolLocked(folder) => write!(
                out,
                "another process spools to {}; give each process a folder of its own",
                folder.display()
            ),
            #[cfg(feature = "spool")]
            Self::Spool(folder, error) => {
                write!(
                    out,
                    "the spool in {} cannot be opened: {error}",
                    folder.display()
                )
            }
        }
    }
}

impl std::error::Error for BuildError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::DuplicateName(_) | Self::Incomplete { .. } => None,
            Self::Thread(error) => Some(error),
            #[cfg(feature = "spool")]
            Self::SpoolLocked(_) => None,
            #[cfg(feature = "spool")]
            Self::Spool(_, error) => Some(error),
        }
    }
}
