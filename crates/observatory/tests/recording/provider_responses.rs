//! Bodies of responses of providers' APIs.

use llm_observatory::model::{Cost, Message, Part, Role, Status, Usage};
use llm_observatory::providers::ProviderResponse;
use llm_observatory::testing::Memory;
use serde_json::json;

#[test]
fn chat_completions() {
    let response = ProviderResponse::read(&json!({
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "model": "gpt-4o-2024-08-06",
        "choices": [
            {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "Hi", "refusal": null}},
            {"index": 1, "finish_reason": "tool_calls", "message": {
                "role": "assistant",
                "content": null,
                "reasoning_content": "Search.",
                "tool_calls": [{"id": "c1", "type": "function", "function": {"name": "f", "arguments": "{"}}],
            }},
        ],
        "usage": {
            "prompt_tokens": 10,
            "completion_tokens": 20,
            "total_tokens": 30,
            "prompt_tokens_details": {"cached_tokens": 4},
            "completion_tokens_details": {"reasoning_tokens": 5},
            "cost": 0.25,
        },
    }));
    assert_eq!(response.id.as_deref(), Some("chatcmpl-1"));
    assert_eq!(response.model.as_deref(), Some("gpt-4o-2024-08-06"));
    assert_eq!(response.cost, Cost::usd(0.25));
    assert_eq!(
        response.usage,
        Usage {
            cache_read: Some(4),
            reasoning: Some(5),
            ..Usage::tokens(10, 20)
        }
    );
    let first = Message {
        finish_reason: Some("stop".to_owned()),
        ..Message::assistant("Hi")
    };
    assert_eq!(response.messages[0], first);
    assert_eq!(
        response.messages[1].parts,
        [
            Part::Reasoning {
                content: "Search.".to_owned()
            },
            Part::ToolCall {
                id: Some("c1".to_owned()),
                name: "f".to_owned(),
                arguments: json!("{"),
            }
        ]
    );
    assert_eq!(response.error, None);
}

#[test]
fn responses() {
    let response = ProviderResponse::read(&json!({
        "id": "resp_1",
        "object": "response",
        "model": "gpt-5",
        "status": "incomplete",
        "error": null,
        "incomplete_details": {"reason": "max_output_tokens"},
        "output": [
            {"type": "reasoning", "id": "rs_1", "summary": [{"type": "summary_text", "text": "Greet."}]},
            {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "Hi", "annotations": []}]},
            {"type": "function_call", "call_id": "c1", "name": "f", "arguments": "{\"q\":1}"},
        ],
        "usage": {
            "input_tokens": 10,
            "input_tokens_details": {"cached_tokens": 4},
            "output_tokens": 20,
            "output_tokens_details": {"reasoning_tokens": 5},
        },
    }));
    assert_eq!(response.messages.len(), 1);
    let message = &response.messages[0];
    assert_eq!(message.role, Role::Assistant);
    assert_eq!(message.parts.len(), 3);
    assert_eq!(message.text(), "Hi");
    assert_eq!(message.finish_reason.as_deref(), Some("max_output_tokens"));
    assert_eq!(response.usage.cache_read, Some(4));
    assert_eq!(response.usage.reasoning, Some(5));
}

#[test]
fn anthropic_messages() {
    let response = ProviderResponse::read(&json!({
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": "claude-sonnet-4-5-20250929",
        "content": [
            {"type": "thinking", "thinking": "Greet.", "signature": "x"},
            {"type": "text", "text": "Hi"},
            {"type": "tool_use", "id": "t1", "name": "f", "input": {"q": 1}},
        ],
        "stop_reason": "tool_use",
        "usage": {
            "input_tokens": 10,
            "cache_read_input_tokens": 100,
            "cache_creation_input_tokens": 1000,
            "output_tokens": 20,
        },
    }));
    assert_eq!(response.messages[0].parts.len(), 3);
    assert_eq!(
        response.messages[0].finish_reason.as_deref(),
        Some("tool_use")
    );
    assert_eq!(
        response.usage,
        Usage {
            cache_read: Some(100),
            cache_write: Some(1000),
            ..Usage::tokens(1110, 20)
        }
    );
}

#[test]
fn errors_fail_the_span() {
    for body in [
        json!({"error": {"message": "slow down", "type": "requests", "code": "rate_limited"}}),
        json!({"type": "error", "error": {"message": "slow down", "type": "rate_limited"}}),
        json!({"object": "response", "status": "failed", "output": [],
               "error": {"code": "rate_limited", "message": "slow down"}}),
    ] {
        let memory = Memory::new();
        let trace = memory.recorder().trace("request");
        trace.llm("chat").start().response(&body).end();
        let expected = Status::Error {
            kind: Some("rate_limited".to_owned()),
            message: "slow down".to_owned(),
        };
        assert_eq!(memory.span("chat").expect("a span").status, expected);
    }
}

#[test]
fn span_keeps_what_the_response_has_not() {
    let memory = Memory::new();
    let trace = memory.recorder().trace("request");
    let mut call = trace
        .llm("chat")
        .request(&json!({"model": "gpt-4o", "messages": [{"role": "user", "content": "Hello"}], "seed": 1}))
        .usage(Usage::tokens(1, 2))
        .cost(0.5)
        .start();
    call.response(&json!({"unknown": true})).end();
    let span = memory.span("chat").expect("a span");
    assert_eq!(span.model.as_deref(), Some("gpt-4o"));
    assert_eq!(span.input_messages, [Message::user("Hello")]);
    assert_eq!(span.parameters["seed"], 1);
    assert_eq!(span.usage, Usage::tokens(1, 2));
    assert_eq!(span.cost, Cost::usd(0.5));
}
