//! Reads traces of Langfuse: its observations, and its scores.

use super::Langfuse;
use crate::destinations::BoxFuture;
use crate::destinations::classify::run_all;
use crate::destinations::reading::{
    ReadFeature, SourceError, StoredTrace, TracePage, TraceQuery, TraceSource,
};
use crate::destinations::stored::{
    kind, object, read, set_input, set_output, span_id, time, timestamp, trace_id,
};
use crate::model::{
    Cost, PromptVersion, Score, ScoreValue, Span, Status, TraceId, TraceInfo, Usage,
};
use observatory_langfuse::models::{ObservationLevel, ObservationV2, ScoreSubjectV3, ScoreV3};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Groups of fields. Without them the server returns ids and names only.
const FIELDS: &str = "core,basic,time,io,metadata,model,usage,prompt,trace_context";

/// The most items of one page.
const PAGE: u16 = 100;

impl TraceSource for Langfuse {
    fn supports(&self, _: ReadFeature) -> bool {
        true
    }

    fn list<'a>(
        &'a self,
        query: &'a TraceQuery,
        page: Option<&'a str>,
    ) -> BoxFuture<'a, Result<TracePage, SourceError>> {
        Box::pin(self.list_traces(query, page))
    }

    fn get(&self, id: TraceId) -> BoxFuture<'_, Result<Option<StoredTrace>, SourceError>> {
        Box::pin(self.read_trace(id.to_string()))
    }
}

impl Langfuse {
    /// Lists the root observations, and reads the trace of each.
    async fn list_traces(
        &self,
        query: &TraceQuery,
        page: Option<&str>,
    ) -> Result<TracePage, SourceError> {
        let mut request = self.client.observations().get_many();
        request.is_root_observation = Some(true);
        request.limit = Some(query.page_limit(PAGE).into());
        request.cursor = page.map(str::to_owned);
        request.session_id = query.session.clone();
        request.user_id = query.user.clone();
        request.from_start_time = query.since.map(timestamp);
        request.to_start_time = query.until.map(timestamp);
        let response = read(request, self.timeout).await?;
        let mut traces = Vec::new();
        for id in response.data.into_iter().filter_map(|root| root.trace_id) {
            traces.push(self.read_trace(id));
        }
        let traces: Result<Vec<_>, SourceError> = run_all(traces).await.into_iter().collect();
        Ok(TracePage {
            traces: traces?.into_iter().flatten().collect(),
            next: response.meta.cursor,
        })
    }

    async fn read_trace(&self, id: String) -> Result<Option<StoredTrace>, SourceError> {
        let mut observations = Vec::new();
        let mut cursor = None;
        loop {
            let mut request = self.client.observations().get_many();
            request.trace_id = Some(id.clone());
            request.fields = Some(FIELDS.to_owned());
            request.limit = Some(PAGE.into());
            request.cursor = cursor.take();
            let response = read(request, self.timeout).await?;
            let is_empty = response.data.is_empty();
            observations.extend(response.data);
            match response.meta.cursor {
                Some(next) if !is_empty => cursor = Some(next),
                _ => break,
            }
        }
        if observations.is_empty() {
            return Ok(None);
        }
        let info = Arc::new(info(&id, &observations));
        let spans = observations.into_iter().map(|item| span(&info, item));
        let mut trace = StoredTrace::new(Arc::clone(&info), id.clone(), spans.collect());
        trace.scores = self.read_scores(&id, info.id).await?;
        Ok(Some(trace))
    }

    async fn read_scores(&self, id: &str, trace_id: TraceId) -> Result<Vec<Score>, SourceError> {
        let mut scores = Vec::new();
        let mut cursor = None;
        loop {
            let mut request = self.client.scores_v3().get_many_v3();
            request.trace_id = Some(id.to_owned());
            request.fields = Some("details,subject".to_owned());
            request.limit = Some(PAGE.into());
            request.cursor = cursor.take();
            let response = read(request, self.timeout).await?;
            let is_empty = response.data.is_empty();
            let read = response.data.into_iter();
            scores.extend(read.filter_map(|item| score(trace_id, item)));
            match response.meta.cursor {
                Some(next) if !is_empty => cursor = Some(next),
                _ => return Ok(scores),
            }
        }
    }
}

