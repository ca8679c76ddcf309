//! Braintrust.

use super::{id, observatory, time, traces};
use crate::braintrust;
use crate::example::{CALL, ROOT, TRACE, at};
use crate::support::{Vendor, assert_valid, json_body};
use llm_observatory::model::{Message, ScoreValue, Status};
use llm_observatory::reading::TraceQuery;
use serde_json::{Value, json};
use wiremock::matchers::{body_partial_json, method, path};
use wiremock::{Mock, ResponseTemplate};

const PROJECT: &str = "0af76519-16cd-43dd-8448-eb211c80319c";

#[tokio::test]
async fn braintrust_returns_rows_as_traces() {
    let vendor = Vendor::start(&[]).await;
    let fetch =
        || Mock::given(method("POST")).and(path(format!("/v1/project_logs/{PROJECT}/fetch")));
    let row = |id: &str, parents: Value, more: Value| {
        let mut row = json!({
            "id": id, "_xact_id": "1", "created": time(0), "log_id": "g", "span_id": id,
            "org_id": PROJECT, "project_id": PROJECT,
            "root_span_id": TRACE, "span_parents": parents,
        });
        for (name, value) in more.as_object().unwrap() {
            row[name] = value.clone();
        }
        row
    };
    let root = row(
        ROOT,
        json!(null),
        json!({
            "is_root": true, "span_attributes": {"name": "pipeline", "type": "task"}, "tags": ["beta"],
            "metadata": {"session_id": "s-1", "user_id": "u-7", "plan": "pro"}, "output": "Rayleigh scattering.",
        }),
    );
    let call = row(
        CALL,
        json!([ROOT]),
        json!({
            "span_attributes": {"name": "chat", "type": "llm"},
            "metrics": {"start": 1_750_000_000.04, "end": 1_750_000_000.84, "prompt_tokens": 120,
                "completion_tokens": 30, "tokens": 150, "prompt_cached_tokens": 20, "time_to_first_token": 0.1, "estimated_cost": 0.003},
            "metadata": {"model": "gpt-4o", "provider": "openai", "temperature": 0.2, "prompt": {"name": "sky", "version": "3"}},
            "input": [{"role": "user", "content": "Why?"}], "output": {"role": "assistant", "content": "Light scatters."},
            "error": {"type": "timeout", "message": "no reply"}, "scores": {"helpful": 0.9, "empty": null},
        }),
    );
    let respond = |events: Value, cursor: Option<&str>| {
        ResponseTemplate::new(200).set_body_json(json!({"events": events, "cursor": cursor}))
    };
    let second = fetch().and(body_partial_json(json!({"cursor": "c2"})));
    vendor
        .mount(second.respond_with(respond(json!([]), Some("c3"))))
        .await;
    let first = fetch().respond_with(respond(json!([call, root]), Some("c2")));
    vendor.mount(first).await;
    let destination = braintrust::destination(&vendor).project_id(PROJECT);
    let observatory = observatory(destination);
    let traces = traces(&observatory, "braintrust", TraceQuery::new()).await;
    assert_eq!(traces.len(), 1);
    let trace = &traces[0];
    assert_eq!(trace.info.id, id());
    assert_eq!(trace.info.name, "pipeline");
    assert_eq!(trace.info.session.as_deref(), Some("s-1"));
    let call = trace.span("chat").unwrap();
    assert_eq!(call.parent.unwrap().to_string(), ROOT);
    assert_eq!((call.start, call.end), (at(40), at(840)));
    assert_eq!(call.first_token, Some(at(140)));
    assert_eq!(call.usage.total(), Some(150));
    assert_eq!(call.cost.total, Some(0.003));
    assert_eq!(call.provider.as_deref(), Some("openai"));
    assert_eq!(call.prompt.as_ref().unwrap().name, "sky");
    assert_eq!(call.input_messages, [Message::user("Why?")]);
    let failed = Status::Error {
        kind: Some("timeout".to_owned()),
        message: "no reply".to_owned(),
    };
    assert_eq!(call.status, failed);
    assert_eq!(trace.scores.len(), 1);
    assert_eq!(trace.scores[0].value, ScoreValue::Number(0.9));
    assert_eq!(trace.scores[0].span_id, Some(call.id));
    let requests = vendor.requests().await;
    assert_eq!(requests.len(), 2);
    assert_eq!(json_body(&requests[0])["limit"], 20);
    assert_valid("braintrust", &requests);
    let again = super::traces(&observatory, "braintrust", TraceQuery::new()).await;
    assert_eq!(
        again[0].scores, trace.scores,
        "their ids are the same each time"
    );
}
