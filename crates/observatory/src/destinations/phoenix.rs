//! Arize Phoenix, over its OTLP endpoint.
//!
//! ```no_run
//! # fn example() -> Result<(), llm_observatory::destinations::Error> {
//! use llm_observatory::destinations::phoenix;
//!
//! let phoenix = phoenix::from_env()?.project("bot").build()?;
//! # Ok(())
//! # }
//! ```
//!
//! Phoenix reads OpenInference's attributes. Scores are annotations, which are sent one by one, after the spans.

use super::Error;
use super::classify::{ItemResult, send_once};
use super::otlp::profile::{KeyRule, Names, Place, Profile, Setting, api, bearer, server};
use super::otlp::{self, OtlpBuilder};
use crate::model::{Score, ScoreValue};
use observatory_phoenix::Client;
use observatory_phoenix::models::{
    AnnotateSpansRequestBody, AnnotateTracesRequestBody, AnnotationResult, AnnotatorKind,
    SpanAnnotationData, TraceAnnotationData,
};
use observatory_runtime::spec::{Otlp, OtlpConvention, OtlpEncoding};
use std::time::Duration;

/// Returns a builder with what is in the environment: `PHOENIX_COLLECTOR_ENDPOINT`, which is
/// `http://localhost:6006` by default, `PHOENIX_API_KEY` and `PHOENIX_PROJECT_NAME`.
///
/// # Errors
/// If a value is not valid.
pub fn from_env() -> Result<OtlpBuilder, Error> {
    builder().from_env()
}

/// Returns a builder without what is in the environment.
pub fn builder() -> OtlpBuilder {
    otlp::vendor(&PROFILE)
}

static PROFILE: Profile = Profile {
    name: "phoenix",
    api: api(
        "Phoenix",
        &[server("http://localhost:6006")],
        &["PHOENIX_COLLECTOR_ENDPOINT"],
        &[bearer(&["PHOENIX_API_KEY"])],
    ),
    otlp: Otlp {
        path: "/v1/traces",
        encoding: OtlpEncoding::Protobuf,
        headers: &[],
        conventions: &[OtlpConvention::OpenInference],
        max_spans: 512,
        max_bytes: 3_000_000,
    },
    user: None,
    key: KeyRule::Optional,
    project: Setting {
        env: &["PHOENIX_PROJECT_NAME"],
        place: Place::Resource("openinference.project.name"),
        default: None,
        is_required: false,
    },
    workspace: None,
    names: Names::NONE,
    send_score: Some(|client, score, timeout| {
        let client = Client::from(client.clone());
        Box::pin(async move { send_score(&client, score, timeout).await })
    }),
};

/// Annotates a span, or the trace. The id of the score makes a repetition replace the annotation.
async fn send_score(client: &Client, score: &Score, timeout: Duration) -> ItemResult {
    let (name, id) = (score.name.clone(), score.id.to_string());
    let kind = AnnotatorKind::Code;
    match score.span_id {
        Some(span) => {
            let data = SpanAnnotationData::new(name, kind, span.to_string()).identifier(id);
            let body = AnnotateSpansRequestBody::new(vec![data.result(result(score))]);
            let request = client.spans().annotate(body);
            ItemResult::from_result(send_once(request, timeout).await)
        }
        None => {
            let trace = score.trace_id.to_string();
            let data = TraceAnnotationData::new(name, kind, trace).identifier(id);
            let body = AnnotateTracesRequestBody::new(vec![data.result(result(score))]);
            let request = client.traces().annotate(body);
            ItemResult::from_result(send_once(request, timeout).await)
        }
    }
}

fn result(score: &Score) -> AnnotationResult {
    let result = match &score.value {
        ScoreValue::Number(number) => AnnotationResult::new().score(*number),
        ScoreValue::Boolean(passed) => AnnotationResult::new()
            .score(f64::from(u8::from(*passed)))
            .label(passed.to_string()),
        ScoreValue::Category(label) => AnnotationResult::new().label(label.clone()),
    };
    match &score.comment {
        Some(comment) => result.explanation(comment.clone()),
        None => result,
    }
}
