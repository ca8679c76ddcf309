//! The programs of Phoenix.

use observatory_phoenix::models::TraceData;
use serde_json::{Value, json};

use super::{at, only_body, programs, requests};
use crate::support::{phoenix, received, start_server};

#[tokio::test]
async fn logs_a_trace() {
    let server = start_server(vec![json!({"total_received": 2, "total_queued": 2})]).await;
    let trace_id = programs::phoenix_log_trace::log_trace(&phoenix(&server), "p").await;
    let trace_id = trace_id.unwrap();
    assert_eq!(trace_id.len(), 32);

    let body = only_body(&server, "POST /v1/projects/p/spans").await;
    let (step, call) = (at(&body, "/data/0"), at(&body, "/data/1"));
    for span in [step, call] {
        assert_eq!(at(span, "/context/trace_id"), &trace_id);
        assert_eq!(at(span, "/context/span_id").as_str().unwrap().len(), 16);
    }
    assert_eq!(step.get("parent_id"), None);
    assert_eq!(&call["parent_id"], at(step, "/context/span_id"));
    assert_ne!(at(call, "/context/span_id"), at(step, "/context/span_id"));
    assert_eq!(
        (&step["span_kind"], &call["span_kind"]),
        (&json!("CHAIN"), &json!("LLM"))
    );
    assert_eq!(at(call, "/attributes")["llm.model_name"], "gpt-4o");
    assert_eq!(at(call, "/attributes")["llm.token_count.completion"], 30);
}

#[tokio::test]
async fn reads_traces() {
    let page = |ids: &[i64], next: Option<&str>| {
        let time = "2026-01-01T00:00:00Z";
        let trace = |id: &i64| json!({"id": "1", "trace_id": format!("{id}"), "project_id": "p", "start_time": time, "end_time": time});
        json!({"data": ids.iter().map(trace).collect::<Vec<Value>>(), "next_cursor": next})
    };
    let server = start_server(vec![page(&[1, 2], Some("a")), page(&[3], None)]).await;
    let mut ids = Vec::new();
    let each = |trace: TraceData| ids.push(trace.trace_id);
    programs::phoenix_read_traces::read_traces(&phoenix(&server), "p", each)
        .await
        .unwrap();
    assert_eq!(ids, ["1", "2", "3"]);

    let received = received(&server, "GET /v1/projects/p/traces").await;
    let null = Value::Null;
    assert_eq!(
        requests(&received),
        [
            ("limit=100&include_spans=true", &null),
            ("limit=100&cursor=a&include_spans=true", &null)
        ]
    );
}

#[tokio::test]
async fn scores() {
    let server = start_server(vec![json!({"data": [{"id": "1"}]})]).await;
    programs::phoenix_score::score(&phoenix(&server), "s")
        .await
        .unwrap();
    let body = only_body(&server, "POST /v1/span_annotations").await;
    let annotation = json!({"name": "helpful", "annotator_kind": "CODE", "span_id": "s",
        "result": {"score": 0.9, "explanation": "responded at once"}});
    assert_eq!(body, json!({"data": [annotation]}));
}
