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
//! LangSmith reads the GenAI conventions, and names of its own for sessions, tags and metadata.

use super::Error;
use super::otlp::profile::{KeyRule, Names, Place, Profile, Setting, api, key_header, server};
use super::otlp::{self, OtlpBuilder};
use observatory_runtime::spec::{Otlp, OtlpConvention, OtlpEncoding};

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
    send_scores: None,
};
