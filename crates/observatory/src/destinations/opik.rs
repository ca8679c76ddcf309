//! Opik, on Comet or on a server of one's own, over its OTLP endpoint.
//!
//! ```no_run
//! # fn example() -> Result<(), llm_observatory::destinations::Error> {
//! use llm_observatory::destinations::opik;
//!
//! let opik = opik::from_env()?.project("bot").build()?;
//! # Ok(())
//! # }
//! ```
//!
//! Opik reads the GenAI conventions. A server of one's own needs no key. Scores are events of spans: Opik gives spans ids that
//! depend on when the first request with a part of their trace arrived, so that its API for scores cannot refer to them.

use super::Error;
use super::otlp::profile::{KeyRule, Names, Place, Profile, Setting, api, key_header, server};
use super::otlp::{self, OtlpBuilder};
use observatory_runtime::spec::{Otlp, OtlpConvention, OtlpEncoding};

/// Returns a builder with what is in the environment: `OPIK_API_KEY`, `OPIK_WORKSPACE`, `OPIK_PROJECT_NAME`,
/// and `OPIK_URL_OVERRIDE` for another server than Comet's, such as `http://localhost:5173/api`.
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
    name: "opik",
    api: api(
        "Opik",
        &[server("https://www.comet.com/opik/api")],
        &["OPIK_URL_OVERRIDE"],
        &[key_header("key", "authorization", &["OPIK_API_KEY"])],
    ),
    otlp: Otlp {
        path: "/v1/private/otel/v1/traces",
        encoding: OtlpEncoding::Protobuf,
        headers: &[],
        conventions: &[OtlpConvention::GenAi],
        max_spans: 512,
        max_bytes: 3_000_000,
    },
    user: None,
    key: KeyRule::RequiredByVendor,
    project: Setting {
        env: &["OPIK_PROJECT_NAME"],
        place: Place::Header("projectName"),
        default: None,
        is_required: false,
    },
    workspace: Some(Setting {
        env: &["OPIK_WORKSPACE"],
        place: Place::Header("Comet-Workspace"),
        default: None,
        is_required: false,
    }),
    names: Names {
        open_inference_values: true,
        ..Names::NONE
    },
    send_score: None,
};
