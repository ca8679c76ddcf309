//! Reads traces of Adaline. Spans have a search of their own, which has no condition on the trace: they are found by its
//! time.

use super::Adaline;
use crate::destinations::classify::run_all;
use crate::destinations::reading::{
    ReadFeature, SourceError, StoredTrace, TracePage, TraceQuery, TraceSource,
};
use crate::destinations::stored::{
    count, from_millis, kind, object, parse, read, set_info, set_input, set_output, span_id,
    take_text, trace_id,
};
use crate::destinations::{BoxFuture, Error};
use crate::model::{Span, Status, TraceId, TraceInfo, UnixNanos};
use observatory_adaline::models::{
    LogSpanItem, LogSpanStatus, LogTraceItem, SearchLogSpansRequest, SearchLogTracesRequest,
};
use serde_json::Value;
use std::sync::Arc;

/// The most items of one page.
const PAGE: u16 = 200;

impl TraceSource for Adaline {
    fn supports(&self, feature: ReadFeature) -> bool {
        feature != ReadFeature::User
    }

    fn list<'a>(
        &'a self,
        query: &'a TraceQuery,
        page: Option<&'a str>,
    ) -> BoxFuture<'a, Result<TracePage, SourceError>> {
        Box::pin(self.list_traces(query, page))
    }

    fn get(&self, id: TraceId) -> BoxFuture<'_, Result<Option<StoredTrace>, SourceError>> {
        Box::pin(self.read_trace(id))
    }
}

impl Adaline {
    async fn list_traces(
        &self,
        query: &TraceQuery,
        page: Option<&str>,
    ) -> Result<TracePage, SourceError> {
        let millis = |time: UnixNanos| i64::try_from(time.as_millis()).unwrap_or(i64::MAX);
        let project = self.project.as_deref().ok_or(super::NO_PROJECT)?;
        let mut body = SearchLogTracesRequest::new(project);
        body.limit = Some(query.page_limit(PAGE).into());
        body.cursor = page.map(str::to_owned);
        body.session_id = query.session.clone();
        body.started_after = query.since.map(millis);
        // The vendor's limit is part of the range.
        body.started_before = query.until.map(|time| millis(time).saturating_sub(1));
        let response = read(self.client.logs().search_traces(body), self.timeout).await?;
        let mut traces = Vec::new();
        for item in response.traces {
            traces.push(self.with_spans(project, item));
        }
        let traces: Result<Vec<_>, Error> = run_all(traces).await.into_iter().collect();
        let next = response.pagination.next_cursor;
        Ok(TracePage {
            traces: traces?,
            next: next.filter(|_| response.pagination.has_more),
        })
    }

    async fn read_trace(&self, id: TraceId) -> Result<Option<StoredTrace>, SourceError> {
        let project = self.project.as_deref().ok_or(super::NO_PROJECT)?;
        let mut body = SearchLogTracesRequest::new(project);
        body.reference_id = Some(id.to_string());
        body.limit = Some(1);
        let response = read(self.client.logs().search_traces(body), self.timeout).await?;
        match response.traces.into_iter().next() {
            Some(item) => Ok(Some(self.with_spans(project, item).await?)),
            None => Ok(None),
        }
    }

    async fn with_spans(&self, project: &str, item: LogTraceItem) -> Result<StoredTrace, Error> {
        let mut items = Vec::new();
        let mut cursor = None;
        while items.len() < item.span_ids.len() {
            let mut body = SearchLogSpansRequest::new(project);
            body.started_after = Some(item.started_at);
            body.started_before = Some(item.ended_at);
            body.limit = Some(PAGE.into());
            body.cursor = cursor.take();
            let response = read(self.client.logs().search_spans(body), self.timeout).await?;
            let is_empty = response.spans.is_empty();
            let spans = response.spans.into_iter();
            items.extend(spans.filter(|span| span.log_trace_id == item.id));
            match response.pagination.next_cursor {
                Some(next) if response.pagination.has_more && !is_empty => cursor = Some(next),
                _ => break,
            }
        }
        let info = Arc::new(info(&item));
        let spans = items.into_iter().map(|item| span(&info, item)).collect();
        Ok(StoredTrace::new(info, item.id, spans))
    }
}

fn info(item: &LogTraceItem) -> TraceInfo {
    let id = item.reference_id.as_deref().unwrap_or(&item.id);
    let mut info = TraceInfo::new(trace_id(id), item.name.clone());
    info.session = item.session_id.clone();
    info.tags = item.tags.clone();
    for (name, value) in &item.attributes {
        set_info(&mut info, name, value);
    }
    info
}

fn span(info: &Arc<TraceInfo>, item: LogSpanItem) -> Span {
    let start = from_millis(item.started_at);
    let kind = kind(&item.content_type);
    let mut span = Span::new(Arc::clone(info), kind, item.name, start);
    span.id = span_id(item.reference_id.as_deref().unwrap_or(&item.id));
    span.parent = item.parent_reference_id.as_deref().map(span_id);
    span.end = from_millis(item.ended_at).max(start);
    span.usage.input = item.prompt_tokens.and_then(count);
    span.usage.output = item.completion_tokens.and_then(count);
    span.cost.total = item.cost;
    if let Value::Array(tags) = parse(Value::String(item.tags)) {
        let tags = tags.into_iter();
        span.tags = tags
            .filter_map(|tag| tag.as_str().map(str::to_owned))
            .collect();
    }
    let mut attributes = object(Value::String(item.attributes));
    if item.status != LogSpanStatus::Success {
        let message = take_text(&mut attributes, "error");
        span.status = Status::Error {
            kind: take_text(&mut attributes, "error_type"),
            message: message.unwrap_or_else(|| item.status.to_string()),
        };
    }
    span.metadata = attributes;
    let mut content = object(Value::String(item.content));
    span.model = take_text(&mut content, "model");
    span.provider = take_text(&mut content, "provider");
    set_input(&mut span, content.remove("input"));
    set_output(&mut span, content.remove("output"));
    span
}
