//! The spans of `rig-core` 0.44 and `genai` 0.7, field by field as they emit them.

use llm_observatory::model::{Message, Part, SpanKind, Status, Usage};
use llm_observatory::testing::Memory;
use serde_json::json;
use tracing::field::Empty;
use tracing::info_span;
use tracing_subscriber::layer::SubscriberExt;

fn record(run: impl FnOnce()) -> Memory {
    let memory = Memory::new();
    let layer = memory.recorder().layer();
    tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), run);
    memory
}

/// Records a completion as `rig-core` does.
fn record_rig_completion() -> Memory {
    record(|| {
        let span = info_span!(
            target: "rig::completions",
            "chat",
            gen_ai.operation.name = "chat",
            gen_ai.provider.name = "openai",
            gen_ai.request.model = "gpt-4o",
            gen_ai.system_instructions = Some(r#"[{"type":"text","content":"Be brief."}]"#),
            gen_ai.request.stream = Empty,
            gen_ai.response.id = Empty,
            gen_ai.response.model = Empty,
            rig.provider_request_id = Empty,
            gen_ai.usage.input_tokens = Empty,
            gen_ai.usage.output_tokens = Empty,
            gen_ai.usage.cache_read.input_tokens = Empty,
            gen_ai.usage.cache_creation.input_tokens = Empty,
            gen_ai.usage.tool_use_prompt_tokens = Empty,
            gen_ai.usage.reasoning_tokens = Empty,
            gen_ai.input.messages = Empty,
            gen_ai.output.messages = Empty,
        );
        span.record("gen_ai.request.stream", false);
        let input = json!([
            {"role": "user", "parts": [
                {"type": "text", "content": "Weather?"},
                {"type": "uri", "modality": "image", "uri": "https://example.com/a.png", "mime_type": "image/png"},
                {"type": "blob", "modality": "document", "content": "aGk="},
                {"type": "file", "modality": "document", "file_id": "file-1"},
            ]},
            {"role": "user", "parts": [{"type": "tool_call_response", "id": "c0", "response": {"temperature": 21}}]},
        ]);
        span.record("gen_ai.input.messages", input.to_string());
        span.record("rig.provider_request_id", "req-1");
        span.record("gen_ai.response.id", "chatcmpl-1");
        span.record("gen_ai.response.model", "gpt-4o-2024-08-06");
        for (field, count) in [
            ("gen_ai.usage.input_tokens", 10_u64),
            ("gen_ai.usage.output_tokens", 20),
            ("gen_ai.usage.cache_read.input_tokens", 4),
            ("gen_ai.usage.cache_creation.input_tokens", 5),
            ("gen_ai.usage.tool_use_prompt_tokens", 6),
            ("gen_ai.usage.reasoning_tokens", 7),
        ] {
            span.record(field, count);
        }
        let output = json!([{"role": "assistant", "finish_reason": "tool_call", "parts": [
            {"type": "reasoning", "content": "Ask the tool."},
            {"type": "tool_call", "id": "c1", "name": "weather", "arguments": {"city": "Lima"}},
        ]}]);
        span.record("gen_ai.output.messages", output.to_string());
    })
}

#[test]
fn rig_completions() {
    let memory = record_rig_completion();
    let span = memory.span("chat").expect("a span");
    assert_eq!(span.kind, SpanKind::Llm);
    assert_eq!(span.provider.as_deref(), Some("openai"));
    assert_eq!(span.model.as_deref(), Some("gpt-4o"));
    assert_eq!(span.response_model.as_deref(), Some("gpt-4o-2024-08-06"));
    assert_eq!(span.response_id.as_deref(), Some("chatcmpl-1"));
    assert_eq!(span.system, [Message::system("Be brief.")]);
    assert_eq!(span.parameters["stream"], false);
    let usage = Usage {
        cache_read: Some(4),
        cache_write: Some(5),
        reasoning: Some(7),
        ..Usage::tokens(10, 20)
    };
    assert_eq!(span.usage, usage);
    assert_eq!(span.metadata["gen_ai.usage.tool_use_prompt_tokens"], 6);
    assert_eq!(span.metadata["rig.provider_request_id"], "req-1");
    let [user, result] = span.input_messages.as_slice() else {
        panic!("{:?}", span.input_messages);
    };
    assert!(matches!(
        user.parts.as_slice(),
        [
            Part::Text { .. },
            Part::Image(_),
            Part::File(_),
            Part::File(_)
        ]
    ));
    assert!(matches!(
        result.parts.as_slice(),
        [Part::ToolResult { id: Some(id), result }] if id == "c0" && *result == json!({"temperature": 21})
    ));
    assert_eq!(
        span.output_messages[0].finish_reason.as_deref(),
        Some("tool_call")
    );
    assert_eq!(span.output_messages[0].parts.len(), 2);
}

#[test]
fn rig_embeddings() {
    let memory = record(|| {
        let span = info_span!(
            target: "rig::modalities",
            "embeddings",
            gen_ai.operation.name = "embeddings",
            gen_ai.provider.name = "openai",
            gen_ai.request.model = "text-embedding-3-small",
            gen_ai.usage.input_tokens = Empty,
        );
        span.record("gen_ai.usage.input_tokens", 10_u64);
    });
    let span = memory.span("embeddings").expect("a span");
    assert_eq!(span.kind, SpanKind::Embedding);
    assert_eq!(span.usage.input, Some(10));
}

#[test]
fn genai_chat() {
    let memory = record(|| {
        let span = info_span!(
            "genai.chat",
            "otel.name" = "chat gpt-4o",
            "otel.kind" = "client",
            "otel.status_code" = Empty,
            "error.type" = Empty,
            "gen_ai.operation.name" = "chat",
            "gen_ai.provider.name" = "openai",
            "gen_ai.request.model" = "gpt-4o",
            "gen_ai.request.stream" = true,
            "gen_ai.request.temperature" = Empty,
            "gen_ai.request.stop_sequences" = Empty,
            "gen_ai.output.type" = Empty,
            "server.address" = Empty,
            "server.port" = Empty,
            "gen_ai.response.id" = Empty,
            "gen_ai.response.model" = Empty,
            "gen_ai.response.finish_reasons" = Empty,
            "gen_ai.usage.input_tokens" = Empty,
            "gen_ai.usage.output_tokens" = Empty,
            "gen_ai.usage.reasoning.output_tokens" = Empty,
            "gen_ai.response.time_to_first_chunk" = Empty,
            "gen_ai.system_instructions" = Empty,
            "gen_ai.input.messages" = Empty,
            "gen_ai.output.messages" = Empty,
            "gen_ai.tool.definitions" = Empty,
        );
        span.record("server.address", "api.openai.com");
        span.record("server.port", 443_i64);
        span.record("gen_ai.request.temperature", 0.5);
        span.record("gen_ai.request.stop_sequences", r#"["END"]"#);
        span.record("gen_ai.response.time_to_first_chunk", 0.5);
        span.record("gen_ai.response.finish_reasons", r#"["stop"]"#);
        span.record("gen_ai.usage.input_tokens", 3_i64);
        span.record("gen_ai.usage.output_tokens", 4_i64);
        span.record("gen_ai.usage.reasoning.output_tokens", 1_i64);
        span.record(
            "gen_ai.tool.definitions",
            r#"[{"type":"function","name":"f"}]"#,
        );
        span.record(
            "gen_ai.input.messages",
            r#"[{"role":"tool","parts":[{"type":"tool_call_response","id":"c1","result":"found"},{"type":"blob"}]}]"#,
        );
        span.record(
            "gen_ai.output.messages",
            r#"[{"role":"assistant","parts":[{"type":"text","content":"Hi"}]}]"#,
        );
    });
    let span = memory.span("chat gpt-4o").expect("a span");
    assert_eq!(span.kind, SpanKind::Llm);
    assert_eq!(span.metadata["server.port"], 443);
    assert_eq!(
        serde_json::Value::from(span.parameters),
        json!({"stream": true, "temperature": 0.5, "stop_sequences": ["END"]})
    );
    let usage = Usage {
        reasoning: Some(1),
        ..Usage::tokens(3, 4)
    };
    assert_eq!(span.usage, usage);
    assert!(span.first_token.is_some());
    let output = Message {
        finish_reason: Some("stop".to_owned()),
        ..Message::assistant("Hi")
    };
    assert_eq!(span.output_messages, [output]);
    assert_eq!(span.tools.len(), 1);
    assert_eq!(span.input_messages[0].parts.len(), 2);
    assert_eq!(span.status, Status::Ok);
}

#[test]
fn genai_failure() {
    let memory = record(|| {
        let span = info_span!(
            "genai.chat",
            "otel.name" = "chat gpt-4o",
            "otel.status_code" = Empty,
            "error.type" = Empty,
            "gen_ai.operation.name" = "chat",
        );
        span.record("otel.status_code", "error");
        span.record("error.type", "429");
    });
    let expected = Status::Error {
        kind: Some("429".to_owned()),
        message: "429".to_owned(),
    };
    assert_eq!(memory.spans()[0].status, expected);
}

#[test]
fn genai_tool_agent_and_evaluation() {
    let memory = record(|| {
        let agent = info_span!(
            "genai.agent",
            "otel.name" = "invoke_agent Greeter",
            "gen_ai.operation.name" = "invoke_agent",
            "gen_ai.agent.name" = "Greeter",
            "gen_ai.agent.id" = "a-1",
        );
        agent.in_scope(|| {
            let tool = info_span!(
                "genai.execute_tool",
                "otel.name" = "execute_tool search",
                "gen_ai.operation.name" = "execute_tool",
                "gen_ai.tool.name" = "search",
                "gen_ai.tool.call.id" = "c1",
                "gen_ai.tool.call.arguments" = Empty,
                "gen_ai.tool.call.result" = Empty,
            );
            tool.record("gen_ai.tool.call.arguments", r#"{"q":1}"#);
            tool.record("gen_ai.tool.call.result", r#"{"found":true}"#);
            drop(tool);
            let result = info_span!(
                "genai.evaluation.result",
                "otel.name" = "gen_ai.evaluation.result",
                "gen_ai.evaluation.name" = "Relevance",
                "gen_ai.evaluation.score.value" = Empty,
                "gen_ai.evaluation.score.label" = Empty,
                "gen_ai.evaluation.explanation" = Empty,
                "gen_ai.response.id" = Empty,
            );
            result.record("gen_ai.evaluation.score.value", 4.0);
        });
    });
    let agent = memory.span("Greeter").expect("an agent");
    assert_eq!(agent.kind, SpanKind::Agent);
    let tool = memory.span("search").expect("a tool");
    assert_eq!(tool.kind, SpanKind::Tool);
    assert_eq!(tool.parent, Some(agent.id));
    assert_eq!(tool.input, Some(json!({"q": 1})));
    assert_eq!(tool.output, Some(json!({"found": true})));
    assert_eq!(tool.metadata["gen_ai.tool.call.id"], "c1");
    assert_eq!(memory.spans().len(), 2);
    assert_eq!(memory.scores()[0].span_id, Some(agent.id));
}
