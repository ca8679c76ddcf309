//! Galileo.

use super::{id, observatory, time, traces};
use crate::example::{TRACE, at};
use crate::galileo;
use crate::support::assert_valid;
use llm_observatory::model::{Message, SpanKind, Status};
use llm_observatory::reading::TraceQuery;
use serde_json::{Value, json};
use wiremock::matchers::{body_partial_json, method, path};
use wiremock::{Mock, ResponseTemplate};

#[tokio::test]
async fn galileo_returns_the_tree_of_each_trace() {
    let project = galileo::PROJECT;
    let vendor = galileo::start(json!([])).await;
    let ids = json!({
        "session_id": project, "project_id": project, "run_id": project, "created_at": time(0), "trace_id": project,
    });
    let record = |more: Value| {
        let mut record = ids.clone();
        for (name, value) in more.as_object().unwrap() {
            record[name] = value.clone();
        }
        record
    };
    // The ids as this crate sends them: UUIDs of the ids of trace and span.
    let trace_uuid = "0af76519-16cd-43dd-8448-eb211c80319c";
    let call = record(json!({
        "type": "llm", "id": "00f067aa-0ba9-400a-b4f7-651916cd43dd", "name": "chat", "created_at": time(40), "is_complete": true,
        "parent_id": project, "model": "gpt-4o", "metrics": {"duration_ns": 800_000_000, "num_input_tokens": 120, "num_output_tokens": 30,
            "time_to_first_token_ns": 100_000_000},
        "user_metadata": {"provider": "openai", "cost_usd": "0.003", "attempt": "1"}, "tags": ["gpt"],
        "input": [{"role": "user", "content": "Why?"}], "output": {"role": "assistant", "content": "Light scatters."},
    }));
    let root = record(json!({
        "type": "workflow", "id": project, "name": "pipeline", "is_complete": true, "metrics": {"duration_ns": 900_000_000},
        "user_metadata": {"kind": "guardrail", "error": "no reply", "error_type": "timeout"}, "status_code": 500,
        "parent_id": project, "input": "a", "output": "b", "spans": [call],
    }));
    let trace = record(json!({
        "type": "trace", "id": trace_uuid, "external_id": TRACE, "name": "explain the sky", "is_complete": true,
        "user_metadata": {"user": "u-7", "plan": "pro"}, "tags": ["beta"], "spans": [root],
    }));
    let mut listed = trace.clone();
    listed.as_object_mut().unwrap().remove("spans");
    let search =
        || Mock::given(method("POST")).and(path(format!("/projects/{project}/traces/search")));
    let page = |records: Value, next: Option<u8>| {
        ResponseTemplate::new(200)
            .set_body_json(json!({"records": records, "next_starting_token": next}))
    };
    let second = search().and(body_partial_json(json!({"starting_token": 20})));
    vendor
        .mount(second.respond_with(page(json!([]), None)))
        .await;
    vendor
        .mount(search().respond_with(page(json!([listed]), Some(20))))
        .await;
    let found = ResponseTemplate::new(200).set_body_json(&trace);
    let pattern = format!("/v2/projects/{project}/traces/{trace_uuid}");
    vendor.respond("GET", &pattern, found).await;

    let observatory = observatory(galileo::destination(&vendor));
    let traces = traces(&observatory, "galileo", TraceQuery::new()).await;
    assert_eq!(traces.len(), 1);
    let trace = &traces[0];
    assert_eq!(trace.info.id, id());
    assert_eq!(trace.vendor_id, trace_uuid);
    assert_eq!(trace.info.user.as_deref(), Some("u-7"));
    assert_eq!(trace.info.metadata["plan"], "pro");
    let root = trace.span("pipeline").unwrap();
    assert_eq!(root.kind, SpanKind::Guardrail);
    let failed = Status::Error {
        kind: Some("timeout".to_owned()),
        message: "no reply".to_owned(),
    };
    assert_eq!(root.status, failed);
    let call = trace.span("chat").unwrap();
    assert_eq!(call.parent, Some(root.id));
    assert_eq!((call.start, call.end), (at(40), at(840)));
    assert_eq!(call.usage.total(), Some(150));
    assert_eq!(call.cost.total, Some(0.003));
    assert_eq!(call.provider.as_deref(), Some("openai"));
    assert_eq!(call.input_messages, [Message::user("Why?")]);
    assert_eq!(
        call.output_messages,
        [Message::assistant("Light scatters.")]
    );
    let reader = observatory.reader("galileo").unwrap();
    assert_eq!(reader.trace(id()).await.unwrap().as_ref(), Some(trace));
    assert_valid("galileo", &vendor.requests().await);
}
