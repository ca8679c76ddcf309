//! Galileo.

use crate::example::{TRACE, span_records, spans};
use crate::support::{Vendor, assert_valid, deliver, find};
use llm_observatory::destinations::galileo::{self, Client, Galileo};
use llm_observatory::destinations::{ItemOutcome, Outcome};
use llm_observatory::model::{Record, SpanId};
use serde_json::{Value, json};

pub const PROJECT: &str = "00000000-0000-4000-8000-000000000010";
const STREAM: &str = "00000000-0000-4000-8000-000000000020";
pub const TRACES: &str = "/v2/projects/00000000-0000-4000-8000-000000000010/traces";
const SPANS: &str = "/v2/projects/00000000-0000-4000-8000-000000000010/spans";
const STREAMS: &str = "/projects/00000000-0000-4000-8000-000000000010/log_streams";

pub fn destination(vendor: &Vendor) -> Galileo {
    let client = Client::builder()
        .api_key("secret-key-1")
        .base_url(vendor.url());
    Galileo::new(client.build().unwrap())
        .project("bot")
        .log_stream("prod")
}

pub async fn start(projects: Value) -> Vendor {
    let time = "2026-01-01T00:00:00Z";
    let stream = json!({
        "id": STREAM, "name": "prod", "project_id": PROJECT, "created_at": time, "updated_at": time,
    });
    let logged = json!({
        "project_id": PROJECT, "project_name": "bot", "records_count": 6, "traces_count": 1, "spans_count": 5,
        "trace_id": PROJECT, "parent_id": PROJECT,
    });
    Vendor::start(&[
        (
            "POST",
            "/projects/paginated",
            200,
            json!({"projects": projects}),
        ),
        (
            "POST",
            "/projects",
            200,
            json!({"id": PROJECT, "created_at": time, "updated_at": time}),
        ),
        (
            "POST",
            &format!("{STREAMS}/search"),
            200,
            json!({"log_streams": [stream]}),
        ),
        ("POST", TRACES, 200, logged.clone()),
        ("POST", SPANS, 200, logged),
    ])
    .await
}

/// Returns the header with the key, the name of the project and the name of the log stream that a destination with these
/// variables sends.
async fn sent_names(variables: &[(&str, &str)]) -> (String, Value, Value) {
    let vendor = start(json!([])).await;
    let url = vendor.url();
    let lookup = |name: &str| {
        let url = [("SPLUNK_AO_API_URL", url.as_str())];
        let mut all = variables.iter().chain(&url);
        let found = all.find(|(known, _)| *known == name);
        found.map(|(_, value)| (*value).to_owned())
    };
    deliver(&galileo::from_lookup(lookup).unwrap(), &span_records()).await;
    let requests = vendor.requests().await;
    let headers = ["galileo-api-key", "splunk-ao-api-key"];
    let keys = requests[0].headers.iter();
    let keys = keys.filter(|(name, _)| headers.contains(&name.as_str()));
    let keys: Vec<String> = keys.map(|(name, key)| format!("{name}: {key}")).collect();
    let project = vendor.bodies("/projects").await.remove(0);
    let stream = vendor.bodies(&format!("{STREAMS}/search")).await.remove(0);
    let stream = stream["filters"][0]["value"].clone();
    (keys.join(", "), project["name"].clone(), stream)
}

#[tokio::test]
async fn reads_variables_of_both_product_names() {
    let old = [
        ("GALILEO_API_KEY", "k"),
        ("GALILEO_PROJECT", "bot"),
        ("GALILEO_LOG_STREAM", "prod"),
    ];
    let new = [
        ("SPLUNK_AO_API_KEY", "s"),
        ("SPLUNK_AO_PROJECT", "new bot"),
        ("SPLUNK_AO_AGENT_STREAM", "new prod"),
    ];
    let key = "galileo-api-key: k".to_owned();
    let expected = (key, json!("bot"), json!("prod"));
    assert_eq!(sent_names(&old).await, expected);
    assert_eq!(sent_names(&[old, new].concat()).await, expected);
    let key = "splunk-ao-api-key: s".to_owned();
    let expected = (key, json!("new bot"), json!("new prod"));
    assert_eq!(sent_names(&new).await, expected);
    let blank = [("GALILEO_API_KEY", ""), ("GALILEO_PROJECT", " ")];
    assert_eq!(sent_names(&[&blank[..], &new].concat()).await, expected);
}

