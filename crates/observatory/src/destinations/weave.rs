//! W&B Weave, over its OTLP endpoint.
//!
//! ```no_run
//! # fn example() -> Result<(), llm_observatory::destinations::Error> {
//! use llm_observatory::destinations::weave;
//!
//! let weave = weave::from_env()?.project("acme/bot").build()?;
//! # Ok(())
//! # }
//! ```
//!
//! The project is `entity/project`. Weave reads the GenAI conventions, OpenInference's kinds and values, and a name of its
//! own for sessions, which it calls threads.

use super::Error;
use super::otlp::profile::{KeyRule, Names, Place, Profile, Setting, api, basic, server};
use super::otlp::{self, OtlpBuilder};
use observatory_runtime::spec::{Otlp, OtlpConvention, OtlpEncoding};

/// Returns a builder with what is in the environment: `WANDB_API_KEY`, `WANDB_ENTITY` and `WANDB_PROJECT`, and
/// `WF_TRACE_SERVER_URL` for another server than the multi-tenant cloud.
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
    name: "weave",
    api: api(
        "Weave",
        &[server("https://trace.wandb.ai")],
        &["WF_TRACE_SERVER_URL"],
        &[basic(&[], &["WANDB_API_KEY"])],
    ),
    otlp: Otlp {
        path: "/otel/v1/traces",
        encoding: OtlpEncoding::Protobuf,
        headers: &[],
        conventions: &[OtlpConvention::GenAi],
        max_spans: 512,
        max_bytes: 3_000_000,
    },
    user: Some("api"),
    key: KeyRule::Required,
    project: Setting {
        env: &["WANDB_ENTITY", "WANDB_PROJECT"],
        place: Place::Header("project_id"),
        default: None,
        is_required: true,
    },
    workspace: None,
    names: Names {
        open_inference_values: true,
        session: Some("wandb.thread_id"),
        session_root: Some("wandb.is_turn"),
        ..Names::NONE
    },
    send_score: None,
};
