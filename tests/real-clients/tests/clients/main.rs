//! Spans of real clients of model APIs reach two vendors with all that the clients record.

mod support;

use genai::adapter::AdapterKind;
use genai::chat::{ChatMessage, ChatOptions, ChatRequest};
use genai::resolver::{AuthData, Endpoint};
use genai::{ModelIden, ServiceTarget};
use rig_core::completion::CompletionRequest;
use rig_core::providers::openai::OpenAIConfig;
use rig_core::telemetry::{completion_parent_span, record_model_input, record_model_output};
use serde_json::{Value, json};
use std::process::Command;
use support::{Received, observe, parsed};
use tracing::Instrument;

/// Asks the model through `rig-core`, in a span of its vocabulary, on which messages are recorded as agents of rig do.
async fn ask_with_rig(url: String, model: &str) {
    let openai = OpenAIConfig::new("sk-test").with_base_url(format!("{url}/v1"));
    let request = CompletionRequest::new("Why is the sky blue?")
        .preamble("Be brief.")
        .temperature(0.2)
        .record_content_telemetry(true);
    let span = completion_parent_span!(
        target: "program",
        name: "chat",
        operation: "chat",
        system_instructions: Option::<&str>::None,
    );
    record_model_input(&span, &request.messages_for_telemetry(), true);
    let call = openai.client().chat(model).call(request);
    if let Ok(response) = call.instrument(span.clone()).await {
        assert_eq!(response.text(), "Rayleigh scattering.");
        record_model_output(&span, &response.choice, true);
    }
}

/// Asks the model through `genai`.
async fn ask_with_genai(url: String, model: &str) {
    let target = ServiceTarget {
        endpoint: Endpoint::from_owned(format!("{url}/v1/")),
        auth: AuthData::from_single("sk-test"),
        model: ModelIden::new(AdapterKind::OpenAI, model),
    };
    let client = genai::Client::builder().build().unwrap();
    let request = ChatRequest::new(vec![
        ChatMessage::system("Be brief."),
        ChatMessage::user("Why is the sky blue?"),
    ]);
    let options = ChatOptions::default().with_temperature(0.2);
    let response = client.exec_chat(target, request, Some(&options)).await;
    if let Ok(response) = response {
        assert_eq!(response.first_text(), Some("Rayleigh scattering."));
    }
}

/// Asserts that both vendors have all of a call that succeeded. The client records the instructions this number of times.
fn assert_call(received: &Received, instructions: usize) {
    let langfuse = received.langfuse("chat");
    for (name, expected) in [
        ("langfuse.observation.type", json!("generation")),
        (
            "langfuse.observation.model.name",
            json!("gpt-4o-2024-08-06"),
        ),
        ("gen_ai.provider.name", json!("openai")),
        ("langfuse.trace.name", json!("handle request")),
        ("session.id", json!("s-1")),
    ] {
        assert_eq!(langfuse[name], expected, "{name}");
    }
    let usage = parsed(&langfuse["langfuse.observation.usage_details"]);
    assert_eq!(usage["input"], 14, "24 without 10 cached ones");
    assert_eq!(usage["input_cached_tokens"], 10);
    assert_eq!(usage["output"], 6);
    assert_eq!(usage["total"], 30);
    let input = parsed(&langfuse["langfuse.observation.input"]);
    let system = json!({"role": "system", "content": "Be brief."});
    let user = json!({"role": "user", "content": "Why is the sky blue?"});
    let mut expected = vec![system; instructions];
    expected.push(user);
    assert_eq!(input, Value::Array(expected));
    let output = parsed(&langfuse["langfuse.observation.output"]);
    assert_eq!(output["content"], "Rayleigh scattering.");

    let phoenix = received.phoenix("chat");
    for (name, expected) in [
        ("openinference.span.kind", json!("LLM")),
        ("llm.model_name", json!("gpt-4o-2024-08-06")),
        ("llm.provider", json!("openai")),
        ("llm.token_count.prompt", json!("24")),
        ("llm.token_count.completion", json!("6")),
        ("llm.token_count.prompt_details.cache_read", json!("10")),
        ("llm.input_messages.0.message.role", json!("system")),
        ("llm.input_messages.0.message.content", json!("Be brief.")),
        (
            "llm.output_messages.0.message.content",
            json!("Rayleigh scattering."),
        ),
        ("session.id", json!("s-1")),
    ] {
        assert_eq!(phoenix[name], expected, "{name}");
    }
    let last = format!("llm.input_messages.{instructions}.message");
    assert_eq!(phoenix[format!("{last}.role")], "user");
    assert_eq!(phoenix[format!("{last}.content")], "Why is the sky blue?");
    assert_eq!(received.parent("chat"), Some(received.id("handle request")));
}

#[tokio::test]
async fn spans_of_rig_reach_both_vendors() {
    let received = observe(async |url| ask_with_rig(url, "gpt-4o").await).await;
    // As a field of its own, and as a message.
    assert_call(&received, 2);
}

/// `rig-core` records no failure on its spans.
#[tokio::test]
async fn failed_calls_of_rig_arrive_without_a_response() {
    let received = observe(async |url| ask_with_rig(url, "missing").await).await;
    let phoenix = received.phoenix("chat");
    assert_eq!(phoenix["llm.model_name"], "missing");
    assert_eq!(phoenix["llm.output_messages.0.message.role"], Value::Null);
    assert_eq!(phoenix["llm.token_count.prompt"], Value::Null);
    assert_eq!(received.status("chat"), 1);
}

/// `genai` records content if this variable is set when the first call is made.
const CAPTURE: &str = "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT";

#[test]
fn spans_of_genai_reach_both_vendors() {
    let mut command = Command::new(std::env::current_exe().unwrap());
    let arguments = ["--exact", "--ignored", "child_process_with_genai"];
    let output = command.args(arguments).env(CAPTURE, "true").output();
    let output = output.unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{text}");
    assert!(text.contains("1 passed"), "{text}");
}

#[tokio::test]
#[ignore = "a child process of another test"]
async fn child_process_with_genai() {
    let received = observe(async |url| ask_with_genai(url, "gpt-4o").await).await;
    assert_call(&received, 1);
    let parameters = &received.langfuse("chat")["langfuse.observation.model.parameters"];
    assert_eq!(parsed(parameters)["temperature"], 0.2);
}

#[tokio::test]
async fn failed_calls_of_genai_reach_both_vendors() {
    let received = observe(async |url| ask_with_genai(url, "missing").await).await;
    let langfuse = received.langfuse("chat");
    assert_eq!(langfuse["langfuse.observation.level"], "ERROR");
    assert_eq!(received.status("chat"), 2);
    assert_eq!(received.phoenix("chat")["llm.model_name"], "missing");
}
