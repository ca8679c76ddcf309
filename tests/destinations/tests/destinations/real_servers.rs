//! Real servers: what the engine delivers comes back.

use crate::example::{AGENT, CALL, ROOT, SCORE, SEARCH, TOOL, TRACE, records};
use crate::support::{Vendor, deliver, parsed};
use crate::wire;
use llm_observatory::destinations::{Destination, mlflow, otlp, phoenix};
use llm_observatory::{ContentPolicy, Observatory};
use observatory_tests::real_servers::{start_mlflow, start_phoenix, start_rotel};
use serde_json::{Value, json};
use std::path::Path;
use std::time::{Duration, Instant};

const TEMPORARY: &str = env!("CARGO_TARGET_TMPDIR");

/// Delivers the example through the engine, and asserts that the server has acknowledged all of it.
async fn observe(destination: impl Destination) {
    let builder = Observatory::builder().content(ContentPolicy::All);
    let observatory = builder.to(destination).build().unwrap();
    for record in records() {
        observatory.record(record);
    }
    let report = observatory.flush(Duration::from_secs(30)).await;
    let destination = &report.destinations[0];
    assert_eq!(destination.acknowledged, 6, "{report}");
}

/// Requests a URL until the response has what is expected, at most for a minute: servers store spans asynchronously.
async fn get_until(url: &str, is_complete: impl Fn(&Value) -> bool) -> Value {
    let started = Instant::now();
    loop {
        let response = reqwest::get(url).await.unwrap();
        let body: Value = response.json().await.unwrap_or_default();
        if is_complete(&body) {
            return body;
        }
        let in_time = started.elapsed() < Duration::from_secs(60);
        assert!(in_time, "{url}: {body:#}");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

/// Ids of spans and of their parents, with the kinds by OpenInference.
const TREE: [(&str, Option<&str>, &str); 5] = [
    (ROOT, None, "CHAIN"),
    (SEARCH, Some(ROOT), "RETRIEVER"),
    (AGENT, Some(ROOT), "AGENT"),
    (CALL, Some(AGENT), "LLM"),
    (TOOL, Some(AGENT), "TOOL"),
];

#[tokio::test]
#[ignore = "needs Phoenix: scripts/install-phoenix.sh"]
async fn phoenix_returns_the_trace() {
    let server = start_phoenix(Path::new(TEMPORARY), "phoenix-destination");
    let builder = phoenix::builder().base_url(server.url());
    observe(builder.project("support bot").build().unwrap()).await;
    let url = format!("{}/v1/projects/support%20bot/spans?limit=100", server.url());
    let is_complete = |body: &Value| body["data"].as_array().is_some_and(|data| data.len() == 5);
    let body = get_until(&url, is_complete).await;
    let spans = body["data"].as_array().unwrap();
    let find = |id: &str| {
        let mut spans = spans.iter();
        let found = spans.find(|span| span["context"]["span_id"] == id);
        found.unwrap_or_else(|| panic!("no {id} in {body:#}"))
    };
    for (id, parent, kind) in TREE {
        let span = find(id);
        assert_eq!(span["context"]["trace_id"], TRACE);
        assert_eq!(span["parent_id"], json!(parent), "{id}");
        assert_eq!(span["span_kind"], kind, "{id}");
    }
    let call = find(CALL);
    assert_eq!(call["start_time"], "2025-06-15T15:06:40.040000+00:00");
    assert_eq!(call["end_time"], "2025-06-15T15:06:40.840000+00:00");
    assert_eq!(call["status_code"], "OK");
    let attributes = &call["attributes"];
    for (name, expected) in [
        ("llm.model_name", json!("gpt-4o-2024-08-06")),
        ("llm.provider", json!("openai")),
        ("llm.token_count.prompt", json!(120)),
        ("llm.token_count.completion", json!(30)),
        ("llm.token_count.prompt_details.cache_read", json!(20)),
        ("llm.cost.total", json!(0.003)),
        ("llm.input_messages.0.message.role", json!("system")),
        ("llm.input_messages.0.message.content", json!("Be brief.")),
        (
            "llm.input_messages.1.message.contents.0.message_content.text",
            json!("Why is this sky blue?"),
        ),
        (
            "llm.output_messages.0.message.tool_calls.0.tool_call.function.name",
            json!("weather"),
        ),
        ("session.id", json!("s-1")),
        ("user.id", json!("u-7")),
    ] {
        assert_eq!(attributes[name], expected, "{name}");
    }
    let url = format!(
        "{}/v1/projects/support%20bot/span_annotations?span_ids={CALL}",
        server.url()
    );
    let is_complete = |body: &Value| body["data"][0]["result"] != Value::Null;
    let scores = get_until(&url, is_complete).await;
    let score = &scores["data"][0];
    assert_eq!(score["name"], "helpful");
    assert_eq!(score["result"]["score"], 0.9);
    assert_eq!(score["identifier"], SCORE);
    let tool = find(TOOL);
    assert_eq!(tool["status_code"], "ERROR");
    assert_eq!(tool["status_message"], "no reply\nin time");
    let found = &find(SEARCH)["attributes"];
    assert_eq!(
        found["retrieval.documents.0.document.content"],
        "Light scatters."
    );
}

/// Returns the attributes of a span in MLflow's response.
fn mlflow_attributes(span: &Value) -> Value {
    fn plain(value: &Value) -> Value {
        let Some((kind, value)) = value.as_object().and_then(|value| value.iter().next()) else {
            return Value::Null;
        };
        match kind.as_str() {
            "array_value" => match value["values"].as_array() {
                Some(values) => values.iter().map(plain).collect(),
                None => json!([]),
            },
            "kvlist_value" => {
                let pairs = value["values"].as_array().into_iter().flatten();
                let pairs = pairs.map(|pair| {
                    (
                        pair["key"].as_str().unwrap().to_owned(),
                        plain(&pair["value"]),
                    )
                });
                Value::Object(pairs.collect())
            }
            _ => value.clone(),
        }
    }
    plain(&json!({"kvlist_value": {"values": span["attributes"]}}))
}

#[tokio::test]
#[ignore = "needs MLflow: scripts/install-mlflow.sh"]
async fn mlflow_returns_the_trace() {
    let server = start_mlflow(Path::new(TEMPORARY), "mlflow-destination");
    observe(
        mlflow::builder()
            .base_url(server.url())
            .project("0")
            .build()
            .unwrap(),
    )
    .await;
    let url = format!(
        "{}/api/3.0/mlflow/traces/get?trace_id=tr-{TRACE}",
        server.url()
    );
    let is_complete = |body: &Value| {
        let spans = body["trace"]["spans"].as_array();
        spans.is_some_and(|spans| spans.len() == 5)
    };
    let body = get_until(&url, is_complete).await;
    let info = &body["trace"]["trace_info"];
    assert_eq!(info["state"], "OK", "that of the root");
    let metadata = &info["trace_metadata"];
    assert_eq!(metadata["mlflow.trace.session"], "s-1");
    assert_eq!(metadata["mlflow.trace.user"], "u-7");
    let usage = parsed(&metadata["mlflow.trace.tokenUsage"]);
    assert_eq!(usage["input_tokens"], 120);
    assert_eq!(usage["output_tokens"], 30);
    assert_eq!(usage["total_tokens"], 150);

    let spans = body["trace"]["spans"].as_array().unwrap();
    let find = |name: &str| {
        let found = spans.iter().find(|span| span["name"] == name);
        found.unwrap_or_else(|| panic!("no {name} in {body:#}"))
    };
    for (name, parent, kind) in [
        ("pipeline", None, "CHAIN"),
        ("search", Some("pipeline"), "RETRIEVER"),
        ("assistant", Some("pipeline"), "AGENT"),
        ("chat", Some("assistant"), "LLM"),
        ("weather", Some("assistant"), "TOOL"),
    ] {
        let span = find(name);
        let parent = parent.map_or(Value::Null, |parent| find(parent)["span_id"].clone());
        assert_eq!(span["parent_span_id"], parent, "{name}");
        assert_eq!(mlflow_attributes(span)["mlflow.spanType"], kind, "{name}");
    }
    let call = mlflow_attributes(find("chat"));
    let input = &call["mlflow.spanInputs"];
    assert_eq!(input[0]["role"], "user");
    assert_eq!(input[0]["parts"][0]["content"], "Why is this sky blue?");
    let output = &call["mlflow.spanOutputs"];
    assert_eq!(output[0]["parts"][0]["name"], "weather");
    assert_eq!(call["mlflow.llm.model"], "gpt-4o-2024-08-06");
    assert_eq!(
        mlflow_attributes(find("weather"))["mlflow.spanInputs"],
        json!({"city": "Oslo"})
    );
    assert_eq!(find("weather")["status"]["code"], "STATUS_CODE_ERROR");
    assert_eq!(find("weather")["status"]["message"], "no reply\nin time");
    let event = &find("chat")["events"][0];
    assert_eq!(event["name"], "gen_ai.evaluation.result");
    assert_eq!(
        mlflow_attributes(event)["gen_ai.evaluation.score.value"],
        0.9
    );
}

#[tokio::test]
#[ignore = "needs Rotel: scripts/install-rotel.sh"]
async fn rotel_forwards_every_span_unchanged() {
    let vendor = Vendor::start(&[("POST", "/v1/traces", 200, json!({}))]).await;
    let direct = otlp::endpoint(vendor.url()).build().unwrap();
    deliver(&direct, &records()).await;
    let rotel = start_rotel("rotel", &vendor.url());
    observe(otlp::endpoint(rotel.url()).build().unwrap()).await;
    let started = Instant::now();
    let forwarded = loop {
        let requests = vendor.requests().await;
        let requests = requests.get(1..).unwrap_or_default();
        let spans: Vec<wire::Span> = requests.iter().flat_map(wire::spans).collect();
        if spans.len() >= 5 {
            break spans;
        }
        let in_time = started.elapsed() < Duration::from_secs(30);
        assert!(in_time, "{} of 5 spans", spans.len());
        tokio::time::sleep(Duration::from_millis(100)).await;
    };
    let sent = wire::spans(&vendor.requests().await[0]);
    assert_eq!(sent.len(), 5);
    let mut forwarded = forwarded;
    forwarded.sort_by(|a, b| a.span_id.cmp(&b.span_id));
    assert_eq!(forwarded, sent);
}
