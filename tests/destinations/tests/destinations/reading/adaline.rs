//! Adaline.

use super::{id, observatory, traces};
use crate::adaline;
use crate::example::{CALL, ROOT, TRACE, at};
use crate::support::{Vendor, assert_valid, json_body};
use llm_observatory::model::{Message, SpanKind, Status};
use llm_observatory::reading::TraceQuery;
use serde_json::{Value, json};
use wiremock::matchers::{body_partial_json, method, path};
use wiremock::{Mock, ResponseTemplate};

fn adaline_span(id: &str, parent: Option<&str>, kind: &str, content: &Value) -> Value {
    json!({
        "id": format!("span-{id}"), "name": kind, "contentType": kind, "status": "success",
        "startedAt": 1_750_000_000_040_u64, "endedAt": 1_750_000_000_840_u64, "latency": 800,
        "logTraceId": "trace-1", "promptId": null, "referenceId": id, "parentReferenceId": parent,
        "sessionId": "s-1", "cost": 0.003, "promptTokens": 120, "completionTokens": 30, "totalTokens": 150,
        "content": content.to_string(), "parsedContent": "{}", "attributes": "{\"attempt\":1}",
        "tags": "[\"gpt\"]", "events": "[]", "createdAt": 1_750_000_000_900_u64, "updatedAt": 1_750_000_000_900_u64,
    })
}

fn adaline_trace() -> Value {
    json!({
        "id": "trace-1", "name": "explain the sky", "status": "success", "startedAt": 1_750_000_000_000_u64,
        "endedAt": 1_750_000_000_900_u64, "latency": 900, "referenceId": TRACE, "sessionId": "s-1",
        "attributes": {"user": "u-7", "plan": "pro"}, "tags": ["beta"], "totalCost": 0.003, "totalInputTokens": 120,
        "totalOutputTokens": 30, "spanIds": ["span-1", "span-2"], "createdAt": 1_750_000_000_900_u64, "updatedAt": 1_750_000_000_900_u64,
    })
}

#[tokio::test]
async fn adaline_returns_traces_with_their_spans() {
    let vendor = Vendor::start(&[]).await;
    let trace = adaline_trace();
    let content = json!({
        "type": "Model", "model": "gpt-4o", "provider": "openai",
        "input": "{\"model\":\"gpt-4o\",\"messages\":[{\"role\":\"user\",\"content\":\"Why?\"}],\"temperature\":0.2}",
        "output": "{\"id\":\"chatcmpl-1\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"Light scatters.\"}}]}",
    });
    let call = adaline_span(CALL, Some(ROOT), "Model", &content);
    let mut other = adaline_span(
        "00f067aa0ba902ff",
        None,
        "Tool",
        &json!({"input": "1", "output": "2"}),
    );
    other["logTraceId"] = json!("another trace");
    let mut root = adaline_span(
        ROOT,
        None,
        "Function",
        &json!({"input": "\"a\"", "output": "{\"b\":1}"}),
    );
    root["status"] = json!("failure");
    root["attributes"] = json!("{\"error\":\"no reply\",\"error_type\":\"timeout\"}");
    let pagination = |next: Option<&str>| json!({"limit": 20, "returned": 1, "hasMore": next.is_some(), "nextCursor": next});
    let respond = |name: &str, items: Value, next: Option<&str>| {
        ResponseTemplate::new(200)
            .set_body_json(json!({name: items, "pagination": pagination(next)}))
    };
    let search = |records: &str| Mock::given(method("POST")).and(path(format!("/logs/{records}")));
    let second = search("spans").and(body_partial_json(json!({"cursor": "s2"})));
    vendor
        .mount(second.respond_with(respond("spans", json!([root]), None)))
        .await;
    let first = search("spans").respond_with(respond("spans", json!([other, call]), Some("s2")));
    vendor.mount(first).await;
    let list = search("traces").respond_with(respond("traces", json!([trace]), None));
    vendor.mount(list).await;
    let observatory = observatory(adaline::destination(&vendor));
    let query = TraceQuery::new()
        .session("s-1")
        .since(at(0))
        .until(at(1_000));
    let traces = traces(&observatory, "adaline", query).await;
    let trace = &traces[0];
    assert_eq!(trace.info.id, id());
    assert_eq!(trace.vendor_id, "trace-1");
    assert_eq!(trace.info.user.as_deref(), Some("u-7"));
    assert_eq!(trace.info.metadata["plan"], "pro");
    assert_eq!(trace.spans.len(), 2, "without the span of another trace");
    let call = trace.span("Model").unwrap();
    assert_eq!(call.kind, SpanKind::Llm);
    assert_eq!(call.id.to_string(), CALL);
    assert_eq!(call.parent.unwrap().to_string(), ROOT);
    assert_eq!(call.model.as_deref(), Some("gpt-4o"));
    assert_eq!(call.parameters["temperature"], 0.2);
    assert_eq!(call.input_messages, [Message::user("Why?")]);
    assert_eq!(call.output_messages[0].text(), "Light scatters.");
    assert_eq!(call.response_id.as_deref(), Some("chatcmpl-1"));
    assert_eq!(
        (call.usage.input, call.cost.total),
        (Some(120), Some(0.003))
    );
    assert_eq!(call.tags, ["gpt"]);
    let root = trace.span("Function").unwrap();
    let failed = Status::Error {
        kind: Some("timeout".to_owned()),
        message: "no reply".to_owned(),
    };
    assert_eq!(root.status, failed);
    let reader = observatory.reader("adaline").unwrap();
    assert_eq!(reader.trace(id()).await.unwrap().as_ref(), Some(trace));
    let requests = vendor.requests().await;
    assert_eq!(
        json_body(requests.last().unwrap()).get("cursor"),
        Some(&json!("s2"))
    );
    assert_valid("adaline", &requests);
}
