//! A JSON Schema validator judges what our Galileo types write, by the document as published. Its traces and spans
//! require nothing, so that only wrong types, and what the few `required` name, can be refused.

use jsonschema::{Draft, Validator};
use observatory_galileo::{Timestamp, models as galileo};
use observatory_tests::shared;
use observatory_tests::spoilt::Spoilt;
use serde_json::{Value, json};

/// The document as it stands, not as the overlay corrects it.
fn validator(schema: &str) -> Validator {
    let document = observatory_codegen::source::load(&shared::document("galileo", "galileo.yaml"))
        .unwrap()
        .value;
    let root = json!({
        "$ref": format!("#/components/schemas/{schema}"),
        "components": document["components"],
    });
    jsonschema::options()
        .with_draft(Draft::Draft202012)
        .should_validate_formats(true)
        .build(&root)
        .unwrap()
}

/// What is wrong, a line each: `place: rule`.
fn errors(validator: &Validator, body: &Value) -> Vec<String> {
    let line = |error: jsonschema::ValidationError<'_>| {
        let schema = error.schema_path().to_string();
        let rule = schema.rsplit('/').next().unwrap_or_default();
        format!("{}: {rule}", error.instance_path())
    };
    validator.iter_errors(body).map(line).collect()
}

fn message(content: &str, role: &str) -> galileo::Message {
    galileo::Message::new(content, galileo::MessageRole::from(role))
}

/// One span in another, with nulls and numbers.
fn request() -> galileo::LogTracesIngestRequest {
    let at = |text: &str| text.parse::<Timestamp>().unwrap();
    let call = galileo::LlmSpan::new()
        .input(vec![message("why is the sky blue?", "user")])
        .output(message("scattering", "assistant"))
        .metrics(
            galileo::LlmMetrics::new()
                .duration_ns(9_000_000)
                .num_input_tokens(12),
        )
        .model("gpt-4o")
        .temperature(0.2);
    let tool = galileo::ToolSpan::new()
        .input("{}")
        .output("[]")
        .status_code(200);
    let step = galileo::WorkflowSpan::new()
        .input("why is the sky blue?")
        .spans(vec![call.into(), tool.into()]);
    let trace = galileo::Trace::new()
        .name("chat")
        .created_at(at("2025-05-07T03:53:43.049066Z"))
        .input("why is the sky blue?")
        .output("scattering")
        .external_id(None)
        .tags(["prod"])
        .spans(vec![step.into()]);
    galileo::LogTracesIngestRequest::new(vec![trace])
        .log_stream_id("00000000-0000-4000-8000-000000000000")
        .experiment_id(None)
}

#[test]
fn traces_are_as_the_document_wants_them() {
    let validator = validator("LogTracesIngestRequest");
    let body = serde_json::to_value(request()).unwrap();
    assert_eq!(body["experiment_id"], Value::Null, "nulls are sent");
    assert_eq!(errors(&validator, &body), Vec::<String>::new(), "{body:#}");
    // A span is one of several schemas; none fits a spoilt one, so that it is named as a whole.
    let spoilt = [
        Spoilt::missing("/traces", ": required"),
        Spoilt::wrong("/traces", json!([]), "/traces: minItems"),
        Spoilt::wrong("/log_stream_id", json!(7), "/log_stream_id: anyOf"),
        Spoilt::wrong("/traces/0/name", json!(7), "/traces/0/name: type"),
        Spoilt::wrong("/traces/0/type", json!("span"), "/traces/0/type: const"),
        Spoilt::wrong(
            "/traces/0/created_at",
            json!("yesterday"),
            "/traces/0/created_at: format",
        ),
        Spoilt::wrong(
            "/traces/0/spans/0/spans/0/model",
            json!(4),
            "/traces/0/spans/0: oneOf",
        ),
        Spoilt::missing(
            "/traces/0/spans/0/spans/0/input/0/role",
            "/traces/0/spans/0: oneOf",
        ),
    ];
    for spoilt in spoilt {
        let found = errors(&validator, &spoilt.of(&body));
        assert_eq!(found, [spoilt.says], "{}", spoilt.at);
    }
}

#[test]
fn messages_are_as_the_document_wants_them() {
    let validator = validator("galileo_core__schemas__logging__llm__Message");
    let body = serde_json::to_value(message("hi", "user")).unwrap();
    assert_eq!(errors(&validator, &body), Vec::<String>::new());
    let spoilt = [
        Spoilt::missing("/content", ": required"),
        Spoilt::missing("/role", ": required"),
        Spoilt::wrong("/role", json!("oracle"), "/role: enum"),
        Spoilt::wrong("/content", json!(7), "/content: anyOf"),
    ];
    for spoilt in spoilt {
        assert_eq!(
            errors(&validator, &spoilt.of(&body)),
            [spoilt.says],
            "{}",
            spoilt.at
        );
    }
}
