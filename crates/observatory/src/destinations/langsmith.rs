//! LangSmith, over its OTLP endpoint.
//!
//! ```no_run
//! # fn example() -> Result<(), llm_observatory::destinations::Error> {
//! use llm_observatory::destinations::langsmith;
//!
//! let langsmith = langsmith::from_env()?.project("bot").build()?;
//! # Ok(())
//! # }
//! ```
//!
//! LangSmith reads the GenAI conventions, and names of its own for sessions, tags and metadata. Scores are feedback on runs,
//! which is sent one by one, after the spans. A score of a whole trace is feedback on its root run; where the root span is
//! not known, as for a score by the id of a trace alone, it is refused.

use super::classify::{ItemResult, send_once};
use super::otlp::profile::{KeyRule, Names, Place, Profile, Setting, api, key_header, server};
use super::otlp::{self, OtlpBuilder};
use super::{Error, uuid};
use crate::model::{Score, ScoreValue};
use observatory_langsmith::Client;
use observatory_langsmith::models::FeedbackCreateSchema;
use observatory_runtime::spec::{Otlp, OtlpConvention, OtlpEncoding};
use std::time::Duration;

/// Returns a builder with what is in the environment: `LANGSMITH_API_KEY`, `LANGSMITH_PROJECT`, and
/// `LANGSMITH_ENDPOINT` for another region or a server of one's own.
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
    name: "langsmith",
    api: api(
        "LangSmith",
        &[server("https://api.smith.langchain.com")],
        &["LANGSMITH_ENDPOINT", "LANGCHAIN_ENDPOINT"],
        &[key_header(
            "API Key",
            "x-api-key",
            &["LANGSMITH_API_KEY", "LANGCHAIN_API_KEY"],
        )],
    ),
    otlp: Otlp {
        path: "/otel/v1/traces",
        encoding: OtlpEncoding::Protobuf,
        headers: &[],
        conventions: &[OtlpConvention::GenAi],
        max_spans: 512,
        max_bytes: 20_000_000,
    },
    user: None,
    key: KeyRule::Required,
    project: Setting {
        env: &["LANGSMITH_PROJECT"],
        place: Place::Header("Langsmith-Project"),
        default: None,
        is_required: false,
    },
    workspace: None,
    names: Names {
        open_inference_values: true,
        session: Some("langsmith.metadata.session_id"),
        user: Some("langsmith.metadata.user_id"),
        tags: Some("langsmith.span.tags"),
        metadata: Some("langsmith.metadata."),
        total_tokens: Some("gen_ai.usage.total_tokens"),
        reasoning_tokens: Some("gen_ai.usage.details.reasoning_tokens"),
        ..Names::NONE
    },
    send_score: Some(|client, score, timeout| {
        let client = Client::from(client.clone());
        Box::pin(async move { send_score(&client, score, timeout).await })
    }),
};

/// Adds feedback to a run. Its id is the score's, so that a repetition replaces it.
async fn send_score(client: &Client, score: &Score, timeout: Duration) -> ItemResult {
    let Some(span) = score.span_id.or(score.root_span_id) else {
        return ItemResult::Rejected {
            reason: "LangSmith scores runs, and the root span of the trace is not known".to_owned(),
        };
    };
    let feedback = FeedbackCreateSchema::new(score.name.clone())
        .id(uuid::plain(score.id.to_bytes()))
        .run_id(uuid::of_span_alone(span));
    let feedback = match &score.comment {
        Some(comment) => feedback.comment(comment.clone()),
        None => feedback,
    };
    let feedback = match &score.value {
        ScoreValue::Number(number) => feedback.score(*number),
        ScoreValue::Boolean(passed) => feedback.score(*passed),
        ScoreValue::Category(label) => feedback.value(label.clone()),
    };
    ItemResult::from_result(send_once(client.feedback().create(feedback), timeout).await)
}
