//! Bodies of requests to providers' APIs.

use llm_observatory::model::{Content, Media, Message, Part, Role};
use llm_observatory::providers::{ProviderRequest, read_messages};
use serde_json::{Value, json};

fn tool_call(id: &str, name: &str, arguments: Value) -> Part {
    Part::ToolCall {
        id: Some(id.to_owned()),
        name: name.to_owned(),
        arguments,
    }
}

fn media(content: Content, media_type: Option<&str>) -> Media {
    Media {
        content,
        media_type: media_type.map(str::to_owned),
        name: None,
    }
}

#[test]
fn chat_completions() {
    let request = ProviderRequest::read(&json!({
        "model": "gpt-4o",
        "temperature": 0.5,
        "max_completion_tokens": 99,
        "n": 2,
        "stop": ["END"],
        "tools": [{"type": "function", "function": {"name": "search"}}],
        "messages": [
            {"role": "developer", "content": "Be brief."},
            {"role": "user", "content": [
                {"type": "text", "text": "What is this?"},
                {"type": "image_url", "image_url": {"url": "https://example.com/a.png"}},
                {"type": "image_url", "image_url": {"url": "data:image/png;base64,aGk="}},
                {"type": "input_audio", "input_audio": {"data": "aGk=", "format": "wav"}},
            ]},
            {"role": "assistant", "content": null, "tool_calls": [
                {"id": "c1", "type": "function", "function": {"name": "search", "arguments": "{\"q\":1}"}},
            ]},
            {"role": "tool", "tool_call_id": "c1", "content": "{\"found\":true}"},
        ],
    }));
    assert_eq!(request.model.as_deref(), Some("gpt-4o"));
    assert_eq!(
        Value::from(request.parameters),
        json!({"temperature": 0.5, "max_tokens": 99, "choice.count": 2, "stop_sequences": ["END"]})
    );
    assert_eq!(request.tools.len(), 1);
    let image = Content::Uri("https://example.com/a.png".to_owned());
    let data = Content::Base64("aGk=".to_owned());
    let expected = [
        Message::new("developer", "Be brief."),
        Message::with_parts(
            Role::User,
            [
                Part::Text {
                    content: "What is this?".to_owned(),
                },
                Part::Image(media(image, None)),
                Part::Image(media(data.clone(), Some("image/png"))),
                Part::File(media(data, Some("audio/wav"))),
            ],
        ),
        Message::with_parts(
            Role::Assistant,
            [tool_call("c1", "search", json!({"q": 1}))],
        ),
        Message::with_parts(
            Role::Tool,
            [Part::ToolResult {
                id: Some("c1".to_owned()),
                result: json!({"found": true}),
            }],
        ),
    ];
    assert_eq!(request.messages, expected);
}

#[test]
fn responses() {
    let request = ProviderRequest::read(&json!({
        "model": "gpt-5",
        "instructions": "Be brief.",
        "max_output_tokens": 5,
        "input": [
            {"role": "user", "content": [
                {"type": "input_text", "text": "Hello"},
                {"type": "input_image", "image_url": "https://example.com/a.png"},
                {"type": "input_file", "file_id": "file-1", "filename": "a.pdf"},
            ]},
            {"type": "reasoning", "summary": [{"type": "summary_text", "text": "Greet."}]},
            {"type": "function_call", "call_id": "c1", "id": "fc_1", "name": "f", "arguments": "{}"},
            {"type": "function_call_output", "call_id": "c1", "output": "done"},
        ],
    }));
    assert_eq!(request.system, [Message::system("Be brief.")]);
    assert_eq!(Value::from(request.parameters), json!({"max_tokens": 5}));
    let [user, reasoning, call, output] = request.messages.as_slice() else {
        panic!("{:?}", request.messages);
    };
    assert_eq!(user.parts.len(), 3);
    let file = Media {
        name: Some("a.pdf".to_owned()),
        ..media(Content::Uri("file-1".to_owned()), None)
    };
    assert_eq!(user.parts[2], Part::File(file));
    assert_eq!(reasoning.role, Role::Assistant);
    assert!(matches!(&reasoning.parts[..], [Part::Reasoning { content }] if content == "Greet."));
    assert_eq!(call.parts, [tool_call("c1", "f", json!({}))]);
    assert_eq!(output.role, Role::Tool);
    assert!(
        matches!(&output.parts[..], [Part::ToolResult { id: Some(id), result }] if id == "c1" && result == "done")
    );
    let text = ProviderRequest::read(&json!({"input": "Hello"}));
    assert_eq!(text.messages, [Message::user("Hello")]);
}

#[test]
fn anthropic_messages() {
    let request = ProviderRequest::read(&json!({
        "model": "claude-sonnet-4-5",
        "max_tokens": 100,
        "system": [{"type": "text", "text": "Be brief.", "cache_control": {"type": "ephemeral"}}],
        "messages": [
            {"role": "user", "content": [
                {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "aGk="}},
                {"type": "document", "source": {"type": "url", "url": "https://example.com/a.pdf"}},
            ]},
            {"role": "assistant", "content": [
                {"type": "thinking", "thinking": "Search.", "signature": "x"},
                {"type": "tool_use", "id": "t1", "name": "search", "input": {"q": 1}},
            ]},
            {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t1", "content": "found"}]},
        ],
    }));
    assert_eq!(request.system, [Message::system("Be brief.")]);
    let [user, assistant, result] = request.messages.as_slice() else {
        panic!("{:?}", request.messages);
    };
    let data = Content::Base64("aGk=".to_owned());
    let link = Content::Uri("https://example.com/a.pdf".to_owned());
    assert_eq!(
        user.parts,
        [
            Part::Image(media(data, Some("image/png"))),
            Part::File(media(link, None))
        ]
    );
    assert_eq!(
        assistant.parts,
        [
            Part::Reasoning {
                content: "Search.".to_owned()
            },
            tool_call("t1", "search", json!({"q": 1}))
        ]
    );
    assert!(matches!(&result.parts[..], [Part::ToolResult { id: Some(id), .. }] if id == "t1"));
}

#[test]
fn parts_of_unknown_types_are_kept_as_json() {
    let part = json!({"type": "hologram", "layers": 3});
    let messages = read_messages(
        &json!({"role": "user", "content": [part.clone(), "plain"]}),
        &Role::User,
    );
    let Part::Text { content } = &messages[0].parts[0] else {
        panic!("{messages:?}");
    };
    assert_eq!(serde_json::from_str::<Value>(content).expect("JSON"), part);
    assert_eq!(messages[0].parts.len(), 2);
}

#[test]
fn any_json_is_read_without_failure() {
    for body in [
        json!(null),
        json!([]),
        json!(7),
        json!("text"),
        json!({"messages": 7, "tools": {}, "system": null, "model": []}),
        json!({"messages": [7, null, {}, {"role": 1}, {"content": {"a": 1}}]}),
        json!({"messages": [{"role": "assistant", "tool_calls": [{}, 7, {"function": 7}]}]}),
    ] {
        let request = ProviderRequest::read(&body);
        assert_eq!(request.model, None, "{body}");
    }
}
