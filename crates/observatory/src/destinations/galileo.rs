//! Galileo.
//!
//! ```no_run
//! # fn example() -> Result<(), llm_observatory::destinations::Error> {
//! use llm_observatory::destinations::galileo;
//!
//! let galileo = galileo::from_env()?.project("bot").log_stream("prod");
//! # Ok(())
//! # }
//! ```
//!
//! A trace is sent as a tree when its root has ended. Spans that end later are sent with the id of their parent. Project
//! and log stream are looked up by name before the first trace, and made where they do not exist. The API has no
//! operation that adds a score to a trace or a span: its scores come from metrics that Galileo runs itself.

mod prompts;
mod source;
mod spans;

use super::classify::{ItemResult, SEND_TIMEOUT, send_once, set_results};
use super::named::Named;
use super::prompts::PromptSource;
use super::reading::TraceSource;
use super::tree::{TraceSpans, Tree, group_by_trace};
use super::{BoxFuture, Destination, Error, Grouping, Limits, Outcome, uuid};
use crate::model::Record;
pub use observatory_galileo::Client;
use observatory_galileo::models::{
    LogSpansIngestRequest, LogStreamCreateRequest, LogStreamNameFilter, LogStreamSearchRequest,
    LogTracesIngestRequest, LoggingMethod, NodeNameFilterOperator, ProjectCollectionParams,
    ProjectCreate, ProjectNameFilter, Trace,
};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::OnceCell;

const NO_PROJECT: &str =
    "no project: set `GALILEO_PROJECT` or `SPLUNK_AO_PROJECT`, or call `project`";

/// Returns the destination of the key in `GALILEO_API_KEY`. `GALILEO_PROJECT` or `GALILEO_PROJECT_ID` names the project,
/// `GALILEO_LOG_STREAM` or `GALILEO_LOG_STREAM_ID` the log stream, `GALILEO_CONSOLE_URL` or `GALILEO_API_URL` another
/// server.
///
/// Variables of Splunk Agent Observability, as Galileo is called since August 2026, are read where those of Galileo are not
/// set: `SPLUNK_AO_API_KEY`, whose key is sent in the header `Splunk-AO-API-Key`, and `SPLUNK_AO_PROJECT`,
/// `SPLUNK_AO_PROJECT_ID`, `SPLUNK_AO_AGENT_STREAM` (also `SPLUNK_AO_LOG_STREAM`), `SPLUNK_AO_AGENT_STREAM_ID` (also
/// `SPLUNK_AO_LOG_STREAM_ID`), `SPLUNK_AO_CONSOLE_URL` and `SPLUNK_AO_API_URL`.
///
/// # Errors
/// If the key is missing, or a value is not valid.
pub fn from_env() -> Result<Galileo, Error> {
    from_lookup(|name| std::env::var(name).ok())
}

/// Like [`from_env`], with another source of variables than the environment of the process.
///
/// # Errors
/// As [`from_env`].
pub fn from_lookup(lookup: impl Fn(&str) -> Option<String>) -> Result<Galileo, Error> {
    let mut galileo = Galileo::new(Client::builder().from_lookup(&lookup)?.build()?);
    let first_value = |names: &[&str]| {
        let mut values = names.iter().filter_map(|name| lookup(name));
        values.find(|value| !value.trim().is_empty())
    };
    let named = |ids: &[&str], names: &[&str]| {
        let id = first_value(ids).map(Named::Id);
        id.or_else(|| first_value(names).map(Named::Name))
    };
    // An id of either family has precedence over a name: it needs no request.
    let project = named(
        &["GALILEO_PROJECT_ID", "SPLUNK_AO_PROJECT_ID"],
        &["GALILEO_PROJECT", "SPLUNK_AO_PROJECT"],
    );
    if let Some(project) = project {
        galileo.project = Some(project);
    }
    let stream = named(
        &[
            "GALILEO_LOG_STREAM_ID",
            "SPLUNK_AO_AGENT_STREAM_ID",
            "SPLUNK_AO_LOG_STREAM_ID",
        ],
        &[
            "GALILEO_LOG_STREAM",
            "SPLUNK_AO_AGENT_STREAM",
            "SPLUNK_AO_LOG_STREAM",
        ],
    );
    if let Some(stream) = stream {
        galileo.log_stream = stream;
    }
    Ok(galileo)
}

