//! Every attribute that is read, with what it sets.

use llm_observatory::attributes::attribute_names;
use llm_observatory::model::Span;
use llm_observatory::testing::Memory;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use tracing::field::{Field, FieldSet, Value as TracingValue};
use tracing_subscriber::layer::SubscriberExt;

/// Attributes, and the part of the span that they set: a JSON pointer and a value.
type Row = (
    &'static [(&'static str, &'static str)],
    &'static str,
    &'static str,
);

#[rustfmt::skip]
const KINDS: &[Row] = &[
    (&[("gen_ai.operation.name", "chat")], "/kind", r#""llm""#),
    (&[("gen_ai.operation.name", "text_completion")], "/kind", r#""llm""#),
    (&[("gen_ai.operation.name", "generate_content")], "/kind", r#""llm""#),
    (&[("gen_ai.operation.name", "embeddings")], "/kind", r#""embedding""#),
    (&[("gen_ai.operation.name", "execute_tool")], "/kind", r#""tool""#),
    (&[("gen_ai.operation.name", "create_agent")], "/kind", r#""agent""#),
    (&[("gen_ai.operation.name", "invoke_agent")], "/kind", r#""agent""#),
    (&[("gen_ai.operation.name", "invoke_workflow")], "/kind", r#""workflow""#),
    (&[("gen_ai.operation.name", "retrieval")], "/kind", r#""retriever""#),
    (&[("gen_ai.operation.name", "rerank")], "/kind", r#""retriever""#),
    (&[("gen_ai.operation.name", "plan")], "/metadata/gen_ai.operation.name", r#""plan""#),
    (&[("openinference.span.kind", "LLM")], "/kind", r#""llm""#),
    (&[("openinference.span.kind", "CHAIN")], "/kind", r#""workflow""#),
    (&[("openinference.span.kind", "TOOL")], "/kind", r#""tool""#),
    (&[("openinference.span.kind", "RETRIEVER")], "/kind", r#""retriever""#),
    (&[("openinference.span.kind", "RERANKER")], "/kind", r#""retriever""#),
    (&[("openinference.span.kind", "EMBEDDING")], "/kind", r#""embedding""#),
    (&[("openinference.span.kind", "AGENT")], "/kind", r#""agent""#),
    (&[("openinference.span.kind", "GUARDRAIL")], "/kind", r#""guardrail""#),
    (&[("openinference.span.kind", "EVALUATOR")], "/kind", r#""evaluator""#),
    (&[("traceloop.span.kind", "workflow")], "/kind", r#""workflow""#),
    (&[("traceloop.span.kind", "task")], "/metadata/traceloop.span.kind", r#""task""#),
    (&[("llm.request.type", "completion")], "/kind", r#""llm""#),
    // A model is enough.
    (&[("gen_ai.request.model", "m")], "/kind", r#""llm""#),
];

#[rustfmt::skip]
const NAMES: &[Row] = &[
    (&[("otel.name", "chat gpt-4o")], "/name", r#""chat gpt-4o""#),
    (&[("traceloop.entity.name", "plan_trip")], "/name", r#""plan_trip""#),
    (&[("gen_ai.tool.name", "search"), ("gen_ai.operation.name", "execute_tool")], "/name", r#""search""#),
    (&[("gen_ai.tool.name", "search"), ("otel.name", "execute_tool search"), ("gen_ai.operation.name", "execute_tool")], "/name", r#""search""#),
    (&[("gen_ai.agent.name", "planner"), ("gen_ai.operation.name", "invoke_agent")], "/name", r#""planner""#),
    (&[("gen_ai.agent.name", "planner"), ("gen_ai.operation.name", "chat")], "/metadata/gen_ai.agent.name", r#""planner""#),
    (&[("gen_ai.workflow.name", "daily"), ("gen_ai.operation.name", "invoke_workflow")], "/name", r#""daily""#),
    (&[("traceloop.workflow.name", "daily"), ("traceloop.span.kind", "workflow")], "/name", r#""daily""#),
    (&[("tool.name", "search"), ("openinference.span.kind", "TOOL")], "/name", r#""search""#),
    (&[("tool_call.function.name", "search"), ("openinference.span.kind", "TOOL")], "/name", r#""search""#),
    (&[("agent.name", "planner"), ("openinference.span.kind", "AGENT")], "/name", r#""planner""#),
];

#[rustfmt::skip]
const TEXTS: &[Row] = &[
    (&[("gen_ai.provider.name", "openai")], "/provider", r#""openai""#),
    (&[("gen_ai.system", "openai")], "/provider", r#""openai""#),
    (&[("llm.provider", "openai")], "/provider", r#""openai""#),
    (&[("llm.system", "openai")], "/provider", r#""openai""#),
    (&[("llm.vendor", "openai")], "/provider", r#""openai""#),
    (&[("gen_ai.request.model", "m")], "/model", r#""m""#),
    (&[("llm.model_name", "m")], "/model", r#""m""#),
    (&[("llm.request.model", "m")], "/model", r#""m""#),
    (&[("embedding.model_name", "m")], "/model", r#""m""#),
    (&[("reranker.model_name", "m")], "/model", r#""m""#),
    (&[("gen_ai.response.model", "m")], "/response_model", r#""m""#),
    (&[("llm.response.model", "m")], "/response_model", r#""m""#),
    (&[("gen_ai.response.id", "r-1")], "/response_id", r#""r-1""#),
    (&[("session.id", "s")], "/trace/session", r#""s""#),
    (&[("gen_ai.conversation.id", "s")], "/trace/session", r#""s""#),
    (&[("traceloop.association.properties.session_id", "s")], "/trace/session", r#""s""#),
    (&[("user.id", "u")], "/trace/user", r#""u""#),
    (&[("enduser.id", "u")], "/trace/user", r#""u""#),
    (&[("llm.user", "u")], "/trace/user", r#""u""#),
    (&[("traceloop.association.properties.user_id", "u")], "/trace/user", r#""u""#),
    (&[("tag.tags", r#"["a","b"]"#)], "/trace/tags", r#"["a","b"]"#),
    (&[("metadata", r#"{"plan":"free"}"#)], "/metadata/plan", r#""free""#),
    (&[("gen_ai.prompt.name", "p")], "/prompt/name", r#""p""#),
    (&[("traceloop.prompt.key", "p")], "/prompt/name", r#""p""#),
    (&[("gen_ai.prompt.version", "2")], "/prompt/version", r#""2""#),
    (&[("traceloop.prompt.version", "2")], "/prompt/version", r#""2""#),
    (&[("llm.prompt_template.version", "2")], "/prompt/version", r#""2""#),
    (&[("gen_ai.output.type", "json")], "/metadata/gen_ai.output.type", r#""json""#),
    (&[("server.port", "443")], "/metadata/server.port", r#""443""#),
    // Clear from others.
    (&[("otel.kind", "client")], "/metadata", "{}"),
    (&[("input.mime_type", "application/json")], "/metadata", "{}"),
    (&[("output.mime_type", "application/json")], "/metadata", "{}"),
    (&[("embedding.embeddings.0.embedding.vector", "[0.1]")], "/metadata", "{}"),
    (&[("llm.input_messages.0.message.contents.0.message_content.type", "text")], "/metadata", "{}"),
    (&[("llm.output_messages.0.message.contents.0.message_content.type", "text")], "/metadata", "{}"),
];

#[rustfmt::skip]
const PARAMETERS: &[Row] = &[
    (&[("gen_ai.request.choice.count", "2")], "/parameters", r#"{"choice.count":"2"}"#),
    (&[("gen_ai.request.encoding_formats", r#"["float"]"#)], "/parameters", r#"{"encoding_formats":["float"]}"#),
    (&[("gen_ai.request.frequency_penalty", "2")], "/parameters", r#"{"frequency_penalty":"2"}"#),
    (&[("llm.frequency_penalty", "2")], "/parameters", r#"{"frequency_penalty":"2"}"#),
    (&[("gen_ai.request.max_tokens", "2")], "/parameters", r#"{"max_tokens":"2"}"#),
    (&[("llm.request.max_tokens", "2")], "/parameters", r#"{"max_tokens":"2"}"#),
    (&[("gen_ai.request.presence_penalty", "2")], "/parameters", r#"{"presence_penalty":"2"}"#),
    (&[("llm.presence_penalty", "2")], "/parameters", r#"{"presence_penalty":"2"}"#),
    (&[("gen_ai.request.seed", "2")], "/parameters", r#"{"seed":"2"}"#),
    (&[("gen_ai.openai.request.seed", "2")], "/parameters", r#"{"seed":"2"}"#),
    (&[("gen_ai.request.stop_sequences", r#"["END"]"#)], "/parameters", r#"{"stop_sequences":["END"]}"#),
    (&[("llm.chat.stop_sequences", r#"["END"]"#)], "/parameters", r#"{"stop_sequences":["END"]}"#),
    (&[("gen_ai.request.stream", "true")], "/parameters", r#"{"stream":"true"}"#),
    (&[("gen_ai.is_streaming", "true")], "/parameters", r#"{"stream":"true"}"#),
    (&[("llm.is_streaming", "true")], "/parameters", r#"{"stream":"true"}"#),
    (&[("gen_ai.request.temperature", "2")], "/parameters", r#"{"temperature":"2"}"#),
    (&[("llm.temperature", "2")], "/parameters", r#"{"temperature":"2"}"#),
    (&[("gen_ai.request.top_k", "2")], "/parameters", r#"{"top_k":"2"}"#),
    (&[("llm.top_k", "2")], "/parameters", r#"{"top_k":"2"}"#),
    (&[("reranker.top_k", "2")], "/parameters", r#"{"top_k":"2"}"#),
    (&[("gen_ai.request.top_p", "2")], "/parameters", r#"{"top_p":"2"}"#),
    (&[("llm.top_p", "2")], "/parameters", r#"{"top_p":"2"}"#),
    (&[("llm.invocation_parameters", r#"{"temperature":0.5}"#)], "/parameters", r#"{"temperature":0.5}"#),
    (&[("embedding.invocation_parameters", r#"{"size":5}"#)], "/parameters", r#"{"size":5}"#),
];

#[rustfmt::skip]
const FIGURES: &[Row] = &[
    (&[("gen_ai.usage.input_tokens", "3")], "/usage/input", "3"),
    (&[("gen_ai.usage.prompt_tokens", "3")], "/usage/input", "3"),
    (&[("llm.token_count.prompt", "3")], "/usage/input", "3"),
    (&[("llm.usage.prompt_tokens", "3")], "/usage/input", "3"),
    (&[("gen_ai.usage.output_tokens", "3")], "/usage/output", "3"),
    (&[("gen_ai.usage.completion_tokens", "3")], "/usage/output", "3"),
    (&[("llm.token_count.completion", "3")], "/usage/output", "3"),
    (&[("llm.usage.completion_tokens", "3")], "/usage/output", "3"),
    (&[("gen_ai.usage.cache_read.input_tokens", "3")], "/usage/cache_read", "3"),
    (&[("gen_ai.usage.cache_read_input_tokens", "3")], "/usage/cache_read", "3"),
    (&[("llm.token_count.prompt_details.cache_read", "3")], "/usage/cache_read", "3"),
    (&[("gen_ai.usage.cache_creation.input_tokens", "3")], "/usage/cache_write", "3"),
    (&[("gen_ai.usage.cache_write.input_tokens", "3")], "/usage/cache_write", "3"),
    (&[("gen_ai.usage.cache_creation_input_tokens", "3")], "/usage/cache_write", "3"),
    (&[("llm.token_count.prompt_details.cache_write", "3")], "/usage/cache_write", "3"),
    (&[("gen_ai.usage.reasoning.output_tokens", "3")], "/usage/reasoning", "3"),
    (&[("gen_ai.usage.reasoning_tokens", "3")], "/usage/reasoning", "3"),
    (&[("llm.token_count.completion_details.reasoning", "3")], "/usage/reasoning", "3"),
    (&[("gen_ai.usage.cost", "0.5")], "/cost/total", "0.5"),
    (&[("llm.cost.total", "0.5")], "/cost/total", "0.5"),
    (&[("llm.cost.prompt", "0.5")], "/cost/input", "0.5"),
    (&[("llm.cost.completion", "0.5")], "/cost/output", "0.5"),
    // A count that is none stays unknown.
    (&[("gen_ai.usage.input_tokens", "many")], "/usage/input", "null"),
];

#[rustfmt::skip]
const CONTENT: &[Row] = &[
    (&[("gen_ai.system_instructions", r#"[{"type":"text","content":"Be brief."}]"#)], "/system/0", r#"{"role":"system","parts":[{"type":"text","content":"Be brief."}]}"#),
    (&[("gen_ai.input.messages", r#"[{"role":"user","parts":[{"type":"text","content":"Hi"}]}]"#)], "/input_messages", r#"[{"role":"user","parts":[{"type":"text","content":"Hi"}]}]"#),
    (&[("gen_ai.prompt", r#"[{"role":"user","content":"Hi"}]"#)], "/input_messages/0/parts/0/content", r#""Hi""#),
    (&[("gen_ai.prompt", "Hi")], "/input_messages/0/parts/0/content", r#""Hi""#),
    (&[("llm.prompts", r#"["Hi"]"#)], "/input_messages/0/parts/0/content", r#""Hi""#),
    (&[("llm.prompts.0.prompt.text", "Hi")], "/input_messages/0/parts/0/content", r#""Hi""#),
    (
        &[
            ("gen_ai.output.messages", r#"[{"role":"assistant","parts":[{"type":"text","content":"Hi"}],"finish_reason":"stop"}]"#),
        ],
        "/output_messages",
        r#"[{"role":"assistant","parts":[{"type":"text","content":"Hi"}],"finish_reason":"stop"}]"#,
    ),
    (&[("gen_ai.completion", "Hi")], "/output_messages/0", r#"{"role":"assistant","parts":[{"type":"text","content":"Hi"}]}"#),
    (&[("llm.choices.0.completion.text", "Hi")], "/output_messages/0/parts/0/content", r#""Hi""#),
    (&[("gen_ai.response.finish_reasons", r#"["length"]"#)], "/output_messages/0/finish_reason", r#""length""#),
    (&[("gen_ai.response.finish_reason", "length")], "/output_messages/0/finish_reason", r#""length""#),
    (&[("llm.response.finish_reason", "length")], "/output_messages/0/finish_reason", r#""length""#),
    (&[("llm.response.stop_reason", "length")], "/output_messages/0/finish_reason", r#""length""#),
    (&[("llm.finish_reason", "length")], "/output_messages/0/finish_reason", r#""length""#),
    (&[("gen_ai.tool.definitions", r#"[{"name":"f"}]"#)], "/tools", r#"[{"name":"f"}]"#),
    (&[("llm.tools.0.tool.json_schema", r#"{"name":"f"}"#)], "/tools", r#"[{"name":"f"}]"#),
    (&[("gen_ai.tool.call.arguments", r#"{"q":1}"#)], "/input", r#"{"q":1}"#),
    (&[("tool_call.function.arguments", r#"{"q":1}"#)], "/input", r#"{"q":1}"#),
    (&[("tool.parameters", r#"{"q":1}"#)], "/input", r#"{"q":1}"#),
    (&[("gen_ai.retrieval.query.text", "Lima")], "/input", r#""Lima""#),
    (&[("reranker.query", "Lima")], "/input", r#""Lima""#),
    (&[("input.value", r#"{"q":1}"#)], "/input", r#"{"q":1}"#),
    (&[("traceloop.entity.input", r#"{"q":1}"#)], "/input", r#"{"q":1}"#),
    (&[("embedding.text", "Lima")], "/input", r#"["Lima"]"#),
    (&[("embedding.embeddings.0.embedding.text", "Lima")], "/input", r#"["Lima"]"#),
    (&[("gen_ai.tool.call.result", "21")], "/output", r#""21""#),
    (&[("output.value", r#"{"a":1}"#)], "/output", r#"{"a":1}"#),
    (&[("traceloop.entity.output", r#"{"a":1}"#)], "/output", r#"{"a":1}"#),
    (&[("gen_ai.retrieval.documents", r#"[{"id":"d","score":0.5,"title":"t"}]"#)], "/documents", r#"[{"id":"d","content":"","score":0.5,"metadata":{"title":"t"}}]"#),
];

#[rustfmt::skip]
const DOCUMENTS: &[Row] = &[
    (
        &[
            ("retrieval.documents.1.document.content", "second"),
            ("retrieval.documents.0.document.id", "d"),
            ("retrieval.documents.0.document.content", "first"),
            ("retrieval.documents.0.document.score", "0.5"),
            ("retrieval.documents.0.document.metadata", r#"{"a":1}"#),
        ],
        "/documents",
        r#"[{"id":"d","content":"first","score":0.5,"metadata":{"a":1}},{"id":null,"content":"second","score":null,"metadata":{}}]"#,
    ),
    (
        &[
            ("reranker.output_documents.0.document.id", "d"),
            ("reranker.output_documents.0.document.content", "first"),
            ("reranker.output_documents.0.document.score", "0.5"),
            ("reranker.output_documents.0.document.metadata", r#"{"a":1}"#),
        ],
        "/documents/0",
        r#"{"id":"d","content":"first","score":0.5,"metadata":{"a":1}}"#,
    ),
];

#[rustfmt::skip]
const MESSAGES: &[Row] = &[
    (
        &[
            ("llm.input_messages.0.message.role", "user"),
            ("llm.input_messages.0.message.contents.0.message_content.text", "What is this?"),
            ("llm.input_messages.0.message.contents.1.message_content.image.image.url", "https://example.com/a.png"),
            ("llm.input_messages.1.message.role", "assistant"),
            ("llm.input_messages.1.message.tool_calls.0.tool_call.id", "c1"),
            ("llm.input_messages.1.message.tool_calls.0.tool_call.function.name", "f"),
            ("llm.input_messages.1.message.tool_calls.0.tool_call.function.arguments", r#"{"q":1}"#),
            ("llm.input_messages.2.message.role", "tool"),
            ("llm.input_messages.2.message.tool_call_id", "c1"),
            ("llm.input_messages.2.message.content", "found"),
        ],
        "/input_messages",
        r#"[{"role":"user","parts":[{"type":"text","content":"What is this?"},{"type":"image","content":{"uri":"https://example.com/a.png"}}]},{"role":"assistant","parts":[{"type":"tool_call","id":"c1","name":"f","arguments":{"q":1}}]},{"role":"tool","parts":[{"type":"tool_result","id":"c1","result":"found"}]}]"#,
    ),
    (
        &[
            ("llm.output_messages.0.message.role", "assistant"),
            ("llm.output_messages.0.message.content", "Hi"),
            ("llm.output_messages.0.message.tool_calls.0.tool_call.id", "c1"),
            ("llm.output_messages.0.message.tool_calls.0.tool_call.function.name", "f"),
            ("llm.output_messages.0.message.tool_calls.0.tool_call.function.arguments", "{}"),
            ("llm.output_messages.1.message.contents.0.message_content.text", "Or"),
        ],
        "/output_messages",
        r#"[{"role":"assistant","parts":[{"type":"text","content":"Hi"},{"type":"tool_call","id":"c1","name":"f","arguments":{}}]},{"role":"assistant","parts":[{"type":"text","content":"Or"}]}]"#,
    ),
    (
        &[
            ("gen_ai.prompt.0.role", "assistant"),
            ("gen_ai.prompt.0.tool_calls.0.id", "c1"),
            ("gen_ai.prompt.0.tool_calls.0.name", "f"),
            ("gen_ai.prompt.0.tool_calls.0.arguments", "{}"),
            ("gen_ai.prompt.1.role", "tool"),
            ("gen_ai.prompt.1.tool_call_id", "c1"),
            ("gen_ai.prompt.1.content", "found"),
        ],
        "/input_messages",
        r#"[{"role":"assistant","parts":[{"type":"tool_call","id":"c1","name":"f","arguments":{}}]},{"role":"tool","parts":[{"type":"tool_result","id":"c1","result":"found"}]}]"#,
    ),
    (
        &[
            ("gen_ai.completion.0.role", "assistant"),
            ("gen_ai.completion.0.reasoning", "Greet."),
            ("gen_ai.completion.0.content", "Hi"),
            ("gen_ai.completion.0.finish_reason", "tool_calls"),
            ("gen_ai.completion.0.tool_calls.0.id", "c1"),
            ("gen_ai.completion.0.tool_calls.0.name", "f"),
            ("gen_ai.completion.0.tool_calls.0.arguments", "{}"),
        ],
        "/output_messages",
        r#"[{"role":"assistant","finish_reason":"tool_calls","parts":[{"type":"reasoning","content":"Greet."},{"type":"text","content":"Hi"},{"type":"tool_call","id":"c1","name":"f","arguments":{}}]}]"#,
    ),
    (&[("llm.prompts.0.role", "user"), ("llm.prompts.0.content", "Hi")], "/input_messages", r#"[{"role":"user","parts":[{"type":"text","content":"Hi"}]}]"#),
    (
        &[
            ("llm.completions.0.role", "assistant"),
            ("llm.completions.0.content", "Hi"),
            ("llm.completions.0.finish_reason", "stop"),
        ],
        "/output_messages",
        r#"[{"role":"assistant","parts":[{"type":"text","content":"Hi"}],"finish_reason":"stop"}]"#,
    ),
];

#[rustfmt::skip]
const STATUS: &[Row] = &[
    (&[("otel.status_code", "error")], "/status", r#"{"error":{"kind":null,"message":"failed"}}"#),
    (&[("otel.status_code", "ERROR"), ("otel.status_description", "refused")], "/status/error/message", r#""refused""#),
    (&[("otel.status_code", "error"), ("otel.status_message", "refused")], "/status/error/message", r#""refused""#),
    (&[("otel.status_code", "error"), ("error.message", "refused")], "/status/error/message", r#""refused""#),
    (&[("otel.status_code", "ok"), ("error.type", "500")], "/status", r#""ok""#),
    (&[("otel.status_code", "unset")], "/status", r#""ok""#),
    (&[("error.type", "500")], "/status", r#"{"error":{"kind":"500","message":"500"}}"#),
    (&[("error", "refused")], "/status/error/message", r#""refused""#),
    (&[("error", "true")], "/status/error/message", r#""failed""#),
    (&[("error", "false")], "/status", r#""ok""#),
    (&[("error.message", "only a message")], "/status", r#""ok""#),
];

/// Read by tests of their own.
const ELSEWHERE: &[&str] = &[
    "gen_ai.response.time_to_first_chunk",
    "gen_ai.server.time_to_first_token",
    "gen_ai.evaluation.name",
    "gen_ai.evaluation.score.value",
    "gen_ai.evaluation.score.label",
    "gen_ai.evaluation.explanation",
];

fn rows() -> impl Iterator<Item = &'static Row> {
    let tables = [
        KINDS, NAMES, TEXTS, PARAMETERS, FIGURES, CONTENT, DOCUMENTS, MESSAGES, STATUS,
    ];
    tables.into_iter().flatten()
}

#[test]
fn attributes_set_what_their_row_expects() {
    for (attributes, pointer, expected) in rows() {
        let span = serde_json::to_value(record(attributes)).expect("JSON");
        let expected: Value = serde_json::from_str(expected).expect(expected);
        // Names of metadata have points, not slashes, so that a pointer finds them.
        assert_eq!(
            span.pointer(pointer),
            Some(&expected),
            "{attributes:?}\n{span:#}"
        );
    }
}

#[test]
fn every_name_has_a_row() {
    let without_indexes = |name: &str| {
        let segments = name.split('.').map(|segment| match segment.parse::<u32>() {
            Ok(_) => "#",
            Err(_) => segment,
        });
        segments.collect::<Vec<_>>().join(".")
    };
    let mut tested: BTreeSet<_> = rows()
        .flat_map(|(attributes, ..)| attributes.iter())
        .map(|(name, _)| without_indexes(name))
        .collect();
    tested.extend(ELSEWHERE.iter().map(|name| (*name).to_owned()));
    let names: Vec<_> = attribute_names().map(|(name, _)| name).collect();
    let untested: Vec<_> = names
        .iter()
        .filter(|name| !tested.contains(**name))
        .collect();
    assert!(untested.is_empty(), "{untested:?}");
    let unique: BTreeSet<_> = names.iter().collect();
    assert_eq!(unique.len(), names.len(), "a name is in two tables");
}

#[test]
fn huge_and_too_many_indexes_are_metadata_or_small() {
    let span = record(&[
        ("gen_ai.prompt.4294967295.content", "last"),
        ("gen_ai.prompt.4294967296.content", "too large"),
        ("gen_ai.prompt.0.1.2.3", "too many"),
        ("gen_ai.prompt..content", "none"),
    ]);
    assert_eq!(span.input_messages.len(), 1);
    assert_eq!(span.metadata.len(), 3);
    assert_eq!(span.metadata["gen_ai.prompt.0.1.2.3"], json!("too many"));
}

/// Records a span with these attributes through the layer. Fields of `tracing` have static names, so the callsite is built
/// by hand.
fn record(attributes: &[(&'static str, &'static str)]) -> Span {
    use tracing::callsite::DefaultCallsite;
    use tracing::metadata::{Kind, Metadata};

    let mut names: Vec<&'static str> = attributes.iter().map(|(name, _)| *name).collect();
    names.push("openinference.test_marker");
    // The registry of callsites needs static data. A few hundred rows are leaked once.
    let names: &'static [&'static str] = names.leak();
    let callsite: &'static std::sync::OnceLock<DefaultCallsite> =
        Box::leak(Box::new(std::sync::OnceLock::new()));
    let metadata: &'static Metadata<'static> = {
        struct Forward(&'static std::sync::OnceLock<DefaultCallsite>);
        impl tracing::Callsite for Forward {
            fn set_interest(&self, interest: tracing::subscriber::Interest) {
                if let Some(callsite) = self.0.get() {
                    callsite.set_interest(interest);
                }
            }
            fn metadata(&self) -> &Metadata<'_> {
                self.0.get().expect("a callsite").metadata()
            }
        }
        let forward: &'static Forward = Box::leak(Box::new(Forward(callsite)));
        Box::leak(Box::new(Metadata::new(
            "step",
            "test",
            tracing::Level::INFO,
            None,
            None,
            None,
            FieldSet::new(names, tracing::callsite::Identifier(forward)),
            Kind::SPAN,
        )))
    };
    callsite.get_or_init(|| DefaultCallsite::new(metadata));
    let memory = Memory::new();
    let subscriber = tracing_subscriber::registry().with(memory.recorder().layer());
    tracing::subscriber::with_default(subscriber, || {
        let fields = metadata.fields();
        let none = fields.value_set(&[] as &[(&Field, Option<&dyn TracingValue>); 0]);
        let span = tracing::Span::new(metadata, &none);
        for (name, value) in attributes {
            span.record(*name, *value);
        }
    });
    memory.spans().swap_remove(0)
}
