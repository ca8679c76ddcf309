//! Reads traces of Braintrust: the rows of a project's logs. The API finds no row by its trace.

use super::Braintrust;
use crate::destinations::reading::{
    ReadFeature, SourceError, StoredTrace, TracePage, TraceQuery, TraceSource,
};
use crate::destinations::stored::{read, score_id, set_input, set_output, span_id, time, trace_id};
use crate::destinations::{BoxFuture, Outcome};
use crate::model::{Score, ScoreValue, Span, SpanKind, Status, TraceId, TraceInfo, UnixNanos};
use observatory_braintrust::Patch;
use observatory_braintrust::models::{
    EventMetrics, FetchEventsRequest, ProjectLogsEvent, SpanType,
};
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

impl TraceSource for Braintrust {
    fn supports(&self, feature: ReadFeature) -> bool {
        feature == ReadFeature::Traces
    }

    fn list<'a>(
        &'a self,
        query: &'a TraceQuery,
        page: Option<&'a str>,
    ) -> BoxFuture<'a, Result<TracePage, SourceError>> {
        Box::pin(self.list_traces(query, page))
    }
}

impl Braintrust {
    /// Requests a page of rows: the vendor counts whole traces.
    async fn list_traces(
        &self,
        query: &TraceQuery,
        page: Option<&str>,
    ) -> Result<TracePage, SourceError> {
        let project = self.find_project().await.map_err(Outcome::into_reason)?;
        let mut body = FetchEventsRequest::new();
        body.limit = Patch::Value(Some(query.page_limit(1_000).into()));
        body.cursor = page.map_or(Patch::Absent, |page| Patch::Value(Some(page.to_owned())));
        let mut request = self.client.logs().fetch(project);
        request.body = Some(body);
        let response = read(request, self.timeout).await?;
        let next = response.cursor.filter(|_| !response.events.is_empty());
        Ok(TracePage {
            traces: traces(response.events),
            next,
        })
    }
}

/// Groups rows by trace, in the order of their first rows.
fn traces(rows: Vec<ProjectLogsEvent>) -> Vec<StoredTrace> {
    let mut traces: Vec<(String, Vec<ProjectLogsEvent>)> = Vec::new();
    let mut positions = HashMap::new();
    for row in rows {
        let id = row.root_span_id.clone();
        let position = *positions.entry(id.clone()).or_insert(traces.len());
        match traces.get_mut(position) {
            Some((_, rows)) => rows.push(row),
            None => traces.push((id, vec![row])),
        }
    }
    let traces = traces.into_iter();
    traces.map(|(id, rows)| trace(&id, rows)).collect()
}

fn trace(id: &str, rows: Vec<ProjectLogsEvent>) -> StoredTrace {
    let info = Arc::new(info(id, &rows));
    let scores = rows.iter().flat_map(|row| scores(info.id, row)).collect();
    let spans = rows.into_iter().map(|row| span(&info, row)).collect();
    let mut trace = StoredTrace::new(Arc::clone(&info), id, spans);
    trace.scores = scores;
    trace
}

/// Returns what the root has of the trace, or another row where the page does not have the root.
fn info(id: &str, rows: &[ProjectLogsEvent]) -> TraceInfo {
    let root = rows.iter().find(|row| is_root(row)).or(rows.first());
    let name = root.and_then(name).unwrap_or_default();
    let mut info = TraceInfo::new(trace_id(id), name);
    let metadata = root.and_then(|root| root.metadata.as_ref());
    let text = |name: &str| metadata?.extra.get(name)?.as_str().map(str::to_owned);
    info.session = text("session_id");
    info.user = text("user_id");
    info.service = text("service").map(Into::into);
    info.environment = text("environment").map(Into::into);
    info.release = text("release").map(Into::into);
    info.tags = root.and_then(|root| root.tags.clone()).unwrap_or_default();
    info
}

fn is_root(row: &ProjectLogsEvent) -> bool {
    row.is_root == Some(true) || row.span_parents.as_ref().is_none_or(Vec::is_empty)
}

fn name(row: &ProjectLogsEvent) -> Option<String> {
    row.span_attributes.as_ref()?.name.clone().into_option()
}

