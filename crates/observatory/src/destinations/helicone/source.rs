//! Reads traces of Helicone: the requests of a session, which is a trace of this crate.

use super::Helicone;
use crate::destinations::BoxFuture;
use crate::destinations::reading::{ReadFeature, SourceError, StoredTrace, TraceSource};
use crate::destinations::stored::{
    from_millis, kind, read, score_id, set_input, set_output, span_id, time,
};
use crate::model::{Score, ScoreValue, Span, SpanKind, Status, TraceId, TraceInfo, UnixNanos};
use observatory_helicone::models::{
    HeliconeRequest, RequestFilterFields, RequestQueryParams, TextOperators,
};
use observatory_runtime::Timestamp;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The requests of one page.
const PAGE: u16 = 100;

impl TraceSource for Helicone {
    /// The API lists requests and names of sessions, not sessions with their requests.
    fn supports(&self, feature: ReadFeature) -> bool {
        feature == ReadFeature::Trace
    }

    fn get(&self, id: TraceId) -> BoxFuture<'_, Result<Option<StoredTrace>, SourceError>> {
        Box::pin(self.read_trace(id))
    }
}

impl Helicone {
    async fn read_trace(&self, id: TraceId) -> Result<Option<StoredTrace>, SourceError> {
        let session = TextOperators::new().equals(id.to_string());
        let properties = BTreeMap::from([("Helicone-Session-Id".to_owned(), session)]);
        let filter = RequestFilterFields::new().properties(properties);
        let mut requests: Vec<HeliconeRequest> = Vec::new();
        loop {
            let mut body = RequestQueryParams::new(filter.clone());
            body.limit = Some(i64::from(PAGE));
            body.offset = i64::try_from(requests.len()).ok();
            let page = read(self.client.request().get(body), self.timeout).await?;
            let is_last = page.len() < usize::from(PAGE);
            requests.extend(page);
            if is_last {
                break;
            }
        }
        let Some(first) = requests.first() else {
            return Ok(None);
        };
        let info = Arc::new(info(id, first));
        let scores = requests.iter().flat_map(|item| scores(id, item)).collect();
        let spans = requests.into_iter().map(|item| span(&info, item)).collect();
        let mut trace = StoredTrace::new(info, id.to_string(), spans);
        trace.scores = scores;
        Ok(Some(trace))
    }
}

/// Returns a number of tokens; a negative one is unknown.
fn tokens(count: i64) -> Option<u64> {
    u64::try_from(count).ok()
}

fn info(id: TraceId, item: &HeliconeRequest) -> TraceInfo {
    let text = |name: &str| item.properties.get(name).cloned();
    let name = text("Helicone-Session-Name").unwrap_or_default();
    let mut info = TraceInfo::new(id, name);
    info.session = text("Conversation");
    info.user = item.request_user_id.clone();
    info.service = text("Service").map(Into::into);
    info.environment = text("Environment").map(Into::into);
    info.release = text("Release").map(Into::into);
    info
}

/// Returns a request as a span. Helicone keeps its path in the session, by names, and not the id of its parent.
fn span(info: &Arc<TraceInfo>, item: HeliconeRequest) -> Span {
    let created = |text: &str| time(&Timestamp::from(text));
    let start = created(&item.request_created_at);
    let own = |name: &str| item.properties.get(name).cloned();
    let kind = own("Kind").map_or(SpanKind::Llm, |name| kind(&name));
    let name = own("Name").unwrap_or_else(|| item.request_path.clone());
    let mut span = Span::new(Arc::clone(info), kind, name, start);
    let millis = |millis: f64| from_millis(millis as i64).0;
    let after = |delay: f64| UnixNanos(start.0.saturating_add(millis(delay)));
    span.id = span_id(&item.request_id);
    let end = item.response_created_at.as_deref().map(created);
    span.end = item
        .delay_ms
        .map(after)
        .or(end)
        .map_or(start, |end| end.max(start));
    span.first_token = item.time_to_first_token.map(after);
    span.model = item.request_model.clone();
    span.response_id = item.response_id.clone();
    span.usage.input = item.prompt_tokens.and_then(tokens);
    span.usage.output = item.completion_tokens.and_then(tokens);
    span.usage.cache_read = item.prompt_cache_read_tokens.and_then(tokens);
    span.usage.cache_write = item.prompt_cache_write_tokens.and_then(tokens);
    span.usage.reasoning = item.reasoning_tokens.and_then(tokens);
    span.cost.total = own("Cost-USD")
        .and_then(|cost| cost.parse().ok())
        .or(item.cost);
    if item.response_status >= 400 {
        let body = item.response_body.as_ref();
        let message = body.and_then(|body| body.get("message")?.as_str());
        span.status = Status::Error {
            kind: None,
            message: message.unwrap_or_default().to_owned(),
        };
    }
    let properties = item.properties.iter();
    span.metadata = properties
        .filter(|(name, _)| !name.starts_with("Helicone-"))
        .map(|(name, value)| (name.clone(), Value::from(value.as_str())))
        .collect();
    let (input, output) = (Some(item.request_body), item.response_body);
    set_input(&mut span, input.map(step_value("input")));
    set_output(&mut span, output.map(step_value("message")));
    span
}

/// Returns the value of a step other than a model call, which is a property of its body.
fn step_value(name: &str) -> impl Fn(Value) -> Value {
    move |mut body| match body.get("_type").is_some() {
        true => body.get_mut(name).map(Value::take).unwrap_or(body),
        false => body,
    }
}

/// Returns the scores of a request. Helicone stores neither their ids nor their times.
fn scores(trace_id: TraceId, item: &HeliconeRequest) -> Vec<Score> {
    let scores = item.scores.iter().flatten();
    let scores = scores.map(|(name, value)| Score {
        id: score_id(&item.request_id, name),
        trace_id,
        root_span_id: None,
        span_id: Some(span_id(&item.request_id)),
        name: name.clone(),
        value: ScoreValue::Number(*value),
        comment: None,
        time: time(&Timestamp::from(item.request_created_at.as_str())),
    });
    scores.collect()
}
