//! MLflow, from version 3.6, over its OTLP endpoint.
//!
//! ```no_run
//! # fn example() -> Result<(), llm_observatory::destinations::Error> {
//! use llm_observatory::destinations::mlflow;
//!
//! let mlflow = mlflow::from_env()?.project("3").build()?;
//! # Ok(())
//! # }
//! ```
//!
//! The project is the id of an experiment. The server needs a database as its store; with files it refuses traces. MLflow
//! reads the GenAI conventions and OpenInference's kinds and values.

use super::Error;
use super::otlp::profile::{KeyRule, Names, Place, Profile, Setting, api, basic, bearer, server};
use super::otlp::{self, OtlpBuilder};
use observatory_runtime::spec::{Otlp, OtlpConvention, OtlpEncoding};

/// Returns a builder with what is in the environment: `MLFLOW_TRACKING_URI`, which is `http://localhost:5000` by
/// default, `MLFLOW_EXPERIMENT_ID`, which is `0` by default, and `MLFLOW_TRACKING_TOKEN`, or `MLFLOW_TRACKING_USERNAME` and
/// `MLFLOW_TRACKING_PASSWORD`.
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
    name: "mlflow",
    api: api(
        "MLflow",
        &[server("http://localhost:5000")],
        &["MLFLOW_TRACKING_URI"],
        &[
            bearer(&["MLFLOW_TRACKING_TOKEN"]),
            basic(&["MLFLOW_TRACKING_USERNAME"], &["MLFLOW_TRACKING_PASSWORD"]),
        ],
    ),
    otlp: Otlp {
        path: "/v1/traces",
        encoding: OtlpEncoding::Protobuf,
        headers: &[],
        conventions: &[OtlpConvention::GenAi],
        max_spans: 512,
        max_bytes: 3_000_000,
    },
    user: None,
    key: KeyRule::Optional,
    project: Setting {
        env: &["MLFLOW_EXPERIMENT_ID"],
        place: Place::Header("x-mlflow-experiment-id"),
        default: Some("0"),
        is_required: false,
    },
    workspace: None,
    names: Names {
        open_inference_values: true,
        ..Names::NONE
    },
    send_score: None,
};
