//! The programs of Opik.

use observatory_opik::models::TracePublic;
use serde_json::{Value, json};

use super::{at, only_body, programs, requests};
use crate::support::{opik, received, start_server};

fn assert_uuid_v7(id: &Value) {
    let id = id.as_str().unwrap();
    let is_dash = |index: usize| [8, 13, 18, 23].contains(&index);
    let mut chars = id.chars().enumerate();
    assert!(
        id.len() == 36
            && chars.all(|(index, c)| if is_dash(index) {
                c == '-'
            } else {
                c.is_ascii_hexdigit()
            }),
        "{id}"
    );
    assert!(&id[14..15] == "7" && "89ab".contains(&id[19..20]), "{id}");
    let millis = u64::from_str_radix(&(id[..8].to_owned() + &id[9..13]), 16).unwrap();
    assert!(millis > 1_700_000_000_000, "{id}");
}

#[tokio::test]
async fn logs_a_trace() {
    let server = start_server(vec![Value::Null, Value::Null]).await;
    let trace_id = programs::opik_log_trace::log_trace(&opik(&server), "my project").await;
    let trace_id = json!(trace_id.unwrap());

    let sent = server.received_requests().await.unwrap();
    let paths: Vec<&str> = sent.iter().map(|request| request.url.path()).collect();
    assert_eq!(
        paths,
        ["/v1/private/traces/batch", "/v1/private/spans/batch"]
    );
    let [traces, spans] = [0, 1].map(|index| sent[index].body_json::<Value>().unwrap());
    let trace = at(&traces, "/traces/0");
    assert_eq!(
        (&trace["id"], &trace["project_name"]),
        (&trace_id, &json!("my project"))
    );
    let (step, call) = (at(&spans, "/spans/0"), at(&spans, "/spans/1"));
    for span in [step, call] {
        assert_eq!(
            (&span["trace_id"], &span["project_name"]),
            (&trace_id, &json!("my project"))
        );
        assert_uuid_v7(&span["id"]);
    }
    assert_uuid_v7(&trace_id);
    assert_ne!(step["id"], call["id"]);
    assert_eq!(
        (step.get("parent_span_id"), &call["parent_span_id"]),
        (None, &step["id"])
    );
    assert_eq!(
        (&call["type"], &call["model"]),
        (&json!("llm"), &json!("gpt-4o"))
    );
    assert_eq!(at(call, "/usage/completion_tokens"), 30);
}

#[tokio::test]
async fn reads_traces() {
    let page = |ids: &[i64]| {
        let trace = |id: &i64| json!({"id": format!("{id}"), "start_time": "2026-01-01T00:00:00Z"});
        json!({"page": 1, "size": ids.len(), "total": 3, "content": ids.iter().map(trace).collect::<Vec<Value>>()})
    };
    let server = start_server(vec![page(&[1, 2]), page(&[3]), page(&[])]).await;
    let mut ids = Vec::new();
    let each = |trace: TracePublic| ids.extend(trace.id);
    programs::opik_read_traces::read_traces(&opik(&server), "p", each)
        .await
        .unwrap();
    assert_eq!(ids, ["1", "2", "3"]);

    let received = received(&server, "GET /v1/private/traces").await;
    let null = Value::Null;
    assert_eq!(
        requests(&received),
        [
            ("size=100&project_name=p", &null),
            ("page=2&size=100&project_name=p", &null),
            ("page=3&size=100&project_name=p", &null)
        ]
    );
}

#[tokio::test]
async fn scores() {
    let server = start_server(vec![Value::Null]).await;
    programs::opik_score::score(&opik(&server), "p", "t")
        .await
        .unwrap();
    let body = only_body(&server, "PUT /v1/private/traces/feedback-scores").await;
    let score = json!({"id": "t", "name": "helpful", "source": "sdk", "value": 0.9, "project_name": "p",
        "reason": "responded at once"});
    assert_eq!(body, json!({"scores": [score]}));
}
