//! Adaline.

use crate::example::{AGENT, CALL, SCORE, TRACE, call, records, span_records};
use crate::support::{Vendor, assert_valid, deliver, find, parsed};
use llm_observatory::destinations::adaline::{Adaline, Client};
use llm_observatory::destinations::{Destination, Grouping, ItemOutcome, Outcome};
use llm_observatory::model::PromptVersion;
use serde_json::json;

pub const PROJECT: &str = "project_0123456789abcdef";

pub fn destination(vendor: &Vendor) -> Adaline {
    let client = Client::builder()
        .api_key("secret-key-1")
        .base_url(vendor.url());
    Adaline::new(client.build().unwrap()).project(PROJECT)
}

pub async fn start() -> Vendor {
    let id = "00000000-0000-4000-8000-000000000060";
    Vendor::start(&[
        (
            "POST",
            "/logs/trace",
            200,
            json!({"traceId": id, "spanIds": [id]}),
        ),
        ("POST", "/logs/span", 200, json!({"spanId": id})),
    ])
    .await
}

#[tokio::test]
async fn sends_a_trace_with_its_spans() {
    let vendor = start().await;
    let destination = destination(&vendor);
    assert_eq!(destination.grouping(), Grouping::Traces);
    let outcome = deliver(&destination, &span_records()).await;
    assert_eq!(outcome, Outcome::Items(vec![ItemOutcome::Acknowledged; 5]));
    let requests = vendor.requests().await;
    assert_eq!(requests.len(), 1);
    assert_valid("adaline", &requests);

    let body = &vendor.bodies("/logs/trace").await[0];
    let expected = json!({
        "startedAt": 1_750_000_000_000_i64, "endedAt": 1_750_000_000_900_i64, "name": "explain the sky",
        "status": "success", "referenceId": TRACE, "sessionId": "s-1", "tags": ["beta"],
        "attributes": {
            "plan": "pro", "user": "u-7", "service": "support-bot", "environment": "production", "release": "1.2.3",
        },
    });
    assert_eq!(body["trace"], expected);
    let call = find(&body["spans"], "referenceId", CALL);
    assert_eq!(call["parentReferenceId"], AGENT);
    assert_eq!(call["content"]["type"], "Model");
    assert_eq!(call["content"]["provider"], "openai");
    assert_eq!(call["content"]["model"], "gpt-4o-2024-08-06");
    assert_eq!(call["content"]["cost"], 0.003);
    assert_eq!(call["attributes"]["prompt"], "sky 3");
    assert_eq!(
        call["promptId"],
        json!(null),
        "the prompt of another vendor"
    );
    let input = parsed(&call["content"]["input"]);
    assert_eq!(
        input["messages"][0],
        json!({"role": "system", "content": "Be brief."})
    );
    assert_eq!(input["messages"][1]["content"][1]["type"], "image_url");
    assert_eq!(input["temperature"], 0.2);
    let output = parsed(&call["content"]["output"]);
    assert_eq!(
        output["choices"][0]["message"]["tool_calls"][0]["id"],
        "call_1"
    );
    assert_eq!(output["usage"]["prompt_tokens"], 120);
    assert_eq!(output["usage"]["total_tokens"], 150);
    let tool = find(&body["spans"], "name", "weather");
    assert_eq!(tool["status"], "failure");
    assert_eq!(
        parsed(&tool["content"]["output"]),
        json!({"error": "no reply\nin time"})
    );
    let search = find(&body["spans"], "name", "search");
    assert_eq!(search["content"]["type"], "Retrieval");
    assert_eq!(parsed(&search["content"]["output"])[0]["score"], 0.8);
}

#[tokio::test]
async fn sends_late_spans_with_the_ids_of_their_trace_and_parent() {
    let vendor = start().await;
    let late = &span_records()[1..3];
    let outcome = deliver(&destination(&vendor), late).await;
    assert_eq!(outcome, Outcome::Items(vec![ItemOutcome::Acknowledged; 2]));
    let requests = vendor.requests().await;
    assert_valid("adaline", &requests);
    let bodies = vendor.bodies("/logs/span").await;
    assert_eq!(bodies.len(), 2);
    for body in bodies {
        assert_eq!(body["span"]["traceReferenceId"], TRACE);
        assert_eq!(body["span"]["parentReferenceId"], AGENT);
    }
}

#[tokio::test]
async fn spans_without_content_and_long_texts_are_valid() {
    let vendor = start().await;
    let mut root = crate::example::spans().remove(4);
    root.name = String::new();
    (root.input, root.output) = (None, None);
    let mut trace = (*root.trace).clone();
    trace.name = "n".repeat(300);
    trace.session = Some("s".repeat(200));
    trace.tags = vec![String::new(), "t".repeat(300)];
    root.trace = trace.into();
    deliver(&destination(&vendor), &[root.into()]).await;
    assert_valid("adaline", &vendor.requests().await);
}

#[test]
fn scores_are_not_in_the_api() {
    let client = Client::builder().api_key("secret-key-1").build().unwrap();
    let adaline = Adaline::new(client);
    let supported = records()
        .iter()
        .filter(|record| adaline.supports(record))
        .count();
    assert_eq!((supported, SCORE.len()), (5, 32));
}

#[tokio::test]
async fn spans_are_linked_to_the_deployment_of_their_prompt() {
    let vendor = start().await;
    let (prompt, deployment) = ("prompt_0123456789abcdef", "deployment_0123456789");
    let mut linked = call();
    linked.prompt = Some(PromptVersion {
        name: prompt.to_owned(),
        version: Some(deployment.to_owned()),
    });
    let mut records = span_records();
    records[1] = linked.clone().into();
    deliver(&destination(&vendor), &records).await;
    // A span that ends after its trace was sent.
    deliver(&destination(&vendor), &[linked.into()]).await;
    assert_valid("adaline", &vendor.requests().await);
    let whole = &vendor.bodies("/logs/trace").await[0]["spans"];
    let late = &vendor.bodies("/logs/span").await[0]["span"];
    for span in [find(whole, "referenceId", CALL), late] {
        assert_eq!(span["promptId"], prompt);
        assert_eq!(span["deploymentId"], deployment);
    }
}
