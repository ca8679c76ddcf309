//! Hand-written types with the fields of the generated types, and serde's derives.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

#[derive(Serialize, Deserialize)]
pub struct Page<T> {
    #[serde(skip_serializing_if = "Option::is_none")]
    last_row_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    limit: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_starting_token: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    paginated: Option<bool>,
    records: Vec<T>,
    #[serde(skip_serializing_if = "Option::is_none")]
    starting_token: Option<i64>,
}

/// A union that serde decodes by its tag.
#[derive(Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum Record {
    Trace(Box<Trace>),
    Llm(Box<Span<Vec<Message>, Message, LlmMetrics>>),
    Tool(Box<Span<String, String, Metrics>>),
}

/// An LLM span outside a union, with its tag.
#[derive(Serialize, Deserialize)]
#[serde(transparent)]
pub struct Llm(Span<Vec<Message>, Message, LlmMetrics, Option<String>>);

/// The fields of every record.
macro_rules! record {
    ($(#[$meta:meta])* $name:ident $(<$($param:ident $(= $default:ty)?),*>)? { $($field:ident: $ty:ty,)* } optional { $($maybe:ident: $inner:ty,)* }) => {
        $(#[$meta])*
        #[derive(Serialize, Deserialize)]
        pub struct $name $(<$($param $(= $default)?),*>)? {
            id: String,
            session_id: String,
            project_id: String,
            run_id: String,
            $($field: $ty,)*
            #[serde(skip_serializing_if = "Option::is_none")]
            annotation_aggregates: Option<BTreeMap<String, Value>>,
            #[serde(skip_serializing_if = "Option::is_none")]
            annotation_agreement: Option<BTreeMap<String, f64>>,
            #[serde(skip_serializing_if = "Option::is_none")]
            annotation_queue_ids: Option<Vec<String>>,
            #[serde(skip_serializing_if = "Option::is_none")]
            annotations: Option<BTreeMap<String, BTreeMap<String, Value>>>,
            #[serde(skip_serializing_if = "Option::is_none")]
            created_at: Option<String>,
            #[serde(skip_serializing_if = "Option::is_none")]
            dataset_input: Option<String>,
            #[serde(skip_serializing_if = "Option::is_none")]
            dataset_metadata: Option<BTreeMap<String, String>>,
            #[serde(skip_serializing_if = "Option::is_none")]
            dataset_output: Option<String>,
            #[serde(skip_serializing_if = "Option::is_none")]
            error_message: Option<String>,
            #[serde(skip_serializing_if = "Option::is_none")]
            external_id: Option<String>,
            #[serde(skip_serializing_if = "Option::is_none")]
            feedback_rating_info: Option<BTreeMap<String, Value>>,
            #[serde(skip_serializing_if = "Option::is_none")]
            file_ids: Option<Vec<String>>,
            #[serde(skip_serializing_if = "Option::is_none")]
            file_modalities: Option<Vec<String>>,
            #[serde(skip_serializing_if = "Option::is_none")]
            files: Option<BTreeMap<String, Value>>,
            #[serde(skip_serializing_if = "Option::is_none")]
            fully_annotated: Option<bool>,
            #[serde(skip_serializing_if = "Option::is_none")]
            has_children: Option<bool>,
            #[serde(skip_serializing_if = "Option::is_none")]
            is_complete: Option<bool>,
            #[serde(skip_serializing_if = "Option::is_none")]
            metric_info: Option<BTreeMap<String, MetricInfo>>,
            #[serde(skip_serializing_if = "Option::is_none")]
            metrics_batch_id: Option<String>,
            #[serde(skip_serializing_if = "Option::is_none")]
            name: Option<String>,
            #[serde(skip_serializing_if = "Option::is_none")]
            overall_annotation_agreement: Option<f64>,
            #[serde(skip_serializing_if = "Option::is_none")]
            progress_message: Option<String>,
            #[serde(skip_serializing_if = "Option::is_none")]
            session_batch_id: Option<String>,
            #[serde(skip_serializing_if = "Option::is_none")]
            status_code: Option<i64>,
            #[serde(skip_serializing_if = "Option::is_none")]
            tags: Option<Vec<String>>,
            #[serde(skip_serializing_if = "Option::is_none")]
            trace_id: Option<String>,
            #[serde(skip_serializing_if = "Option::is_none")]
            updated_at: Option<String>,
            #[serde(skip_serializing_if = "Option::is_none")]
            user_metadata: Option<BTreeMap<String, String>>,
            $(
                #[serde(skip_serializing_if = "Option::is_none")]
                $maybe: Option<$inner>,
            )*
        }
    };
}

record! {
    Trace {}
    optional {
        input: Content,
        output: Content,
        redacted_input: Content,
        redacted_output: Content,
        metrics: Metrics,
        num_spans: i64,
    }
}

record! {
    /// A span. `K` is the type of its tag, for spans outside a union.
    Span<I, O, M, K = NoKind> {
        parent_id: String,
    }
    optional {
        input: I,
        output: O,
        redacted_input: I,
        redacted_output: O,
        metrics: M,
        step_number: i64,
        events: Vec<Value>,
        finish_reason: String,
        model: String,
        temperature: f64,
        tools: Vec<BTreeMap<String, Value>>,
        tool_call_id: String,
        r#type: K,
    }
}

/// The missing tag of a span inside a union, which the union decodes.
#[derive(Serialize, Deserialize)]
pub struct NoKind {}

#[derive(Serialize, Deserialize)]
pub struct Message {
    content: Content,
    role: Role,
    #[serde(skip_serializing_if = "Option::is_none")]
    tool_call_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tool_calls: Option<Vec<Value>>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Role {
    Agent,
    Assistant,
    Developer,
    Function,
    System,
    Tool,
    User,
}

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Content {
    Text(String),
    Parts(Vec<Value>),
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "status_type", rename_all = "snake_case")]
enum MetricInfo {
    Success(Box<MetricSuccess>),
    Pending(MetricState),
    Computing(MetricState),
    NotComputed(MetricState),
    NotApplicable(MetricState),
    Error(MetricState),
    Failed(MetricState),
}

#[derive(Serialize, Deserialize)]
struct MetricSuccess {
    value: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cost: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    display_value: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    explanation: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    model_alias: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    num_judges: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rationale: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scorer_type: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct MetricState {
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    metric_key_alias: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scorer_type: Option<String>,
}

#[derive(Serialize, Deserialize)]
pub struct Metrics {
    #[serde(skip_serializing_if = "Option::is_none")]
    duration_ns: Option<i64>,
}

#[derive(Serialize, Deserialize)]
pub struct LlmMetrics {
    #[serde(skip_serializing_if = "Option::is_none")]
    duration_ns: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    num_input_tokens: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    num_output_tokens: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    num_total_tokens: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    time_to_first_token_ns: Option<i64>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OtelTrace {
    resource_spans: Vec<ResourceSpans>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct ResourceSpans {
    resource: Resource,
    scope_spans: Vec<ScopeSpans>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Resource {
    attributes: Vec<Attribute>,
    dropped_attributes_count: u32,
}

#[derive(Serialize, Deserialize)]
struct ScopeSpans {
    scope: Scope,
    spans: Vec<OtelSpan>,
}

#[derive(Serialize, Deserialize)]
struct Scope {
    name: String,
    version: String,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct OtelSpan {
    attributes: Vec<Attribute>,
    dropped_attributes_count: u32,
    dropped_events_count: u32,
    dropped_links_count: u32,
    end_time_unix_nano: String,
    events: Vec<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    flags: Option<i64>,
    kind: u8,
    links: Vec<Value>,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    parent_span_id: Option<String>,
    span_id: String,
    start_time_unix_nano: String,
    status: Status,
    trace_id: String,
}

#[derive(Serialize, Deserialize)]
struct Status {
    code: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct Attribute {
    key: String,
    value: AttributeValue,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct AttributeValue {
    #[serde(skip_serializing_if = "Option::is_none")]
    array_value: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bool_value: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    double_value: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    int_value: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    string_value: Option<String>,
}