fn kind(row: &ProjectLogsEvent) -> SpanKind {
    let attributes = row.span_attributes.as_ref();
    match attributes.and_then(|attributes| attributes.type_.clone().into_option()) {
        Some(SpanType::Llm) => SpanKind::Llm,
        Some(SpanType::Tool) => SpanKind::Tool,
        Some(SpanType::Score) => SpanKind::Evaluator,
        _ => SpanKind::Span,
    }
}

fn span(info: &Arc<TraceInfo>, row: ProjectLogsEvent) -> Span {
    let metrics = row.metrics.clone();
    let seconds = |seconds: Option<f64>| seconds.map(from_seconds);
    let start = metrics.as_ref().and_then(|metrics| seconds(metrics.start));
    let start = start.unwrap_or_else(|| time(&row.created));
    let name = name(&row).unwrap_or_default();
    let mut span = Span::new(Arc::clone(info), kind(&row), name, start);
    span.id = span_id(&row.span_id);
    let parent = row
        .span_parents
        .as_ref()
        .and_then(|parents| parents.first());
    span.parent = parent.map(|parent| span_id(parent));
    span.end = metrics
        .as_ref()
        .and_then(|metrics| seconds(metrics.end))
        .map_or(start, |end| end.max(start));
    if let Some(metrics) = metrics {
        set_metrics(&mut span, &metrics);
    }
    if let Some(metadata) = row.metadata {
        span.model = metadata.model;
        set_metadata(&mut span, metadata.extra);
    }
    span.tags = row.tags.unwrap_or_default();
    if let Some(error) = row.error.filter(|error| !error.is_null()) {
        let text = |name: &str| error.get(name).and_then(Value::as_str).map(str::to_owned);
        let whole = error.as_str().map(str::to_owned);
        span.status = Status::Error {
            kind: text("type"),
            message: text("message")
                .or(whole)
                .unwrap_or_else(|| error.to_string()),
        };
    }
    set_input(&mut span, row.input);
    set_output(&mut span, row.output);
    span
}

fn set_metrics(span: &mut Span, metrics: &EventMetrics) {
    let count = |count: Option<i64>| count.and_then(|count| u64::try_from(count).ok());
    let extra = |name: &str| metrics.extra.get(name).copied();
    let tokens = |name: &str| extra(name).and_then(crate::destinations::stored::count);
    span.usage.input = count(metrics.prompt_tokens);
    span.usage.output = count(metrics.completion_tokens);
    span.usage.cache_read = tokens("prompt_cached_tokens");
    span.usage.cache_write = tokens("prompt_cache_creation_tokens");
    span.usage.reasoning = tokens("completion_reasoning_tokens");
    span.cost.total = extra("estimated_cost");
    let first_token = extra("time_to_first_token").map(from_seconds);
    span.first_token = first_token.map(|after| UnixNanos(span.start.0.saturating_add(after.0)));
}

/// Sets what this crate puts into the metadata of a row, and keeps the rest.
fn set_metadata(span: &mut Span, metadata: BTreeMap<String, Value>) {
    for (name, value) in metadata {
        match (name.as_str(), value) {
            ("provider", Value::String(text)) => span.provider = Some(text),
            ("response_id", Value::String(text)) => span.response_id = Some(text),
            ("tools", Value::Array(tools)) => span.tools = tools,
            ("prompt", value) => span.prompt = serde_json::from_value(value).ok(),
            ("truncated", Value::Bool(truncated)) => span.truncated = truncated,
            ("session_id" | "user_id" | "service" | "environment" | "release", _) => {}
            (_, value) => {
                span.metadata.insert(name, value);
            }
        }
    }
}

/// Returns the scores of a row. Braintrust stores neither their ids nor their times.
fn scores(trace_id: TraceId, row: &ProjectLogsEvent) -> Vec<Score> {
    let scores = row.scores.iter().flatten();
    let scores = scores.filter_map(|(name, value)| {
        Some(Score {
            id: score_id(&row.span_id, name),
            trace_id,
            root_span_id: None,
            span_id: Some(span_id(&row.span_id)),
            name: name.clone(),
            value: ScoreValue::Number((*value)?),
            comment: None,
            time: time(&row.created),
        })
    });
    scores.collect()
}

/// Microseconds are exact, which is what Braintrust keeps.
fn from_seconds(seconds: f64) -> UnixNanos {
    UnixNanos(((seconds * 1e6).round() as u64).saturating_mul(1_000))
}
