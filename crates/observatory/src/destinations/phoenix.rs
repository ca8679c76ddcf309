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
//! Phoenix reads OpenInference's attributes. It keeps a score as an attribute and an event of its span; its lists of
//! annotations have only those of its REST API.

use super::Error;
use super::otlp::profile::{KeyRule, Names, Place, Profile, Setting, api, bearer, server};
use super::otlp::{self, OtlpBuilder};
use observatory_runtime::spec::{Otlp, OtlpConvention, OtlpEncoding};

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
};
