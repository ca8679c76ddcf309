//! Braintrust.

use crate::example::{AGENT, CALL, ROOT, TRACE, records, score};
use crate::support::{Vendor, assert_valid, deliver, find};
use llm_observatory::destinations::braintrust::{Braintrust, Client};
use llm_observatory::destinations::{ItemOutcome, Outcome};
use llm_observatory::model::{Record, ScoreValue};
use serde_json::{Value, json};

const PROJECT: &str = "00000000-0000-4000-8000-000000000010";
const INSERT: &str = "/v1/project_logs/00000000-0000-4000-8000-000000000010/insert";
const FEEDBACK: &str = "/v1/project_logs/00000000-0000-4000-8000-000000000010/feedback";

pub fn destination(vendor: &Vendor) -> Braintrust {
    let client = Client::builder()
        .api_key("secret-key-1")
        .base_url(vendor.url());
    Braintrust::new(client.build().unwrap()).project("bot")
}

pub async fn start() -> Vendor {
    Vendor::start(&[
        (
            "POST",
            "/v1/project",
            200,
            json!({"id": PROJECT, "org_id": PROJECT, "name": "bot"}),
        ),
        ("POST", INSERT, 200, json!({"row_ids": ["a"]})),
        ("POST", FEEDBACK, 200, json!({"status": "success"})),
    ])
    .await
}

#[tokio::test]
async fn sends_spans_as_rows_with_their_scores() {
    let vendor = start().await;
    let destination = destination(&vendor);
    let outcome = deliver(&destination, &records()).await;
    assert_eq!(outcome, Outcome::Items(vec![ItemOutcome::Acknowledged; 6]));
    deliver(&destination, &records()).await;
    let requests = vendor.requests().await;
    assert_valid("braintrust", &requests);
    let paths: Vec<&str> = requests
        .iter()
        .map(|request| request.path.as_str())
        .collect();
    assert_eq!(
        paths,
        ["/v1/project", INSERT, INSERT],
        "the project is looked up once"
    );

    let rows = &vendor.bodies(INSERT).await[0]["events"];
    assert_eq!(
        rows,
        &vendor.bodies(INSERT).await[1]["events"],
        "the same ids in a repetition"
    );
    let call = find(rows, "span_id", CALL);
    assert_eq!(call["id"], format!("{TRACE}-{CALL}"));
    assert_eq!(call["root_span_id"], TRACE);
    assert_eq!(call["span_parents"], json!([AGENT]));
    assert_eq!(call["scores"], json!({"helpful": 0.9}));
    assert_eq!(
        call["span_attributes"],
        json!({"name": "chat", "type": "llm"})
    );
    assert_eq!(call["metadata"]["model"], "gpt-4o-2024-08-06");
    assert_eq!(call["metadata"]["temperature"], 0.2);
    assert_eq!(call["metadata"]["user_id"], "u-7");
    assert_eq!(
        call["metadata"]["prompt"],
        json!({"name": "sky", "version": "3"})
    );
    let metrics = json!({
        "start": 1_750_000_000.04, "end": 1_750_000_000.84, "prompt_tokens": 120, "completion_tokens": 30, "tokens": 150,
        "prompt_cached_tokens": 20, "completion_reasoning_tokens": 10, "time_to_first_token": 0.1,
        "estimated_cost": 0.003,
    });
    assert_eq!(call["metrics"], metrics);
    assert_eq!(
        call["input"][1]["content"][0]["text"],
        "Why is this sky blue?"
    );
    assert_eq!(
        call["output"]["tool_calls"][0]["function"]["name"],
        "weather"
    );
    let root = find(rows, "span_id", ROOT);
    assert_eq!(root["id"], TRACE);
    assert_eq!(root["tags"], json!(["beta"]));
    assert_eq!(root["span_parents"], Value::Null);
    let tool = find(rows, "span_id", crate::example::TOOL);
    assert_eq!(
        tool["error"],
        json!({"type": "timeout", "message": "no reply\nin time"})
    );
}

#[tokio::test]
async fn sends_other_scores_as_feedback() {
    let vendor = start().await;
    let mut label = score(TRACE, None, "tone", ScoreValue::Category("kind".to_owned()));
    label.comment = Some("read by hand".to_owned());
    let late = score(TRACE, Some(CALL), "ok", ScoreValue::Boolean(false));
    let outside = score(TRACE, Some(CALL), "stars", ScoreValue::Number(4.0));
    let records: Vec<Record> = vec![label.into(), late.into(), outside.into()];
    let Outcome::Items(items) = deliver(&destination(&vendor), &records).await else {
        panic!("items");
    };
    assert_eq!(
        items[..2],
        [ItemOutcome::Acknowledged, ItemOutcome::Acknowledged]
    );
    let reason = "Braintrust has scores from 0 to 1, this one is 4".to_owned();
    assert_eq!(items[2], ItemOutcome::Rejected { reason });
    let requests = vendor.requests().await;
    assert_valid("braintrust", &requests);
    let expected = json!({"feedback": [
        {"id": TRACE, "source": "api", "metadata": {"tone": "kind"}, "comment": "read by hand"},
        {"id": format!("{TRACE}-{CALL}"), "source": "api", "scores": {"ok": 0}},
    ]});
    assert_eq!(vendor.bodies(FEEDBACK).await, [expected]);
}
