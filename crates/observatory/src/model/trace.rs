//! What all spans of a trace share.

use super::TraceId;
use crate::json;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::sync::Arc;

/// What all spans of a trace share. Each span holds it, since spans are delivered independently.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TraceInfo {
    /// The id of the trace.
    pub id: TraceId,
    /// The name of the trace.
    pub name: String,
    /// The session (conversation, thread) of which the trace is a part.
    pub session: Option<String>,
    /// The end user.
    pub user: Option<String>,
    /// Labels to filter by.
    pub tags: Vec<String>,
    /// Any further values.
    #[serde(deserialize_with = "json::read_map")]
    pub metadata: Map<String, Value>,
    /// The service that records.
    pub service: Option<Arc<str>>,
    /// The deployment environment, such as `production`.
    pub environment: Option<Arc<str>>,
    /// The version of the service.
    pub release: Option<Arc<str>>,
}

impl TraceInfo {
    /// Returns a trace that has only an id and a name.
    pub fn new(id: TraceId, name: impl Into<String>) -> Self {
        Self {
            id,
            name: name.into(),
            session: None,
            user: None,
            tags: Vec::new(),
            metadata: Map::new(),
            service: None,
            environment: None,
            release: None,
        }
    }
}

/// A version of a prompt that a vendor manages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PromptVersion {
    /// The name of the prompt.
    pub name: String,
    /// The version, where it is known.
    pub version: Option<String>,
}
