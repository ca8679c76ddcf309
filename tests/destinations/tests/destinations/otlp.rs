//! Any endpoint of the OpenTelemetry protocol, in both encodings.

use crate::example::{AGENT, CALL, SCORE, START, TRACE, records, score};
use crate::support::{Vendor, attributes, deliver, find, json_body, parsed};
use llm_observatory::destinations::otlp::{self, Otlp, OtlpBuilder, OtlpConvention, OtlpEncoding};
use llm_observatory::destinations::{ItemOutcome, Limits, Outcome};
use llm_observatory::model::ScoreValue;
use serde_json::{Value, json};

const TRACES: &str = "/v1/traces";

fn endpoint(vendor: &Vendor) -> OtlpBuilder {
    otlp::endpoint(vendor.url()).encoding(OtlpEncoding::Json)
}

/// Sends the records and returns the spans that the server received.
async fn spans_of(
    otlp: &Otlp,
    vendor: &Vendor,
    records: &[llm_observatory::model::Record],
) -> Value {
    let outcome = deliver(otlp, records).await;
    assert_eq!(
        outcome,
        Outcome::Items(vec![ItemOutcome::Acknowledged; records.len()])
    );
    let body = vendor.bodies(TRACES).await.pop().unwrap();
    body["resourceSpans"][0]["scopeSpans"][0]["spans"].clone()
}

#[tokio::test]
async fn model_calls_have_the_attributes_of_the_conventions() {
    let vendor = Vendor::start(&[("POST", TRACES, 200, json!({}))]).await;
    let otlp = endpoint(&vendor).header("x-key", "k").build().unwrap();
    let spans = spans_of(&otlp, &vendor, &records()).await;
    let request = &vendor.requests().await[0];
    assert_eq!(request.header("x-key"), Some("k"));
    assert_eq!(request.header("content-type"), Some("application/json"));
    let call = find(&spans, "spanId", CALL);
    assert_eq!(call["traceId"], TRACE);
    assert_eq!(call["parentSpanId"], AGENT);
    assert_eq!(call["startTimeUnixNano"], (START + 40_000_000).to_string());
    assert_eq!(call["status"]["code"], 1);
    let values = attributes(call);
    for (name, expected) in [
        ("operation.name", json!("chat")),
        ("provider.name", json!("openai")),
        ("request.model", json!("gpt-4o")),
        ("request.temperature", json!(0.2)),
        ("request.max_tokens", json!("100")),
        ("response.model", json!("gpt-4o-2024-08-06")),
        ("response.id", json!("chatcmpl-1")),
        ("response.finish_reasons", json!(["tool_call"])),
        ("usage.input_tokens", json!("120")),
        ("usage.output_tokens", json!("30")),
        ("usage.cache_read.input_tokens", json!("20")),
        ("conversation.id", json!("s-1")),
    ] {
        assert_eq!(
            values[format!("gen_ai.{name}").as_str()],
            expected,
            "{name}"
        );
    }
    let input = parsed(&values["gen_ai.input.messages"]);
    let blob = json!({"type": "blob", "modality": "image", "mime_type": "image/png", "content": "iVBORw0KGgo="});
    let text = json!({"type": "text", "content": "Why is this sky blue?"});
    assert_eq!(input, json!([{"role": "user", "parts": [text, blob]}]));
    let instructions = json!([{"type": "text", "content": "Be brief."}]);
    assert_eq!(parsed(&values["gen_ai.system_instructions"]), instructions);
    let part = json!({"type": "tool_call", "id": "call_1", "name": "weather", "arguments": {"city": "Oslo"}});
    let output = json!([{"role": "assistant", "parts": [part], "finish_reason": "tool_call"}]);
    assert_eq!(parsed(&values["gen_ai.output.messages"]), output);
    let event = find(&call["events"], "name", "gen_ai.evaluation.result");
    let expected =
        json!({"gen_ai.evaluation.name": "helpful", "gen_ai.evaluation.score.value": 0.9});
    assert_eq!(attributes(event), expected);

    let tool = find(&spans, "name", "weather");
    assert_eq!(
        tool["status"],
        json!({"code": 2, "message": "no reply\nin time"})
    );
    assert_eq!(attributes(tool)["error.type"], "timeout");
    assert_eq!(
        attributes(&tool["events"][0])["exception.message"],
        "no reply\nin time"
    );
    let search = attributes(find(&spans, "name", "search"));
    assert_eq!(search["gen_ai.retrieval.query.text"], "blue sky");
    assert_eq!(parsed(&search["gen_ai.retrieval.documents"])[0]["id"], "d1");
}

