//! Prism judges what our clients send: it accepts a trace, and refuses the same one spoilt, so that its acceptance means
//! something. It is a fair judge for Helicone and Adaline; Galileo's spans recurse, where it looks at nothing.

use observatory_adaline::models as adaline;
use observatory_helicone::models as helicone;
use observatory_tests::prism::{self, violations};
use observatory_tests::shared;
use observatory_tests::spoilt::Spoilt;
use reqwest::StatusCode;
use serde_json::{Value, json};

/// Sends JSON as it is; gives the status and what Prism finds wrong.
async fn send(url: &str, key: Option<&str>, body: &Value) -> (StatusCode, Vec<String>) {
    let mut request = reqwest::Client::new()
        .post(url)
        .header("content-type", "application/json")
        .body(body.to_string());
    if let Some(key) = key {
        request = request.header("authorization", format!("Bearer {key}"));
    }
    let answer = request.send().await.unwrap();
    let header = answer.headers().get("sl-violations");
    let header = header.map(|header| header.to_str().unwrap().to_owned());
    let status = answer.status();
    (
        status,
        violations(header.as_deref(), &answer.text().await.unwrap()),
    )
}

async fn refuses(url: &str, body: &Value, all: &[Spoilt]) {
    let (status, found) = send(url, Some("key"), body).await;
    assert!(
        status.is_success() && found.is_empty(),
        "unspoilt: {status} {found:?}"
    );
    let (status, _) = send(url, None, body).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    for spoilt in all {
        let (status, found) = send(url, Some("key"), &spoilt.of(body)).await;
        assert!(status.is_client_error(), "{}: {status}", spoilt.at);
        assert!(
            found.iter().any(|line| line == spoilt.says),
            "{}: {found:?}",
            spoilt.at
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
async fn adaline() {
    let Some(prism) = prism::start("adaline", &shared::document("adaline", "adaline.json")) else {
        return;
    };
    let client = observatory_adaline::Client::builder()
        .api_key("key")
        .base_url(prism.url())
        .build()
        .unwrap();
    let trace = adaline_trace();
    let answer = client
        .logs()
        .create_log_trace(trace.clone())
        .send()
        .await
        .unwrap();
    assert_eq!(answer.headers().get("sl-violations"), None);
    let body = serde_json::to_value(&trace).unwrap();
    let spoilt = [
        Spoilt::missing("/trace/name", "/trace: required"),
        Spoilt::missing("/spans/1/status", "/spans/1: required"),
        Spoilt::missing("/spans/1/content/output", "/spans/1/content: required"),
        Spoilt::wrong(
            "/trace/startedAt",
            json!("2025-04-19"),
            "/trace/startedAt: type",
        ),
        Spoilt::wrong("/trace/status", json!("splendid"), "/trace/status: enum"),
        Spoilt::wrong("/spans/0/name", json!(7), "/spans/0/name: type"),
    ];
    refuses(&(prism.url() + "/logs/trace"), &body, &spoilt).await;
}

/// Read from JSON: the document leaves the parts of a trace without names, so that ours are long.
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
async fn helicone() {
    let Some(prism) = prism::start("helicone", &shared::document("helicone", "helicone.json"))
    else {
        return;
    };
    let client = observatory_helicone::Client::builder()
        .api_key("key")
        .base_url(prism.url())
        .build()
        .unwrap();
    let trace = helicone_trace();
    let answer = client
        .trace()
        .log_trace(trace.clone())
        .send()
        .await
        .unwrap();
    assert_eq!(answer.headers().get("sl-violations"), None);
    let body = serde_json::to_value(&trace).unwrap();
    let spoilt = [
        Spoilt::missing("/resourceSpans", "/: required"),
        Spoilt::missing("/resourceSpans/0/resource", "/resourceSpans/0: required"),
        Spoilt::missing(
            "/resourceSpans/0/scopeSpans/0/spans/0/traceId",
            "/resourceSpans/0/scopeSpans/0/spans/0: required",
        ),
        Spoilt::wrong(
            "/resourceSpans/0/scopeSpans/0/spans/0/startTimeUnixNano",
            json!(1),
            "/resourceSpans/0/scopeSpans/0/spans/0/startTimeUnixNano: type",
        ),
        // As proto3 writes it: the document wants a number.
        Spoilt::wrong(
            "/resourceSpans/0/scopeSpans/0/spans/0/attributes/1/value/intValue",
            json!("12"),
            "/resourceSpans/0/scopeSpans/0/spans/0/attributes/1/value/intValue: type",
        ),
    ];
    refuses(&(prism.url() + "/v1/trace/log"), &body, &spoilt).await;
}