#[tokio::test]
async fn sends_a_trace_as_a_tree() {
    let vendor = start(json!([])).await;
    let destination = destination(&vendor);
    let outcome = deliver(&destination, &span_records()).await;
    assert_eq!(outcome, Outcome::Items(vec![ItemOutcome::Acknowledged; 5]));
    deliver(&destination, &span_records()).await;
    let requests = vendor.requests().await;
    assert_valid("galileo", &requests);
    let paths: Vec<&str> = requests
        .iter()
        .map(|request| request.path.as_str())
        .collect();
    let search = format!("{STREAMS}/search");
    let expected = ["/projects/paginated", "/projects", &search, TRACES, TRACES];
    assert_eq!(
        paths, expected,
        "a missing project is made, and all is looked up once"
    );

    let bodies = vendor.bodies(TRACES).await;
    assert_eq!(bodies[0], bodies[1], "the same ids in a repetition");
    let body = &bodies[0];
    assert_eq!(body["log_stream_id"], STREAM);
    assert_eq!(body["session_external_id"], "s-1");
    let trace = &body["traces"][0];
    assert_eq!(trace["id"], "0af76519-16cd-43dd-8448-eb211c80319c");
    assert_eq!(trace["external_id"], TRACE);
    assert_eq!(trace["input"], "{\"question\":\"Why is this sky blue?\"}");
    assert_eq!(trace["output"], "Rayleigh scattering.");
    assert_eq!(trace["user_metadata"]["user"], "u-7");
    let root = &trace["spans"][0];
    assert_eq!(root["type"], "workflow");
    assert_eq!(root["metrics"], json!({"duration_ns": 900_000_000}));
    let search = find(&root["spans"], "type", "retriever");
    assert_eq!(
        search["output"][0]["metadata"],
        json!({"id": "d1", "page": 4, "score": 0.8})
    );
    let agent = find(&root["spans"], "type", "agent");
    let call = find(&agent["spans"], "type", "llm");
    assert_eq!(call["model"], "gpt-4o-2024-08-06");
    assert_eq!(call["temperature"], 0.2);
    assert_eq!(call["finish_reason"], "tool_call");
    let metrics = json!({
        "duration_ns": 800_000_000, "num_input_tokens": 120, "num_output_tokens": 30, "num_total_tokens": 150,
        "time_to_first_token_ns": 100_000_000, "num_cached_input_tokens": 20, "num_reasoning_tokens": 10,
    });
    assert_eq!(call["metrics"], metrics);
    assert_eq!(
        call["input"][0],
        json!({"role": "system", "content": "Be brief."})
    );
    let image = "Why is this sky blue?\ndata:image/png;base64,iVBORw0KGgo=";
    assert_eq!(call["input"][1], json!({"role": "user", "content": image}));
    let function = json!({"name": "weather", "arguments": "{\"city\":\"Oslo\"}"});
    assert_eq!(
        call["output"]["tool_calls"],
        json!([{"id": "call_1", "function": function}])
    );
    assert_eq!(call["user_metadata"]["cost_usd"], "0.003");
    assert_eq!(call["user_metadata"]["prompt"], "sky");
    assert_eq!(call["user_metadata"]["prompt_version"], "3");
    let tool = find(&agent["spans"], "type", "tool");
    assert_eq!(tool["status_code"], 500);
    assert_eq!(tool["tool_call_id"], "call_1");
    assert_eq!(tool["user_metadata"]["error"], "no reply\nin time");
}

#[tokio::test]
async fn uses_the_project_of_the_name() {
    let time = "2026-01-01T00:00:00Z";
    let user = json!({"id": PROJECT, "email": "a@b.example"});
    let project = json!({
        "id": PROJECT, "name": "bot", "created_by": PROJECT, "created_by_user": user, "runs": [], "created_at": time,
        "updated_at": time,
    });
    let vendor = start(json!([project])).await;
    deliver(&destination(&vendor), &span_records()).await;
    let requests = vendor.requests().await;
    assert!(requests.iter().all(|request| request.path != "/projects"));
    let filters = &vendor.bodies("/projects/paginated").await[0]["filters"];
    assert_eq!(
        filters,
        &json!([{"name": "name", "operator": "eq", "value": "bot"}])
    );
}

#[tokio::test]
async fn sends_late_spans_with_the_id_of_their_parent() {
    let vendor = start(json!([])).await;
    let late: Vec<Record> = spans()
        .into_iter()
        .skip(1)
        .take(2)
        .map(Record::from)
        .collect();
    let outcome = deliver(&destination(&vendor), &late).await;
    assert_eq!(outcome, Outcome::Items(vec![ItemOutcome::Acknowledged; 2]));
    assert_valid("galileo", &vendor.requests().await);
    let bodies = vendor.bodies(SPANS).await;
    assert_eq!(bodies.len(), 2);
    let agent = "00f067aa-0ba9-4a02-b7b3-651916cd43dd";
    for body in &bodies {
        assert_eq!(body["trace_id"], "0af76519-16cd-43dd-8448-eb211c80319c");
        let parent = body["parent_id"].as_str().unwrap();
        assert_eq!(parent.split('-').next(), agent.split('-').next());
        assert_eq!(parent.len(), 36);
    }
}

#[tokio::test]
async fn damaged_and_deep_traces_are_sent_whole() {
    let vendor = start(json!([])).await;
    let template = spans().remove(4);
    let id = |number: u64| SpanId::from_bytes((number + 1).to_be_bytes()).unwrap();
    let mut all = Vec::new();
    for number in 0..2_000 {
        let mut span = template.clone();
        span.id = id(number);
        span.parent = (number > 0).then(|| id(number - 1));
        all.push(span);
    }
    // A circle of two, and a span that is its own parent.
    all[1_000].parent = Some(id(1_001));
    all[1_500].parent = Some(id(1_500));
    let records: Vec<Record> = all.into_iter().map(Record::from).collect();
    let outcome = deliver(&destination(&vendor), &records).await;
    assert_eq!(
        outcome,
        Outcome::Items(vec![ItemOutcome::Acknowledged; 2_000])
    );
    let text = vendor.bodies(TRACES).await[0].to_string();
    assert_eq!(text.matches("\"type\":\"workflow\"").count(), 2_000);
}