/// The ids of project and log stream.
#[derive(Debug)]
struct Place {
    project: String,
    log_stream: String,
}

/// Delivers to Galileo.
#[derive(Debug)]
pub struct Galileo {
    client: Client,
    project: Option<Named>,
    log_stream: Named,
    timeout: Duration,
    place: OnceCell<Place>,
}

impl Galileo {
    /// Returns the destination of a client. Set the [`project`](Self::project) too.
    pub fn new(client: Client) -> Self {
        Self {
            client,
            project: None,
            log_stream: Named::Name("default".to_owned()),
            timeout: SEND_TIMEOUT,
            place: OnceCell::new(),
        }
    }

    /// Sets the project by name.
    #[must_use]
    pub fn project(mut self, name: impl Into<String>) -> Self {
        self.project = Some(Named::Name(name.into()));
        self
    }

    /// Sets the project by id.
    #[must_use]
    pub fn project_id(mut self, id: impl Into<String>) -> Self {
        self.project = Some(Named::Id(id.into()));
        self
    }

    /// Sets the log stream by name. By default `default`.
    #[must_use]
    pub fn log_stream(mut self, name: impl Into<String>) -> Self {
        self.log_stream = Named::Name(name.into());
        self
    }

    /// Sets the log stream by id.
    #[must_use]
    pub fn log_stream_id(mut self, id: impl Into<String>) -> Self {
        self.log_stream = Named::Id(id.into());
        self
    }

