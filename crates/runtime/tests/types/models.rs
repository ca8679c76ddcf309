//! Types in the form that the generator emits, for the tests of the derive macros.

use std::collections::BTreeMap;

use observatory_runtime::{
    Bytes, File, Fixed, Model, Patch, Secret, StringEnum, Timestamp, Union, Value,
};

/// A call of a language model: every kind of field.
#[derive(Clone, Debug, PartialEq, Model)]
pub struct LlmSpan {
    pub input: Vec<Message>,
    pub output: Option<Box<Message>>,
    pub name: Option<String>,
    #[wire("statusCode")]
    pub status_code: Patch<i64>,
    #[wire(nullable)]
    pub parent_id: Option<String>,
    pub model: Patch<String>,
    pub temperature: Option<f64>,
    pub created_at: Option<Timestamp>,
    pub tags: Option<Vec<String>>,
    pub user_metadata: Patch<BTreeMap<String, String>>,
    pub dataset: Patch<Value>,
    pub redacted_input: Patch<TraceInput>,
    pub metrics: Option<Box<LlmMetrics>>,
    #[wire("type", fixed = "llm")]
    #[doc(hidden)]
    pub type_: Fixed,
}

/// A response-only object with additional properties.
#[derive(Clone, Debug, PartialEq, Model)]
#[model(no_setters)]
#[non_exhaustive]
pub struct LlmMetrics {
    #[wire("num_input_tokens", lenient)]
    pub num_input_tokens: Option<i64>,
    pub duration_ns: Option<f64>,
    #[wire(extra)]
    pub extra: BTreeMap<String, Value>,
}

/// A recursive object.
#[derive(Clone, Debug, PartialEq, Model)]
pub struct WorkflowSpan {
    pub name: Option<String>,
    pub spans: Option<Vec<Span>>,
    #[wire("type", fixed = "workflow", optional)]
    #[doc(hidden)]
    pub type_: Fixed,
}

/// An object whose tag is an ordinary field with several values.
#[derive(Clone, Debug, PartialEq, Model)]
pub struct ToolSpan {
    pub input: String,
    #[wire("type")]
    pub type_: SpanType,
}

/// A variant whose schema does not declare the tag.
#[derive(Clone, Debug, PartialEq, Model)]
pub struct BareSpan {
    pub note: Option<String>,
}

/// An open string enum.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, StringEnum)]
#[non_exhaustive]
pub enum SpanType {
    #[wire("tool")]
    Tool,
    #[wire("python_client")]
    PythonClient,
    /// An unknown value.
    Unknown(String),
}

/// A tagged union.
#[derive(Clone, Debug, PartialEq, Union)]
#[union(tag = "type")]
#[non_exhaustive]
pub enum Span {
    #[wire("llm")]
    Llm(Box<LlmSpan>),
    #[wire("workflow")]
    Workflow(Box<WorkflowSpan>),
    #[wire("tool", "python_client")]
    Tool(ToolSpan),
    #[wire("bare")]
    Bare(BareSpan),
    /// An unknown value.
    Unknown(Value),
}

/// A chat message.
#[derive(Clone, Debug, PartialEq, Model)]
pub struct Message {
    pub content: TraceInput,
    pub role: String,
}

/// An untagged union of a string and a list.
#[derive(Clone, Debug, PartialEq, Union)]
#[union(shape)]
#[non_exhaustive]
pub enum TraceInput {
    Text(String),
    Parts(Vec<ContentPart>),
    /// An unknown value.
    Unknown(Value),
}

/// A tagged union whose variants have optional tags.
#[derive(Clone, Debug, PartialEq, Union)]
#[union(tag = "type")]
#[non_exhaustive]
pub enum ContentPart {
    #[wire("text")]
    Text(TextPart),
    #[wire("file")]
    File(FilePart),
    /// An unknown value.
    Unknown(Value),
}

#[derive(Clone, Debug, PartialEq, Model)]
pub struct TextPart {
    pub text: String,
    #[wire("type", fixed = "text", optional)]
    #[doc(hidden)]
    pub type_: Fixed,
}

#[derive(Clone, Debug, PartialEq, Model)]
pub struct FilePart {
    pub file_id: String,
    #[wire("type", fixed = "file", optional)]
    #[doc(hidden)]
    pub type_: Fixed,
}

/// An untagged union of objects.
#[derive(Clone, Debug, PartialEq, Union)]
#[union(shape)]
#[non_exhaustive]
pub enum Usage {
    Plain(PlainUsage),
    OpenAi(OpenAiUsage),
    Failed(FailedUsage),
    Counts(BTreeMap<String, i64>),
    /// An unknown value.
    Unknown(Value),
}

#[derive(Clone, Debug, PartialEq, Model)]
pub struct PlainUsage {
    pub input: Option<i64>,
    pub output: Option<i64>,
    pub total: Option<i64>,
}

#[derive(Clone, Debug, PartialEq, Model)]
pub struct OpenAiUsage {
    pub prompt_tokens: i64,
    pub total: Option<i64>,
}

#[derive(Clone, Debug, PartialEq, Model)]
pub struct FailedUsage {
    #[wire("ok", fixed = false)]
    #[doc(hidden)]
    pub ok: Fixed,
    pub total: Option<i64>,
}

/// A tagged union that contains another tagged union.
#[derive(Clone, Debug, PartialEq, Union)]
#[union(tag = "kind")]
#[non_exhaustive]
pub enum Event {
    #[wire("span")]
    Span(Span),
    #[wire("any")]
    Any(Value),
    #[wire("map")]
    Map(BTreeMap<String, Value>),
    /// An unknown value.
    Unknown(Value),
}

/// A recursive untagged union in which several variants match at each level.
#[derive(Clone, Debug, PartialEq, Union)]
#[union(shape)]
#[non_exhaustive]
pub enum Tree {
    Leaf(String),
    List(Vec<Tree>),
    Nullable(Vec<Option<Tree>>),
    Node(Box<Node>),
    Map(BTreeMap<String, Tree>),
    /// An unknown value.
    Unknown(Value),
}

#[derive(Clone, Debug, PartialEq, Model)]
pub struct Node {
    pub left: Option<Box<Tree>>,
    pub right: Option<Vec<Tree>>,
}

/// A field of every supported type.
#[derive(Clone, Debug, PartialEq, Model)]
pub struct Everything {
    pub yes: bool,
    pub text: String,
    pub small: i32,
    pub int: i64,
    pub big: u64,
    pub float: f64,
    pub nothing: (),
    pub any: Value,
    pub number: observatory_runtime::Number,
    pub list: Vec<Option<i64>>,
    pub map: BTreeMap<String, Vec<f64>>,
    pub bytes: Bytes,
    pub file: File,
    pub secret: Secret,
    pub at: Timestamp,
    pub r#type: Box<SpanType>,
    #[wire("version", fixed = -1)]
    pub version: Fixed,
    #[wire("removed", fixed = null, optional)]
    pub removed: Fixed,
    #[wire(extra)]
    pub extra: BTreeMap<String, f64>,
}
