//! Output of our Galileo types, validated by a JSON Schema validator against the published document. Its traces and spans
//! require almost no property, so that mainly wrong types can be rejected.

use jsonschema::{Draft, Validator};
use observatory_galileo::{Timestamp, models as galileo};
use observatory_tests::invalid_body::InvalidBody;
use observatory_tests::shared;
use serde_json::{Value, json};

/// Compiles a schema of the document without the overlay.
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

/// Returns the violations, each as `place: rule`.
fn violations(validator: &Validator, body: &Value) -> Vec<String> {
    let format_error = |error: jsonschema::ValidationError<'_>| {
        let schema = error.schema_path().to_string();
        let rule = schema.rsplit('/').next().unwrap_or_default();
        format!("{}: {rule}", error.instance_path())
    };
    validator.iter_errors(body).map(format_error).collect()
}

fn message(content: &str, role: &str) -> galileo::Message {
    galileo::Message::new(content, galileo::MessageRole::from(role))
}

/// Returns a request with nested spans, nulls and numbers.
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
fn traces_match_their_schema() {
    let validator = validator("LogTracesIngestRequest");
    let body = serde_json::to_value(request()).unwrap();
    assert_eq!(body["experiment_id"], Value::Null, "nulls are sent");
    assert_eq!(
        violations(&validator, &body),
        Vec::<String>::new(),
        "{body:#}"
    );
    // A span matches one of several schemas. If it matches none, the violation names the whole span.
    let invalid = [
        InvalidBody::without("/traces", ": required"),
        InvalidBody::with("/traces", json!([]), "/traces: minItems"),
        InvalidBody::with("/log_stream_id", json!(7), "/log_stream_id: anyOf"),
        InvalidBody::with("/traces/0/name", json!(7), "/traces/0/name: type"),
        InvalidBody::with("/traces/0/type", json!("span"), "/traces/0/type: const"),
        InvalidBody::with(
            "/traces/0/created_at",
            json!("yesterday"),
            "/traces/0/created_at: format",
        ),
        InvalidBody::with(
            "/traces/0/spans/0/spans/0/model",
            json!(4),
            "/traces/0/spans/0: oneOf",
        ),
        InvalidBody::without(
            "/traces/0/spans/0/spans/0/input/0/role",
            "/traces/0/spans/0: oneOf",
        ),
    ];
    for change in invalid {
        let found = violations(&validator, &change.apply(&body));
        assert_eq!(found, [change.violation], "{}", change.pointer);
    }
}

#[test]
fn messages_match_their_schema() {
    let validator = validator("galileo_core__schemas__logging__llm__Message");
    let body = serde_json::to_value(message("hi", "user")).unwrap();
    assert_eq!(violations(&validator, &body), Vec::<String>::new());
    let invalid = [
        InvalidBody::without("/content", ": required"),
        InvalidBody::without("/role", ": required"),
        InvalidBody::with("/role", json!("oracle"), "/role: enum"),
        InvalidBody::with("/content", json!(7), "/content: anyOf"),
    ];
    for change in invalid {
        assert_eq!(
            violations(&validator, &change.apply(&body)),
            [change.violation],
            "{}",
            change.pointer
        );
    }
}
