//! Helicone.

use crate::example::{CALL, SCORE, TRACE, records, score};
use crate::support::{Vendor, assert_valid, deliver};
use llm_observatory::destinations::helicone::{Client, Helicone};
use llm_observatory::destinations::{Destination, ItemOutcome, Outcome};
use llm_observatory::model::ScoreValue;
use serde_json::{Value, json};

pub const LOG: &str = "/v1/trace/custom/log/typed";

pub fn destination(vendor: &Vendor) -> Helicone {
    let client = Client::builder()
        .api_key("secret-key-1")
        .base_url(vendor.url());
    Helicone::new(client.build().unwrap())
}

pub async fn start(body: Value) -> Vendor {
    let scored = json!({"data": null, "error": null});
    Vendor::start(&[
        ("POST", LOG, 200, body),
        ("POST", "/v1/request/[^/]+/score", 200, scored),
    ])
    .await
}

/// Returns the logged request of the span with this name.
async fn logged(vendor: &Vendor, name: &str) -> Value {
    let mut bodies = vendor.bodies(LOG).await.into_iter();
    let found =
        bodies.find(|body| body["providerRequest"]["meta"]["Helicone-Property-Name"] == name);
    found.unwrap()
}

#[tokio::test]
async fn sends_spans_as_requests_and_scores_them_by_their_ids() {
    let vendor = start(json!({"isValid": true, "errors": []})).await;
    let outcome = deliver(&destination(&vendor), &records()).await;
    assert_eq!(outcome, Outcome::Items(vec![ItemOutcome::Acknowledged; 6]));
    let requests = vendor.requests().await;
    assert_eq!(requests.len(), 6);
    assert_valid("helicone", &requests);

    let call = logged(&vendor, "chat").await;
    let meta = &call["providerRequest"]["meta"];
    assert_eq!(meta["Helicone-Session-Id"], TRACE);
    assert_eq!(meta["Helicone-Session-Name"], "explain the sky");
    assert_eq!(meta["Helicone-Session-Path"], "/pipeline/assistant/chat");
    assert_eq!(meta["Helicone-User-Id"], "u-7");
    assert_eq!(meta["Helicone-Property-plan"], "pro");
    assert_eq!(meta["Helicone-Property-Tags"], "beta,gpt");
    assert_eq!(meta["Helicone-Property-Prompt"], "sky");
    assert_eq!(meta["Helicone-Property-Prompt-Version"], "3");
    assert_eq!(meta["Helicone-Property-Cost-USD"], "0.003");
    let score = &requests[5];
    let id = meta["Helicone-Request-Id"].as_str().unwrap();
    assert_eq!(
        score.path,
        format!("/v1/request/{id}/score"),
        "scores come last"
    );
    assert_eq!(
        vendor.bodies(&score.path).await,
        [json!({"scores": {"helpful": 0.9}})]
    );
    assert_eq!(id.as_bytes()[14], b'4', "a UUID: {id}");

    assert_eq!(call["provider"], "OPENAI");
    assert_eq!(call["timing"]["startTime"], "2025-06-15T15:06:40.040Z");
    assert_eq!(call["timing"]["timeToFirstToken"], 100.0);
    let request = &call["providerRequest"]["json"];
    assert_eq!(request["model"], "gpt-4o");
    assert_eq!(request["temperature"], 0.2);
    assert_eq!(request["messages"][1]["content"][1]["type"], "image_url");
    let response = &call["providerResponse"]["json"];
    assert_eq!(response["usage"]["completion_tokens"], 30);
    assert_eq!(response["choices"][0]["finish_reason"], "tool_call");
    let tool = logged(&vendor, "weather").await;
    assert_eq!(tool["providerResponse"]["status"], 500.0);
    assert_eq!(
        tool["providerResponse"]["json"]["message"],
        "no reply\nin time"
    );
    assert_eq!(tool["provider"], "CUSTOM");
}

#[tokio::test]
async fn reads_refusals_in_successes() {
    let errors = json!([{"field": "timing", "message": "is\u{7}odd"}]);
    let vendor = start(json!({"isValid": false, "errors": errors})).await;
    let outcome = deliver(&destination(&vendor), &records()[..1]).await;
    let reason = "timing: is odd".to_owned();
    assert_eq!(
        outcome,
        Outcome::Items(vec![ItemOutcome::Rejected { reason }])
    );
}

#[test]
fn supports_numbers_and_booleans_of_spans() {
    let helicone = Helicone::new(Client::builder().api_key("secret-key-1").build().unwrap());
    for (span, value, expected) in [
        (Some(CALL), ScoreValue::Number(4.5), true),
        (Some(CALL), ScoreValue::Boolean(true), true),
        (Some(CALL), ScoreValue::Category("kind".to_owned()), false),
        (None, ScoreValue::Number(4.5), false),
    ] {
        let record = score(SCORE, span, "a", value).into();
        assert_eq!(helicone.supports(&record), expected, "{record:?}");
    }
}
