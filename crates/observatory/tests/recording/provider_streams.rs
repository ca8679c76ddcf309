//! Streamed responses of providers' APIs.

use llm_observatory::model::{Message, Part, Status, Usage};
use llm_observatory::providers::{ProviderResponse, ResponseStream};
use llm_observatory::testing::Memory;
use serde_json::{Value, json};

fn read(chunks: &[Value]) -> (ProviderResponse, Vec<bool>) {
    let mut stream = ResponseStream::new();
    let has_output = chunks.iter().map(|chunk| stream.push(chunk)).collect();
    (stream.finish(), has_output)
}

fn finished(text: &str, reason: &str) -> Message {
    Message {
        finish_reason: Some(reason.to_owned()),
        ..Message::assistant(text)
    }
}

#[test]
fn chat_completions() {
    let (response, has_output) = read(&[
        json!({"id": "c-1", "model": "gpt-4o", "choices": [{"index": 0, "delta": {"role": "assistant", "content": ""}}]}),
        json!({"id": "c-1", "choices": [{"index": 0, "delta": {"content": "Ray"}}]}),
        json!({"id": "c-1", "choices": [{"index": 1, "delta": {"content": "Other"}}]}),
        json!({"id": "c-1", "choices": [{"index": 0, "delta": {"content": "leigh"}}]}),
        json!({"id": "c-1", "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}], "usage": null}),
        json!({"id": "c-1", "choices": [], "usage": {"prompt_tokens": 3, "completion_tokens": 4}}),
    ]);
    assert_eq!(has_output, [false, true, true, true, false, false]);
    assert_eq!(response.id.as_deref(), Some("c-1"));
    assert_eq!(response.model.as_deref(), Some("gpt-4o"));
    assert_eq!(response.usage, Usage::tokens(3, 4));
    assert_eq!(
        response.messages,
        [finished("Rayleigh", "stop"), Message::assistant("Other")]
    );
}

#[test]
fn chat_completions_with_tool_calls() {
    let call = |index: u64, function: Value, id: Option<&str>| json!({"choices": [{"index": 0, "delta": {"tool_calls": [{"index": index, "id": id, "function": function}]}}]});
    let (response, has_output) = read(&[
        json!({"choices": [{"index": 0, "delta": {"reasoning_content": "Two calls."}}]}),
        call(0, json!({"name": "f", "arguments": ""}), Some("c1")),
        call(0, json!({"arguments": "{\"q\""}), None),
        call(1, json!({"name": "g", "arguments": ""}), Some("c2")),
        call(0, json!({"arguments": ":1}"}), None),
    ]);
    assert_eq!(has_output, [true; 5]);
    let call = |id: &str, name: &str, arguments: Value| Part::ToolCall {
        id: Some(id.to_owned()),
        name: name.to_owned(),
        arguments,
    };
    assert_eq!(
        response.messages[0].parts,
        [
            Part::Reasoning {
                content: "Two calls.".to_owned()
            },
            call("c1", "f", json!({"q": 1})),
            call("c2", "g", json!({})),
        ]
    );
}

#[test]
fn responses() {
    let whole = json!({
        "id": "resp_1",
        "model": "gpt-5",
        "output": [{"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "Hi there"}]}],
        "usage": {"input_tokens": 3, "output_tokens": 4},
    });
    let events = [
        json!({"type": "response.created", "response": {"id": "resp_1", "model": "gpt-5", "output": [], "usage": null}}),
        json!({"type": "response.output_item.added", "output_index": 0, "item": {"type": "message", "content": []}}),
        json!({"type": "response.output_text.delta", "output_index": 0, "delta": "Hi "}),
        json!({"type": "response.output_text.delta", "output_index": 0, "delta": "there"}),
        json!({"type": "response.output_item.done", "output_index": 0, "item": whole["output"][0]}),
        json!({"type": "response.completed", "response": whole}),
    ];
    for end in [4, 5, 6] {
        let (response, has_output) = read(&events[..end]);
        assert_eq!(has_output[..4], [false, false, true, true]);
        assert_eq!(response.id.as_deref(), Some("resp_1"));
        assert_eq!(response.messages, [Message::assistant("Hi there")]);
        let usage = if end == 6 {
            Usage::tokens(3, 4)
        } else {
            Usage::default()
        };
        assert_eq!(response.usage, usage);
    }
}

#[test]
fn responses_with_tool_calls_that_stop_early() {
    let (response, _) = read(&[
        json!({"type": "response.output_item.added", "output_index": 0,
               "item": {"type": "function_call", "call_id": "c1", "name": "f", "arguments": ""}}),
        json!({"type": "response.function_call_arguments.delta", "output_index": 0, "delta": "{\"q\":1}"}),
        json!({"type": "response.failed", "response": {"id": "resp_1", "output": [],
               "error": {"code": "server_error", "message": "overloaded"}}}),
    ]);
    assert!(matches!(
        &response.messages[0].parts[..],
        [Part::ToolCall { arguments, .. }] if *arguments == json!({"q": 1})
    ));
    assert!(
        matches!(response.error, Some(Status::Error { message, .. }) if message == "overloaded")
    );
}

#[test]
fn anthropic_messages() {
    let delta = |index: u64, delta: Value| json!({"type": "content_block_delta", "index": index, "delta": delta});
    let (response, has_output) = read(&[
        json!({"type": "message_start", "message": {"id": "msg_1", "model": "claude", "content": [],
               "usage": {"input_tokens": 10, "cache_read_input_tokens": 5, "output_tokens": 1}}}),
        json!({"type": "content_block_start", "index": 0, "content_block": {"type": "thinking", "thinking": ""}}),
        delta(0, json!({"type": "thinking_delta", "thinking": "Greet."})),
        delta(0, json!({"type": "signature_delta", "signature": "x"})),
        json!({"type": "content_block_start", "index": 1, "content_block": {"type": "text", "text": ""}}),
        delta(1, json!({"type": "text_delta", "text": "Hi"})),
        json!({"type": "ping"}),
        json!({"type": "content_block_start", "index": 2,
               "content_block": {"type": "tool_use", "id": "t1", "name": "f", "input": {}}}),
        delta(
            2,
            json!({"type": "input_json_delta", "partial_json": "{\"q\""}),
        ),
        delta(
            2,
            json!({"type": "input_json_delta", "partial_json": ":1}"}),
        ),
        json!({"type": "content_block_stop", "index": 2}),
        json!({"type": "message_delta", "delta": {"stop_reason": "tool_use"}, "usage": {"output_tokens": 20}}),
        json!({"type": "message_stop"}),
    ]);
    assert_eq!(has_output.iter().position(|output| *output), Some(2));
    assert_eq!(response.id.as_deref(), Some("msg_1"));
    let usage = Usage {
        cache_read: Some(5),
        ..Usage::tokens(15, 20)
    };
    assert_eq!(response.usage, usage);
    let message = &response.messages[0];
    assert_eq!(message.finish_reason.as_deref(), Some("tool_use"));
    assert_eq!(
        message.parts,
        [
            Part::Reasoning {
                content: "Greet.".to_owned()
            },
            Part::Text {
                content: "Hi".to_owned()
            },
            Part::ToolCall {
                id: Some("t1".to_owned()),
                name: "f".to_owned(),
                arguments: json!({"q": 1}),
            }
        ]
    );
}

#[test]
fn chunks_are_put_together_when_the_span_ends() {
    let memory = Memory::new();
    let trace = memory.recorder().trace("request");
    let mut call = trace.llm("chat").start();
    call.chunk(&json!({"model": "gpt-4o", "choices": [{"index": 0, "delta": {"content": ""}}]}));
    call.chunk(&json!({"choices": [{"index": 0, "delta": {"content": "Hi"}}]}));
    call.chunk(&json!({"error": {"message": "overloaded"}}));
    drop(call);
    let span = memory.span("chat").expect("a span");
    assert!(span.first_token.is_some());
    assert_eq!(span.response_model.as_deref(), Some("gpt-4o"));
    assert_eq!(span.output_messages, [Message::assistant("Hi")]);
    assert!(matches!(span.status, Status::Error { message, .. } if message == "overloaded"));
}

#[test]
fn huge_indexes_cost_nothing() {
    let (response, _) = read(&[
        json!({"choices": [{"index": u64::MAX, "delta": {"content": "Hi", "tool_calls": [{"index": u64::MAX}]}}]}),
        json!({"type": "content_block_delta", "index": u64::MAX, "delta": {"type": "text_delta", "text": "a"}}),
        json!({"type": "response.output_text.delta", "output_index": u64::MAX, "delta": "b"}),
        json!({"choices": 7}),
        json!([]),
        json!(null),
    ]);
    assert_eq!(response.messages.len(), 2);
}
