//! Reads traces of Galileo: a search lists them, and each is read with its tree of spans.

use super::Galileo;
use crate::destinations::classify::run_all;
use crate::destinations::reading::{
    ReadFeature, SourceError, StoredTrace, TracePage, TraceQuery, TraceSource,
};
use crate::destinations::stored::{
    found, kind, read, set_info, set_input, set_output, span_id, take_text, time, trace_id,
};
use crate::destinations::{BoxFuture, Error, Outcome, uuid};
use crate::model::{Span, SpanId, Status, TraceId, TraceInfo, UnixNanos};
use observatory_galileo::Timestamp;
use observatory_galileo::models::{
    ExtendedTraceRecordWithChildren, GetTraceResponse, LogRecordsQueryRequest,
    LogRecordsQueryResponseRecord,
};
use serde_json::{Map, Value};
use std::sync::Arc;

impl TraceSource for Galileo {
    fn supports(&self, feature: ReadFeature) -> bool {
        matches!(feature, ReadFeature::Traces | ReadFeature::Trace)
    }

    fn list<'a>(
        &'a self,
        query: &'a TraceQuery,
        page: Option<&'a str>,
    ) -> BoxFuture<'a, Result<TracePage, SourceError>> {
        Box::pin(self.list_traces(query, page))
    }

    fn get(&self, id: TraceId) -> BoxFuture<'_, Result<Option<StoredTrace>, SourceError>> {
        Box::pin(self.find_trace(id))
    }
}

impl Galileo {
    async fn list_traces(
        &self,
        query: &TraceQuery,
        page: Option<&str>,
    ) -> Result<TracePage, SourceError> {
        let place = self.find_place().await.map_err(Outcome::into_reason)?;
        let mut body = LogRecordsQueryRequest::new()
            .log_stream_id(place.log_stream.clone())
            .limit(i64::from(query.page_limit(100)));
        body.starting_token = page.and_then(|page| page.parse().ok());
        let request = self.client.trace().query(place.project.clone(), body);
        let response = read(request, self.timeout).await?;
        let mut traces = Vec::new();
        for record in response.records.into_iter().flatten() {
            if let LogRecordsQueryResponseRecord::Trace(record) = record {
                traces.push(self.read_trace(&place.project, record.id));
            }
        }
        let traces: Result<Vec<_>, Error> = run_all(traces).await.into_iter().collect();
        Ok(TracePage {
            traces: traces?.into_iter().flatten().collect(),
            next: response.next_starting_token.map(|token| token.to_string()),
        })
    }

    async fn find_trace(&self, id: TraceId) -> Result<Option<StoredTrace>, SourceError> {
        let place = self.find_place().await.map_err(Outcome::into_reason)?;
        Ok(self.read_trace(&place.project, uuid::of_trace(id)).await?)
    }

    async fn read_trace(&self, project: &str, id: String) -> Result<Option<StoredTrace>, Error> {
        let request = self.client.trace().get(project, id);
        let response = found(read(request, self.timeout).await)?;
        Ok(response.and_then(|response| match response {
            GetTraceResponse::Trace(record) => Some(trace(&record)),
            _ => None,
        }))
    }
}

fn trace(record: &ExtendedTraceRecordWithChildren) -> StoredTrace {
    let info = Arc::new(info(record));
    let mut spans = Vec::new();
    // The types of spans have no trait in common: their fields are read from their JSON.
    let tops = record.spans.iter().flatten();
    let mut open: Vec<(Value, Option<SpanId>)> = tops
        .filter_map(|span| serde_json::to_value(span).ok())
        .map(|span| (span, None))
        .collect();
    while let Some((mut value, parent)) = open.pop() {
        let children = value.get_mut("spans").map(Value::take);
        let span = span(&info, &value, parent);
        if let Some(Value::Array(children)) = children {
            open.extend(children.into_iter().map(|child| (child, Some(span.id))));
        }
        spans.push(span);
    }
    StoredTrace::new(info, record.id.clone(), spans)
}

fn info(record: &ExtendedTraceRecordWithChildren) -> TraceInfo {
    let external = record.external_id.as_deref();
    let id = external.unwrap_or(&record.id);
    let name = record.name.clone().unwrap_or_default();
    let mut info = TraceInfo::new(trace_id(id), name);
    info.tags = record.tags.clone().unwrap_or_default();
    for (name, value) in record.user_metadata.iter().flatten() {
        set_info(&mut info, name, value);
    }
    info
}

fn span(info: &Arc<TraceInfo>, value: &Value, parent: Option<SpanId>) -> Span {
    let text = |name: &str| value.get(name).and_then(Value::as_str);
    let mut metadata = match value.get("user_metadata") {
        Some(Value::Object(metadata)) => metadata.clone(),
        _ => Map::new(),
    };
    let mut take = |name: &str| take_text(&mut metadata, name);
    let metrics = value.get("metrics");
    let number = |name: &str| metrics.and_then(|metrics| metrics.get(name)?.as_u64());
    let start = text("created_at").map_or(UnixNanos(0), |text| time(&Timestamp::from(text)));
    let kind =
        take("kind").map_or_else(|| kind(text("type").unwrap_or_default()), |own| kind(&own));
    let name = text("name").unwrap_or_default();
    let mut span = Span::new(Arc::clone(info), kind, name, start);
    let after = |nanos: u64| UnixNanos(start.0.saturating_add(nanos));
    span.id = span_id(text("id").unwrap_or_default());
    span.parent = parent;
    span.end = number("duration_ns").map_or(start, after);
    span.first_token = number("time_to_first_token_ns").map(after);
    span.model = text("model").map(str::to_owned);
    span.usage.input = number("num_input_tokens");
    span.usage.output = number("num_output_tokens");
    span.usage.cache_read = number("num_cached_input_tokens");
    span.usage.reasoning = number("num_reasoning_tokens");
    span.provider = take("provider");
    span.response_id = take("response_id");
    span.cost.total = take("cost_usd").and_then(|cost| cost.parse().ok());
    let (error, error_kind) = (take("error"), take("error_type"));
    let has_failed = value.get("status_code").and_then(Value::as_i64) >= Some(400);
    if has_failed || error.is_some() {
        span.status = Status::Error {
            kind: error_kind,
            message: error.unwrap_or_default(),
        };
    }
    span.metadata = metadata;
    if let Some(tags) = value.get("tags").and_then(Value::as_array) {
        let tags = tags.iter().filter_map(Value::as_str);
        span.tags = tags.map(str::to_owned).collect();
    }
    set_input(&mut span, value.get("input").cloned());
    set_output(&mut span, value.get("output").cloned());
    span
}