    /// Sets the time limit of one request. By default 30 seconds.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    async fn send(&self, batch: &[Arc<Record>]) -> Outcome {
        let place = match self.find_place().await {
            Ok(place) => place,
            Err(outcome) => return outcome,
        };
        let traces = group_by_trace(batch);
        let [trace] = traces.as_slice() else {
            return self.send_traces(batch.len(), place, &traces).await;
        };
        match self.send_trace(place, trace).await {
            // One trace is one request: the engine can send a part of it.
            Err(error) => Outcome::from_error(&error),
            Ok(()) => Outcome::from_items(vec![ItemResult::Acknowledged; batch.len()]),
        }
    }

    /// Sends several traces, one request each.
    async fn send_traces(
        &self,
        records: usize,
        place: &Place,
        traces: &[TraceSpans<'_>],
    ) -> Outcome {
        let unsupported = ItemResult::Rejected {
            reason: "Galileo's API has no scores".to_owned(),
        };
        let mut results = vec![unsupported; records];
        for trace in traces {
            let result = ItemResult::from_result(self.send_trace(place, trace).await);
            let positions = trace.spans.iter().map(|(index, _)| *index);
            set_results(&mut results, positions, &result);
        }
        Outcome::from_items(results)
    }

    async fn send_trace(&self, place: &Place, trace: &TraceSpans<'_>) -> Result<(), Error> {
        let tree = Tree::new(trace);
        if trace.root().is_none() {
            return self.send_late_spans(place, trace, &tree).await;
        }
        let body = spans::trace(trace, &tree);
        let mut body = LogTracesIngestRequest::new(Vec::<Trace>::from([body]))
            .log_stream_id(place.log_stream.clone())
            .logging_method(LoggingMethod::ApiDirect)
            .is_complete(true);
        if let Some(session) = &trace.info.session {
            body = body.session_external_id(session.clone());
        }
        let request = self.client.trace().log(place.project.clone(), body);
        send_once(request, self.timeout).await?;
        Ok(())
    }

    /// Sends spans whose trace was sent before: one request for each parent.
    async fn send_late_spans(
        &self,
        place: &Place,
        trace: &TraceSpans<'_>,
        tree: &Tree<'_>,
    ) -> Result<(), Error> {
        for top in &tree.tops {
            let parent = match top.parent {
                Some(parent) => uuid::of_span(trace.info.id, parent),
                None => uuid::of_trace(trace.info.id),
            };
            let spans = spans::subtree(top, tree);
            let body = LogSpansIngestRequest::new(spans, uuid::of_trace(trace.info.id), parent)
                .log_stream_id(place.log_stream.clone())
                .logging_method(LoggingMethod::ApiDirect);
            let request = self.client.trace().log_spans(place.project.clone(), body);
            send_once(request, self.timeout).await?;
        }
        Ok(())
    }

    /// Returns the ids of project and log stream, which are looked up once.
    async fn find_place(&self) -> Result<&Place, Outcome> {
        let Some(project) = &self.project else {
            return Err(Outcome::Rejected {
                reason: NO_PROJECT.to_owned(),
            });
        };
        let place = self.place.get_or_try_init(|| self.look_up(project)).await;
        place.map_err(|error| Outcome::from_error(&error))
    }

    async fn look_up(&self, project: &Named) -> Result<Place, Error> {
        let project = match project {
            Named::Id(id) => id.clone(),
            Named::Name(name) => self.find_project(name).await?,
        };
        let log_stream = match &self.log_stream {
            Named::Id(id) => id.clone(),
            Named::Name(name) => self.find_log_stream(&project, name).await?,
        };
        Ok(Place {
            project,
            log_stream,
        })
    }

    async fn find_project(&self, name: &str) -> Result<String, Error> {
        let projects = self.client.projects();
        let filter = ProjectNameFilter::new(NodeNameFilterOperator::Eq, name);
        let named = ProjectCollectionParams::new().filters([filter.into()]);
        let known = send_once(projects.get_paginated().body(named), self.timeout).await?;
        let mut known = known.projects.into_iter();
        let known = known.find(|project| project.name.as_deref() == Some(name));
        if let Some(project) = known {
            return Ok(project.id);
        }
        // Only projects of this type take traces; it is what the vendor's SDKs make.
        let body = ProjectCreate::new(name).type_("gen_ai");
        Ok(send_once(projects.create(body), self.timeout).await?.id)
    }

    async fn find_log_stream(&self, project: &str, name: &str) -> Result<String, Error> {
        let streams = self.client.log_stream();
        let filter = LogStreamNameFilter::new(NodeNameFilterOperator::Eq, name);
        let named = LogStreamSearchRequest::new().filters([filter.into()]);
        let known = send_once(streams.search(project, named), self.timeout).await?;
        let mut known = known.log_streams.into_iter();
        if let Some(stream) = known.find(|stream| stream.name == name) {
            return Ok(stream.id);
        }
        let body = LogStreamCreateRequest::new(name);
        Ok(send_once(streams.create(project, body), self.timeout)
            .await?
            .id)
    }
}

impl Destination for Galileo {
    fn name(&self) -> &str {
        "galileo"
    }

    fn limits(&self) -> Limits {
        Limits {
            records: 1_000,
            ..Limits::default()
        }
    }

    fn grouping(&self) -> Grouping {
        Grouping::Traces
    }

    fn supports(&self, record: &Record) -> bool {
        matches!(record, Record::Span(_))
    }

    fn missing(&self) -> Option<&str> {
        self.project.is_none().then_some(NO_PROJECT)
    }

    fn prompt_source(&self) -> Option<&dyn PromptSource> {
        Some(self)
    }

    fn source(&self) -> Option<&dyn TraceSource> {
        Some(self)
    }

    fn deliver<'a>(&'a self, batch: &'a [Arc<Record>]) -> BoxFuture<'a, Outcome> {
        Box::pin(self.send(batch))
    }
}