#[tokio::test]
async fn openinference_has_flattened_messages_and_annotations() {
    let vendor = Vendor::start(&[("POST", TRACES, 200, json!({}))]).await;
    let otlp = endpoint(&vendor)
        .conventions(&[OtlpConvention::OpenInference])
        .build()
        .unwrap();
    let spans = spans_of(&otlp, &vendor, &records()).await;
    let values = attributes(find(&spans, "spanId", CALL));
    for (name, expected) in [
        ("openinference.span.kind", json!("LLM")),
        ("llm.model_name", json!("gpt-4o-2024-08-06")),
        ("llm.token_count.prompt", json!("120")),
        ("llm.token_count.total", json!("150")),
        ("llm.cost.total", json!(0.003)),
        ("llm.input_messages.0.message.role", json!("system")),
        ("llm.input_messages.0.message.content", json!("Be brief.")),
        (
            "llm.input_messages.1.message.contents.0.message_content.text",
            json!("Why is this sky blue?"),
        ),
        (
            "llm.input_messages.1.message.contents.1.message_content.type",
            json!("image"),
        ),
        (
            "llm.output_messages.0.message.tool_calls.0.tool_call.function.name",
            json!("weather"),
        ),
        ("annotations.0.annotation.name", json!("helpful")),
        ("annotations.0.annotation.score", json!(0.9)),
        ("session.id", json!("s-1")),
        ("tag.tags", json!(["beta", "gpt"])),
    ] {
        assert_eq!(values[name], expected, "{name}");
    }
    assert_eq!(
        parsed(&values["metadata"]),
        json!({"plan": "pro", "attempt": 1})
    );
    let search = attributes(find(&spans, "name", "search"));
    assert_eq!(search["retrieval.documents.0.document.score"], 0.8);
    assert_eq!(search["input.mime_type"], "text/plain");
}

#[tokio::test]
async fn scores_without_their_span_have_a_span_of_their_own() {
    let vendor = Vendor::start(&[("POST", TRACES, 200, json!({}))]).await;
    let otlp = endpoint(&vendor).build().unwrap();
    let mut late = score(
        SCORE,
        Some(CALL),
        "tone",
        ScoreValue::Category("kind".to_owned()),
    );
    late.comment = Some("read".to_owned());
    let whole = score(TRACE, None, "ok", ScoreValue::Boolean(true));
    let spans = spans_of(&otlp, &vendor, &[late.into(), whole.into()]).await;
    let tone = find(&spans, "name", "tone");
    assert_eq!(tone["parentSpanId"], CALL);
    assert_eq!(tone["spanId"], SCORE[..16], "the same id in a repetition");
    let expected = json!({
        "gen_ai.evaluation.name": "tone", "gen_ai.evaluation.score.label": "kind",
        "gen_ai.evaluation.explanation": "read",
    });
    assert_eq!(attributes(&tone["events"][0]), expected);
    let ok = find(&spans, "name", "ok");
    assert_eq!(ok["parentSpanId"], Value::Null);
    assert_eq!(
        attributes(&ok["events"][0])["gen_ai.evaluation.score.value"],
        1.0
    );
}

#[tokio::test]
async fn urls_of_endpoints_are_used_as_they_are() {
    for (path, expected) in [
        ("", "/v1/traces"),
        ("/", "/v1/traces"),
        ("/v1/traces", "/v1/traces"),
        ("/v1/traces/", "/v1/traces"),
        ("/otel", "/otel"),
        ("/a%20b/v1/traces", "/a%20b/v1/traces"),
    ] {
        let vendor = Vendor::start(&[("POST", ".*", 200, json!({}))]).await;
        let url = format!("{}{path}", vendor.url());
        let otlp = otlp::endpoint(url)
            .encoding(OtlpEncoding::Json)
            .build()
            .unwrap();
        deliver(&otlp, &records()).await;
        assert_eq!(vendor.requests().await[0].path, expected, "{path}");
        assert!(json_body(&vendor.requests().await[0]).is_object());
    }
}

#[tokio::test]
async fn the_headers_of_an_api_are_sent_to_it() {
    let spec = llm_observatory::destinations::langfuse::Client::OTLP;
    let vendor = Vendor::start(&[("POST", spec.path, 200, json!({}))]).await;
    let otlp = otlp::api(vendor.url(), &spec).build().unwrap();
    deliver(&otlp, &records()).await;
    let request = &vendor.requests().await[0];
    let version = request.header("x-langfuse-ingestion-version");
    assert_eq!(version, Some("4"));
}

#[test]
fn headers_are_not_shown() {
    let builder =
        otlp::endpoint("http://localhost:4318").header("authorization", "Bearer secret-1");
    let otlp = builder.build().unwrap();
    assert!(!format!("{otlp:?}").contains("secret-1"), "{otlp:?}");
}

#[tokio::test]
async fn requests_over_the_limit_are_not_sent() {
    let vendor = Vendor::start(&[("POST", TRACES, 200, json!({}))]).await;
    let limits = Limits {
        records: 512,
        bytes: 1_000,
    };
    let otlp = endpoint(&vendor).limits(limits).build().unwrap();
    let outcome = deliver(&otlp, &records()).await;
    assert!(matches!(outcome, Outcome::TooLarge { .. }), "{outcome:?}");
    assert!(vendor.requests().await.is_empty());
    deliver(&otlp, &records()[1..2]).await;
    assert_eq!(
        vendor.requests().await.len(),
        1,
        "one record cannot be split"
    );
}
