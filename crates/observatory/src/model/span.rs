//! An ended span.

use super::{Cost, Messages, PromptVersion, SpanId, TraceInfo, UnixNanos, Usage};
use crate::json;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::sync::Arc;

/// What a span does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum SpanKind {
    /// A call of a language model.
    Llm,
    /// A call of an embedding model.
    Embedding,
    /// A call of a tool.
    Tool,
    /// A search for documents.
    Retriever,
    /// A component that decides which steps to take.
    Agent,
    /// A fixed sequence of steps.
    Workflow,
    /// A check that can stop the program.
    Guardrail,
    /// A judgment of an output.
    Evaluator,
    /// A step of another kind.
    #[default]
    Span,
    /// A point in time. Its start and end are equal.
    Event,
}

impl SpanKind {
    /// Returns the kind in lower case.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Llm => "llm",
            Self::Embedding => "embedding",
            Self::Tool => "tool",
            Self::Retriever => "retriever",
            Self::Agent => "agent",
            Self::Workflow => "workflow",
            Self::Guardrail => "guardrail",
            Self::Evaluator => "evaluator",
            Self::Span => "span",
            Self::Event => "event",
        }
    }
}

/// How a span ended.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Status {
    /// It ended without an error.
    #[default]
    Ok,
    /// It failed.
    Error {
        /// The type of the error, such as `timeout`, where it is known.
        kind: Option<String>,
        /// The error's message.
        message: String,
    },
}

/// A document that a retriever found.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Document {
    /// Its id in the store.
    pub id: Option<String>,
    /// Its content.
    pub content: String,
    /// How well it fits. Its scale is the store's.
    pub score: Option<f64>,
    /// Any further values.
    #[serde(deserialize_with = "json::read_map")]
    pub metadata: Map<String, Value>,
}

/// Something that happened during a span.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// When it happened.
    pub time: UnixNanos,
    /// What happened.
    pub name: String,
    /// Any further values.
    #[serde(deserialize_with = "json::read_map")]
    pub attributes: Map<String, Value>,
}

/// An ended span.
///
/// `messages` and values are alternatives: a model call has `input_messages` and `output_messages`, any other step has
/// `input` and `output`. Where both are present, vendors that show one get the messages.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Span {
    /// What all spans of the trace share.
    pub trace: Arc<TraceInfo>,
    /// The id of the span.
    pub id: SpanId,
    /// The span in which this one runs; `None` for the root.
    pub parent: Option<SpanId>,
    /// Whether no span of this trace was open in this process any more when this one ended.
    pub completes_trace: bool,
    /// What the span does.
    pub kind: SpanKind,
    /// What is done, such as `chat`.
    pub name: String,
    /// When it began.
    pub start: UnixNanos,
    /// When it ended. Never before `start`.
    pub end: UnixNanos,
    /// When the first token of a streamed response arrived.
    pub first_token: Option<UnixNanos>,
    /// How it ended.
    pub status: Status,
    /// The model that was asked for, such as `gpt-4o`.
    pub model: Option<String>,
    /// The model that generated the response, where it is a different one.
    pub response_model: Option<String>,
    /// The id of the response in the provider's system.
    pub response_id: Option<String>,
    /// The provider of the model, such as `openai`.
    pub provider: Option<String>,
    /// Parameters of the request by the names of the GenAI conventions without prefix, such as `temperature`.
    #[serde(deserialize_with = "json::read_map")]
    pub parameters: Map<String, Value>,
    /// Instructions given apart from the messages.
    pub system: Messages,
    /// The conversation that was sent to the model.
    pub input_messages: Messages,
    /// The response of the model.
    pub output_messages: Messages,
    /// The tools that the model could call, as the model's API describes them.
    #[serde(deserialize_with = "json::read_list")]
    pub tools: Vec<Value>,
    /// The input of a step without messages.
    #[serde(deserialize_with = "json::read_optional_value", default)]
    pub input: Option<Value>,
    /// The output of a step without messages.
    #[serde(deserialize_with = "json::read_optional_value", default)]
    pub output: Option<Value>,
    /// Tokens used.
    pub usage: Usage,
    /// Cost in US dollars.
    pub cost: Cost,
    /// Documents that a retriever found.
    pub documents: Vec<Document>,
    /// The prompt that was used.
    pub prompt: Option<PromptVersion>,
    /// Labels of this span alone.
    pub tags: Vec<String>,
    /// Any further values.
    #[serde(deserialize_with = "json::read_map")]
    pub metadata: Map<String, Value>,
    /// What happened during the span.
    pub events: Vec<Event>,
    /// Whether content was cut because the record was over a limit of a vendor.
    pub truncated: bool,
}

impl Span {
    /// Returns a root span that begins and ends at `start`. Set `parent`, `end` and the rest.
    pub fn new(
        trace: Arc<TraceInfo>,
        kind: SpanKind,
        name: impl Into<String>,
        start: UnixNanos,
    ) -> Self {
        Self {
            trace,
            id: SpanId::random(),
            parent: None,
            completes_trace: false,
            kind,
            name: name.into(),
            start,
            end: start,
            first_token: None,
            status: Status::Ok,
            model: None,
            response_model: None,
            response_id: None,
            provider: None,
            parameters: Map::new(),
            system: Messages::default(),
            input_messages: Messages::default(),
            output_messages: Messages::default(),
            tools: Vec::new(),
            input: None,
            output: None,
            usage: Usage::default(),
            cost: Cost::default(),
            documents: Vec::new(),
            prompt: None,
            tags: Vec::new(),
            metadata: Map::new(),
            events: Vec::new(),
            truncated: false,
        }
    }
}
