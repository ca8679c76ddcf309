//! The programs of LangSmith.

use std::time::{Duration, SystemTime};

use observatory_langsmith::models::QueryRunResponse;
use serde_json::{Value, json};

use super::{at, only_body, programs, requests};
use crate::support::{langsmith, received, start_server};

#[tokio::test]
async fn logs_a_trace() {
    let server = start_server(vec![json!({"message": "queued"})]).await;
    let trace_id =
        programs::langsmith_log_trace::log_trace(&langsmith(&server), "my project").await;
    let trace_id = json!(trace_id.unwrap());

    let body = only_body(&server, "POST /runs/batch").await;
    let (step, call) = (at(&body, "/post/0"), at(&body, "/post/1"));
    for run in [step, call] {
        assert_eq!(
            (&run["trace_id"], &run["session_name"]),
            (&trace_id, &json!("my project"))
        );
    }
    assert_eq!((&step["id"], step.get("parent_run_id")), (&trace_id, None));
    assert_eq!(call["parent_run_id"], trace_id);
    assert_ne!(call["id"], step["id"]);
    assert_eq!(
        (&step["run_type"], &call["run_type"]),
        (&json!("chain"), &json!("llm"))
    );
    assert_eq!(at(call, "/extra/metadata/usage_metadata/output_tokens"), 30);

    let [first, second] = [step, call].map(|run| run["dotted_order"].as_str().unwrap());
    let part = |start: &str, id: &Value| {
        let (time, rest) = start.split_once('Z').unwrap();
        assert_eq!(
            (time.len(), &time[8..9], rest),
            (21, "T", id.as_str().unwrap())
        );
        assert!(
            time.chars()
                .filter(|c| *c != 'T')
                .all(|c| c.is_ascii_digit()),
            "{start}"
        );
    };
    part(first, &step["id"]);
    part(
        second.strip_prefix(&format!("{first}.")).unwrap(),
        &call["id"],
    );
}

#[tokio::test]
async fn reads_traces() {
    let page = |ids: &[i64], next: Option<&str>| {
        let run =
            |id: &i64| json!({"trace_id": format!("{id}"), "name": "respond", "status": "SUCCESS"});
        let items: Vec<Value> = ids.iter().map(run).collect();
        json!({"items": items, "has_more": next.is_some(), "next_cursor": next})
    };
    let server = start_server(vec![page(&[1, 2], Some("a")), page(&[3], None)]).await;
    let mut ids = Vec::new();
    let each = |run: QueryRunResponse| ids.extend(run.trace_id);
    let since = SystemTime::UNIX_EPOCH + Duration::from_secs(1_800_000_000);
    programs::langsmith_read_traces::read_traces(&langsmith(&server), "p", since, each)
        .await
        .unwrap();
    assert_eq!(ids, ["1", "2", "3"]);

    let received = received(&server, "POST /v2/runs/query").await;
    let first = json!({"project_ids": ["p"], "is_root": true, "page_size": 100,
        "min_start_time": "2027-01-15T08:00:00Z", "selects": ["TRACE_ID", "NAME", "STATUS"]});
    let mut second = first.clone();
    second["cursor"] = json!("a");
    assert_eq!(requests(&received), [("", &first), ("", &second)]);
}

#[tokio::test]
async fn scores() {
    let server = start_server(vec![json!({"id": "f", "key": "helpful"})]).await;
    let feedback_id = programs::langsmith_score::score(&langsmith(&server), "p", "r").await;
    assert_eq!(feedback_id.unwrap(), "f");
    let body = only_body(&server, "POST /api/v1/feedback").await;
    let feedback = json!({"key": "helpful", "run_id": "r", "session_id": "p", "score": 0.9,
        "comment": "responded at once"});
    assert_eq!(body, feedback);
}