/// Returns what the observations have of their trace. The root comes first, since it has the trace's fields in any case.
fn info(id: &str, observations: &[ObservationV2]) -> TraceInfo {
    let roots = observations
        .iter()
        .filter(|item| item.parent_observation_id.is_none());
    let others = observations
        .iter()
        .filter(|item| item.parent_observation_id.is_some());
    let mut info = TraceInfo::new(trace_id(id), "");
    let mut name = None;
    for item in roots.chain(others) {
        name = name
            .or_else(|| item.trace_name.clone())
            .or_else(|| item.name.clone());
        info.session = info.session.or_else(|| item.session_id.clone());
        info.user = info.user.or_else(|| item.user_id.clone());
        info.release = info
            .release
            .or_else(|| item.release.clone().map(Into::into));
        info.environment = info
            .environment
            .or_else(|| item.environment.clone().map(Into::into));
        if info.tags.is_empty() {
            info.tags = item.tags.clone().unwrap_or_default();
        }
    }
    info.name = name.unwrap_or_default();
    info
}

fn span(info: &Arc<TraceInfo>, item: ObservationV2) -> Span {
    let start = time(&item.start_time);
    let name = item.name.unwrap_or_default();
    let mut span = Span::new(Arc::clone(info), kind(&item.type_), name, start);
    span.id = span_id(&item.id);
    span.parent = item.parent_observation_id.as_deref().map(span_id);
    span.end = item.end_time.as_ref().map_or(start, time).max(start);
    span.first_token = item.completion_start_time.as_ref().map(time);
    span.model = item.provided_model_name;
    span.parameters = item.model_parameters.map(object).unwrap_or_default();
    span.metadata = item.metadata.map(object).unwrap_or_default();
    span.usage = usage(&item.usage_details.unwrap_or_default());
    let costs = item.cost_details.unwrap_or_default();
    span.cost = Cost {
        input: costs.get("input").copied(),
        output: costs.get("output").copied(),
        total: costs.get("total").copied().or(item.total_cost),
    };
    span.prompt = item.prompt_name.map(|name| PromptVersion {
        name,
        version: item.prompt_version.map(|version| version.to_string()),
    });
    if item.level == Some(ObservationLevel::Error) {
        span.status = Status::Error {
            kind: None,
            message: item.status_message.unwrap_or_default(),
        };
    }
    set_input(&mut span, item.input);
    set_output(&mut span, item.output);
    span
}

/// Adds up the details: Langfuse counts cached tokens apart from `input`, and reasoning apart from `output`.
fn usage(details: &BTreeMap<String, i64>) -> Usage {
    let sum = |prefix: &str| {
        let parts = details.iter().filter(|(name, _)| name.starts_with(prefix));
        let counts = parts.filter_map(|(_, tokens)| u64::try_from(*tokens).ok());
        counts.reduce(u64::saturating_add)
    };
    let one = |name: &str| u64::try_from(*details.get(name)?).ok();
    Usage {
        input: sum("input"),
        output: sum("output"),
        cache_read: one("input_cached_tokens"),
        cache_write: one("input_cache_creation"),
        reasoning: one("output_reasoning_tokens"),
    }
}

/// Returns a score; `None` for a correction or a text, which the model does not have.
fn score(trace: TraceId, item: ScoreV3) -> Option<Score> {
    macro_rules! score {
        ($item:ident, $value:expr) => {
            Score {
                id: crate::destinations::stored::trace_id(&$item.id),
                trace_id: trace,
                root_span_id: None,
                span_id: match &$item.subject {
                    Some(ScoreSubjectV3::Observation(subject)) => Some(span_id(&subject.id)),
                    _ => None,
                },
                value: $value,
                time: time(&$item.timestamp),
                name: $item.name,
                comment: $item.comment,
            }
        };
    }
    Some(match item {
        ScoreV3::Numeric(item) => score!(item, ScoreValue::Number(item.value)),
        ScoreV3::Boolean(item) => score!(item, ScoreValue::Boolean(item.value)),
        ScoreV3::Categorical(item) => score!(item, ScoreValue::Category(item.value.clone())),
        _ => return None,
    })
}
