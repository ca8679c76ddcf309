//! Requests of our clients, validated by Prism: it accepts a trace, and rejects invalid variants of it. Prism does not check
//! recursive schemas, so that it cannot validate Galileo's spans.

use observatory_adaline::models as adaline;
use observatory_helicone::models as helicone;
use observatory_tests::invalid_body::InvalidBody;
use observatory_tests::prism::{self, violations};
use observatory_tests::shared;
use reqwest::StatusCode;
use serde_json::{Value, json};

/// Sends a JSON body; returns the status and the violations that Prism reports.
async fn send(url: &str, key: Option<&str>, body: &Value) -> (StatusCode, Vec<String>) {
    let mut request = reqwest::Client::new()
        .post(url)
        .header("content-type", "application/json")
        .body(body.to_string());
    if let Some(key) = key {
        request = request.header("authorization", format!("Bearer {key}"));
    }
    let response = request.send().await.unwrap();
    let header = response.headers().get("sl-violations");
    let header = header.map(|header| header.to_str().unwrap().to_owned());
    let status = response.status();
    (
        status,
        violations(header.as_deref(), &response.text().await.unwrap()),
    )
}

async fn assert_rejects(url: &str, body: &Value, invalid: &[InvalidBody]) {
    let (status, found) = send(url, Some("key"), body).await;
    assert!(
        status.is_success() && found.is_empty(),
        "valid body: {status} {found:?}"
    );
    let (status, _) = send(url, None, body).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    for change in invalid {
        let (status, found) = send(url, Some("key"), &change.apply(body)).await;
        assert!(status.is_client_error(), "{}: {status}", change.pointer);
        assert!(
            found.iter().any(|line| line == change.violation),
            "{}: {found:?}",
            change.pointer
        );
    }
}

fn adaline_trace() -> adaline::CreateLogTraceRequest {
    let start = 1_745_096_580_000;
    let trace = adaline::CreateLogTraceRequestTrace::new(start, "chat", "success")
        .ended_at(start + 900)
        .reference_id("trace-1")
        .tags(["prod"]);
    let content = adaline::LogSpanModelContent::new()
        .provider("openai")
        .model("gpt-4o")
        .input("\"hi\"")
        .output("\"ho\"")
        .cost(0.01);
    let call =
        adaline::CreateLogTraceRequestSpan::new(start, start + 800, "call", "success", content)
            .reference_id("span-1");
    let tool = adaline::LogSpanToolContent::new("{}", "[]");
    let tool =
        adaline::CreateLogTraceRequestSpan::new(start + 1, start + 2, "tool", "failure", tool)
            .parent_reference_id("span-1");
    adaline::CreateLogTraceRequest::new("project_0123456789abcdef", trace).spans(vec![call, tool])
}

#[tokio::test]
#[ignore = "needs Prism: scripts/install-prism.sh"]
async fn accepts_only_valid_adaline_traces() {
    let prism = prism::start("adaline", &shared::document("adaline", "adaline.json"));
    let client = observatory_adaline::Client::builder()
        .api_key("key")
        .base_url(prism.url())
        .build()
        .unwrap();
    let trace = adaline_trace();
    let response = client
        .logs()
        .create_trace(trace.clone())
        .send()
        .await
        .unwrap();
    assert_eq!(response.headers().get("sl-violations"), None);
    let body = serde_json::to_value(&trace).unwrap();
    let invalid = [
        InvalidBody::without("/trace/name", "/trace: required"),
        InvalidBody::without("/spans/1/status", "/spans/1: required"),
        InvalidBody::without("/spans/1/content/output", "/spans/1/content: required"),
        InvalidBody::with(
            "/trace/startedAt",
            json!("2025-04-19"),
            "/trace/startedAt: type",
        ),
        InvalidBody::with(
            "/trace/status",
            json!("not-a-status"),
            "/trace/status: enum",
        ),
        InvalidBody::with("/spans/0/name", json!(7), "/spans/0/name: type"),
    ];
    assert_rejects(&(prism.url() + "/logs/trace"), &body, &invalid).await;
}

/// Decoded from JSON, since the generated names of the inline schemas are long.
fn helicone_trace() -> helicone::OtelTrace {
    let text = |key: &str, value: &str| json!({"key": key, "value": {"stringValue": value}});
    let body = json!({"resourceSpans": [{
        "resource": {"attributes": [text("service.name", "app")], "droppedAttributesCount": 0},
        "scopeSpans": [{
            "scope": {"name": "app", "version": "1"},
            "spans": [{
                "name": "call", "traceId": "0123456789abcdef0123456789abcdef", "spanId": "0123456789abcdef",
                "kind": 1, "status": {"code": 1}, "startTimeUnixNano": "1", "endTimeUnixNano": "2",
                "attributes": [text("model", "gpt-4o"), {"key": "tokens", "value": {"intValue": 12}}],
                "links": [], "events": [],
                "droppedLinksCount": 0, "droppedEventsCount": 0, "droppedAttributesCount": 0,
            }],
        }],
    }]});
    serde_json::from_value(body).unwrap()
}

#[tokio::test]
#[ignore = "needs Prism: scripts/install-prism.sh"]
async fn accepts_only_valid_helicone_traces() {
    let prism = prism::start("helicone", &shared::document("helicone", "helicone.json"));
    let client = observatory_helicone::Client::builder()
        .api_key("key")
        .base_url(prism.url())
        .build()
        .unwrap();
    let trace = helicone_trace();
    let response = client.trace().log(trace.clone()).send().await.unwrap();
    assert_eq!(response.headers().get("sl-violations"), None);
    let body = serde_json::to_value(&trace).unwrap();
    let invalid = [
        InvalidBody::without("/resourceSpans", "/: required"),
        InvalidBody::without("/resourceSpans/0/resource", "/resourceSpans/0: required"),
        InvalidBody::without(
            "/resourceSpans/0/scopeSpans/0/spans/0/traceId",
            "/resourceSpans/0/scopeSpans/0/spans/0: required",
        ),
        InvalidBody::with(
            "/resourceSpans/0/scopeSpans/0/spans/0/startTimeUnixNano",
            json!(1),
            "/resourceSpans/0/scopeSpans/0/spans/0/startTimeUnixNano: type",
        ),
        // Valid in proto3 JSON, but the document requires a number.
        InvalidBody::with(
            "/resourceSpans/0/scopeSpans/0/spans/0/attributes/1/value/intValue",
            json!("12"),
            "/resourceSpans/0/scopeSpans/0/spans/0/attributes/1/value/intValue: type",
        ),
    ];
    assert_rejects(&(prism.url() + "/v1/trace/log"), &body, &invalid).await;
}
