//! Langfuse.

use crate::example::{CALL, SCORE, TRACE, records, score};
use crate::support::{Vendor, assert_valid, attributes, deliver, find, parsed};
use llm_observatory::destinations::langfuse::{Client, Langfuse};
use llm_observatory::destinations::{ItemOutcome, Outcome};
use llm_observatory::model::{Record, ScoreValue};
use serde_json::{Value, json};
use wiremock::ResponseTemplate;

const TRACES: &str = "/api/public/otel/v1/traces";
const SCORES: &str = "/api/public/scores";

pub fn destination(vendor: &Vendor) -> Langfuse {
    let client = Client::builder()
        .basic_auth("pk-lf-1", "sk-lf-1")
        .base_url(vendor.url());
    Langfuse::new(client.build().unwrap())
}

/// Acknowledges spans and scores.
pub async fn respond(vendor: &Vendor) {
    for (path, body) in [(TRACES, json!({})), (SCORES, json!({"id": SCORE}))] {
        let response = ResponseTemplate::new(200).set_body_json(body);
        vendor.respond("POST", path, response).await;
    }
}

async fn start() -> Vendor {
    let vendor = Vendor::start(&[]).await;
    respond(&vendor).await;
    vendor
}

#[tokio::test]
async fn sends_a_trace_and_its_scores() {
    let vendor = start().await;
    let mut records = records();
    let mut label = score(TRACE, None, "tone", ScoreValue::Category("kind".to_owned()));
    label.comment = Some("read by hand".to_owned());
    records.insert(0, label.into());
    records.push(
        score(
            "22222222222222223333333333333333",
            None,
            "ok",
            ScoreValue::Boolean(true),
        )
        .into(),
    );
    let outcome = deliver(&destination(&vendor), &records).await;
    assert_eq!(outcome, Outcome::Items(vec![ItemOutcome::Acknowledged; 8]));

    let requests = vendor.requests().await;
    assert_valid("langfuse", &requests);
    assert_eq!(requests[0].path, TRACES, "spans come before their scores");
    assert_eq!(
        requests[0].header("x-langfuse-ingestion-version"),
        Some("4")
    );
    let scores = Value::Array(vendor.bodies(SCORES).await);
    let expected = json!({
        "id": SCORE, "traceId": TRACE, "observationId": CALL, "name": "helpful", "value": 0.9, "dataType": "NUMERIC",
    });
    assert_eq!(find(&scores, "name", "helpful"), &expected);
    let expected = json!({
        "id": TRACE, "traceId": TRACE, "name": "tone", "value": "kind", "dataType": "CATEGORICAL",
        "comment": "read by hand",
    });
    assert_eq!(find(&scores, "name", "tone"), &expected);
    assert_eq!(find(&scores, "name", "ok")["value"], 1);
}

#[tokio::test]
async fn model_calls_have_usage_cost_and_messages() {
    let vendor = start().await;
    deliver(&destination(&vendor), &records()).await;
    let body = &vendor.bodies(TRACES).await[0];
    let resource = &body["resourceSpans"][0];
    assert_eq!(
        attributes(&resource["resource"])["service.name"],
        "support-bot"
    );
    let spans = &resource["scopeSpans"][0]["spans"];
    let call = find(spans, "spanId", CALL);
    assert_eq!(call["traceId"], TRACE);
    assert_eq!(call["kind"], 3);
    let values = attributes(call);
    let value = |name: &str| &values[format!("langfuse.{name}").as_str()];
    assert_eq!(value("observation.type"), "generation");
    assert_eq!(value("observation.model.name"), "gpt-4o-2024-08-06");
    assert_eq!(
        parsed(value("observation.model.parameters"))["temperature"],
        0.2
    );
    // The server adds up what it gets.
    let usage = json!({
        "input": 100, "input_cached_tokens": 20, "output": 20, "output_reasoning_tokens": 10, "total": 150,
    });
    assert_eq!(parsed(value("observation.usage_details")), usage);
    let cost = json!({"input": 0.001, "output": 0.002, "total": 0.003});
    assert_eq!(parsed(value("observation.cost_details")), cost);
    let input = parsed(value("observation.input"));
    assert_eq!(input["messages"][0]["content"], "Be brief.");
    let image = &input["messages"][1]["content"][1]["image_url"]["url"];
    assert_eq!(image, "data:image/png;base64,iVBORw0KGgo=");
    assert_eq!(input["tools"][0]["function"]["name"], "weather");
    let output = parsed(value("observation.output"));
    assert_eq!(
        output["tool_calls"][0]["function"]["arguments"],
        "{\"city\":\"Oslo\"}"
    );
    assert_eq!(value("observation.prompt.name"), "sky");
    assert_eq!(value("observation.prompt.version"), 3);
    assert_eq!(
        value("observation.completion_start_time"),
        "2025-06-15T15:06:40.140Z"
    );
    assert_eq!(values["session.id"], "s-1");
    assert_eq!(values["user.id"], "u-7");
    assert_eq!(value("trace.name"), "explain the sky");
    assert_eq!(parsed(value("trace.tags")), json!(["beta", "gpt"]));
    assert_eq!(value("trace.metadata.plan"), "pro");
    assert_eq!(value("environment"), "production");

    let tool = attributes(find(spans, "name", "weather"));
    assert_eq!(tool["langfuse.observation.level"], "ERROR");
    assert_eq!(
        tool["langfuse.observation.status_message"],
        "timeout: no reply\nin time"
    );
    let search = attributes(find(spans, "name", "search"));
    assert_eq!(search["langfuse.observation.type"], "retriever");
    let documents = parsed(&search["langfuse.observation.output"]);
    assert_eq!(documents[0]["content"], "Light scatters.");
}

#[tokio::test]
async fn counts_spans_that_the_server_refused() {
    let body = json!({"partialSuccess": {"rejectedSpans": "2", "errorMessage": "too\u{1b}old"}});
    let vendor = Vendor::start(&[("POST", TRACES, 200, body)]).await;
    let spans: Vec<Record> = crate::example::span_records();
    let Outcome::Items(items) = deliver(&destination(&vendor), &spans).await else {
        panic!("items");
    };
    let rejected: Vec<&ItemOutcome> = items
        .iter()
        .filter(|item| matches!(item, ItemOutcome::Rejected { .. }))
        .collect();
    assert_eq!(rejected.len(), 2);
    let reason = "2 of 5 spans were refused, it is not known which: too old";
    assert_eq!(
        rejected[0],
        &ItemOutcome::Rejected {
            reason: reason.to_owned()
        }
    );
}

#[tokio::test]
async fn sends_scores_again_alone() {
    let vendor = Vendor::start(&[("POST", TRACES, 200, json!({}))]).await;
    let busy = ResponseTemplate::new(503).set_body_string("busy");
    vendor.respond("POST", SCORES, busy).await;
    let Outcome::Items(items) = deliver(&destination(&vendor), &records()).await else {
        panic!("items");
    };
    assert_eq!(items[..5], vec![ItemOutcome::Acknowledged; 5]);
    assert!(matches!(items[5], ItemOutcome::Retry { .. }), "{items:?}");
}
