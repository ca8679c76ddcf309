//! The programs in `crates/<vendor>/examples`, run with a local server.

mod langsmith;
mod opik;
mod phoenix;

use std::fs;

use observatory_tests::repository::{files, root};
use serde_json::{Value, json};
use wiremock::MockServer;

use crate::example_files as programs;
use crate::support::{adaline, braintrust, galileo, helicone, langfuse, received, start_server};

/// Returns the body of the only request, and asserts its method and path.
async fn only_body(server: &MockServer, target: &str) -> Value {
    let [(_, body)] = <[_; 1]>::try_from(received(server, target).await).unwrap();
    body
}

/// Returns the value at a pointer in a body.
fn at<'b>(body: &'b Value, pointer: &str) -> &'b Value {
    let value = body.pointer(pointer);
    value.unwrap_or_else(|| panic!("no {pointer} in {body:#}"))
}

/// Returns query and body of all requests.
fn requests(received: &[(String, Value)]) -> Vec<(&str, &Value)> {
    let requests = received.iter();
    requests
        .map(|(query, body)| (query.as_str(), body))
        .collect()
}

#[test]
fn every_example_is_tested_and_in_the_readme() {
    let tested = fs::read_to_string(root().join("tests/clients/tests/clients/example_files.rs"));
    let tested = tested.unwrap();
    let mut count = 0;
    for vendor in [
        "adaline",
        "braintrust",
        "galileo",
        "helicone",
        "langfuse",
        "langsmith",
        "opik",
        "phoenix",
    ] {
        let folder = root().join("crates").join(vendor);
        let readme = fs::read_to_string(folder.join("README.md")).unwrap();
        for file in files(&folder.join("examples"), "rs") {
            let name = file.file_stem().unwrap().to_str().unwrap();
            assert!(
                tested.contains(&format!("pub mod {vendor}_{name};")),
                "{vendor} {name}"
            );
            let link = format!("[{name}]: examples/{name}.rs\n");
            assert!(
                readme.contains(&link),
                "{vendor} {name}: list it in vendor.toml"
            );
            count += 1;
        }
    }
    assert_eq!(count, 23);
}

#[tokio::test]
async fn adaline_logs_a_trace() {
    let response = json!({"traceId": "trace 1", "spanIds": ["span 1", "span 2"]});
    let server = start_server(vec![response]).await;
    let logged = programs::adaline_log_trace::log_trace(&adaline(&server), "project 1").await;
    let logged = logged.unwrap();
    assert_eq!(
        (logged.trace_id.as_str(), logged.span_ids.len()),
        ("trace 1", 2)
    );

    let body = only_body(&server, "POST /logs/trace").await;
    assert_eq!(body["projectId"], "project 1");
    let step = at(&body, "/spans/0");
    let call = at(&body, "/spans/1");
    assert_eq!(at(step, "/content/type"), "Function");
    assert_eq!(at(call, "/content/type"), "Model");
    assert_eq!(at(call, "/content/model"), "gpt-4o");
    assert_eq!(call["parentReferenceId"], step["referenceId"]);
    assert!(step["referenceId"].is_string(), "{step:#}");
    // Input and output have to be JSON.
    for text in [
        &step["content"]["input"],
        &call["content"]["input"],
        &call["content"]["output"],
    ] {
        serde_json::from_str::<Value>(text.as_str().unwrap()).unwrap();
    }
}

#[tokio::test]
async fn adaline_reads_traces() {
    let page = |ids: &[i64], next: Option<&str>| {
        let trace = |id: &i64| {
            json!({"id": format!("trace {id}"), "name": "question", "status": "success", "startedAt": 1, "endedAt": 3,
                "latency": 2, "referenceId": null, "sessionId": null, "attributes": {}, "tags": [], "totalCost": null,
                "totalInputTokens": null, "totalOutputTokens": null, "spanIds": [], "createdAt": 1, "updatedAt": 1})
        };
        let traces: Vec<Value> = ids.iter().map(trace).collect();
        json!({"traces": traces, "pagination":
            {"limit": 100, "returned": ids.len(), "hasMore": next.is_some(), "nextCursor": next}})
    };
    let server = start_server(vec![page(&[1, 2], Some("a")), page(&[3], None)]).await;
    let mut ids = Vec::new();
    let each = |trace: observatory_adaline::models::LogTraceItem| ids.push(trace.id);
    programs::adaline_read_traces::read_traces(&adaline(&server), "p", each)
        .await
        .unwrap();
    assert_eq!(ids, ["trace 1", "trace 2", "trace 3"]);

    let search = json!({"projectId": "p", "sort": "startedAt:desc", "limit": 100});
    let mut next = search.clone();
    next["cursor"] = json!("a");
    let received = received(&server, "POST /logs/traces").await;
    assert_eq!(requests(&received), [("", &search), ("", &next)]);
}

#[tokio::test]
async fn braintrust_logs_a_trace() {
    let server = start_server(vec![json!({"row_ids": ["1", "2"]})]).await;
    let logged = programs::braintrust_log_trace::log_trace(&braintrust(&server), "p").await;
    assert_eq!(logged.unwrap(), ["1", "2"]);

    let body = only_body(&server, "POST /v1/project_logs/p/insert").await;
    let (step, call) = (at(&body, "/events/0"), at(&body, "/events/1"));
    assert_eq!(step["root_span_id"], step["span_id"]);
    assert_eq!(step.get("span_parents"), None);
    assert_eq!(call["root_span_id"], step["span_id"]);
    assert_eq!(call["span_parents"], json!([step["span_id"]]));
    assert_ne!(call["id"], step["id"]);
    assert_eq!(
        at(call, "/span_attributes"),
        &json!({"name": "chat", "type": "llm"})
    );
    assert_eq!(at(call, "/metrics/prompt_tokens"), 12);
    assert!(at(call, "/metrics/start").as_f64().unwrap() > 1.7e9);
}

#[tokio::test]
async fn braintrust_reads_traces() {
    let page = |ids: &[i64], cursor: Option<&str>| {
        let event = |id: &i64| {
            json!({"id": format!("{id}"), "_xact_id": "1", "created": "2026-01-01T00:00:00Z", "org_id": "o",
                "project_id": "p", "log_id": "g", "span_id": format!("span {id}"), "root_span_id": "span 1"})
        };
        json!({"events": ids.iter().map(event).collect::<Vec<Value>>(), "cursor": cursor})
    };
    let server = start_server(vec![page(&[1, 2], Some("a")), page(&[3], None)]).await;
    let mut ids = Vec::new();
    let each = |span: observatory_braintrust::models::ProjectLogsEvent| ids.push(span.span_id);
    programs::braintrust_read_traces::read_traces(&braintrust(&server), "p", each)
        .await
        .unwrap();
    assert_eq!(ids, ["span 1", "span 2", "span 3"]);

    let received = received(&server, "POST /v1/project_logs/p/fetch").await;
    let (first, second) = (json!({"limit": 100}), json!({"limit": 100, "cursor": "a"}));
    assert_eq!(requests(&received), [("", &first), ("", &second)]);
}

#[tokio::test]
async fn braintrust_scores() {
    let server = start_server(vec![json!({"status": "success"})]).await;
    programs::braintrust_score::score(&braintrust(&server), "p", "span 1")
        .await
        .unwrap();
    let body = only_body(&server, "POST /v1/project_logs/p/feedback").await;
    let feedback =
        json!({"id": "span 1", "scores": {"helpful": 0.9}, "comment": "responded at once"});
    assert_eq!(body, json!({"feedback": [feedback]}));
}

#[tokio::test]
async fn galileo_logs_a_trace() {
    let response = json!({"project_id": "p", "project_name": "n", "records_count": 3, "traces_count": 1, "spans_count": 2});
    let server = start_server(vec![response]).await;
    let logged = programs::galileo_log_trace::log_trace(&galileo(&server), "p", "stream").await;
    assert_eq!(logged.unwrap().spans_count, 2);

    let body = only_body(&server, "POST /v2/projects/p/traces").await;
    assert_eq!(body["log_stream_id"], "stream");
    let step = at(&body, "/traces/0/spans/0");
    assert_eq!(
        (&step["type"], &step["name"]),
        (&json!("workflow"), &json!("respond"))
    );
    let call = at(step, "/spans/0");
    assert_eq!(
        (&call["type"], &call["model"]),
        (&json!("llm"), &json!("gpt-4o"))
    );
    assert_eq!(
        at(call, "/input/0"),
        &json!({"role": "user", "content": "Why is the sky blue?"})
    );
    assert_eq!(at(call, "/metrics/num_output_tokens"), 30);
}

#[tokio::test]
async fn galileo_reads_traces() {
    let page = |ids: &[i64], next: Option<i64>| {
        let trace = |id: &i64| {
            json!({"type": "trace", "id": format!("trace {id}"), "session_id": "s", "trace_id": format!("trace {id}"),
                "project_id": "p", "run_id": "stream", "name": "question", "num_spans": 2})
        };
        let records: Vec<Value> = ids.iter().map(trace).collect();
        json!({"starting_token": 0, "limit": 100, "paginated": next.is_some(), "next_starting_token": next,
            "records": records})
    };
    let server = start_server(vec![page(&[1, 2], Some(2)), page(&[3], None)]).await;
    let mut ids = Vec::new();
    let each = |trace: observatory_galileo::models::ExtendedTraceRecord| ids.push(trace.id);
    let client = galileo(&server);
    programs::galileo_read_traces::read_traces(&client, "p", "stream", each)
        .await
        .unwrap();
    assert_eq!(ids, ["trace 1", "trace 2", "trace 3"]);

    let first = json!({"log_stream_id": "stream", "limit": 100});
    let second = json!({"log_stream_id": "stream", "limit": 100, "starting_token": 2});
    let received = received(&server, "POST /projects/p/traces/search").await;
    assert_eq!(requests(&received), [("", &first), ("", &second)]);
}

#[tokio::test]
async fn galileo_scores() {
    use programs::galileo_score::{add_to_queue, score};
    let server = start_server(vec![json!({"message": "added", "num_records_added": 1})]).await;
    add_to_queue(&galileo(&server), "q", "p", "stream", "trace 1")
        .await
        .unwrap();
    let records = json!({"type": "record_ids", "record_ids": ["trace 1"]});
    assert_eq!(
        only_body(&server, "POST /annotation_queues/q/records").await,
        json!({"project_id": "p", "run_id": "stream", "record_selector": records})
    );

    let rating = json!({"annotation_type": "star", "value": 5});
    let rated = json!({"rating": rating, "created_at": "2026-01-01T00:00:00", "created_by": null});
    let server = start_server(vec![rated]).await;
    score(&galileo(&server), "q", "template", "trace 1")
        .await
        .unwrap();
    let received = received(&server, "PUT /annotation_queues/q/records/trace%201/rating").await;
    let body = json!({"rating": rating, "explanation": "responded at once"});
    assert_eq!(
        requests(&received),
        [("annotation_template_id=template", &body)]
    );
}

#[tokio::test]
async fn helicone_logs_a_trace() {
    let server = start_server(vec![Value::Null]).await;
    let trace_id = programs::helicone_log_trace::log_trace(&helicone(&server))
        .await
        .unwrap();
    let body = only_body(&server, "POST /v1/trace/log").await;
    assert_spans(at(&body, "/resourceSpans/0/scopeSpans/0/spans"), &trace_id);
    let call = at(&body, "/resourceSpans/0/scopeSpans/0/spans/1/attributes");
    let model = json!({"key": "gen_ai.response.model", "value": {"stringValue": "gpt-4o"}});
    assert!(call.as_array().unwrap().contains(&model), "{call:#}");
}

/// Asserts that the second of two OpenTelemetry spans is below the first.
fn assert_spans(spans: &Value, trace_id: &str) {
    let [step, call] = spans.as_array().unwrap().as_slice() else {
        panic!("{spans:#}");
    };
    let ids = [
        (&step["traceId"], 32),
        (&call["traceId"], 32),
        (&step["spanId"], 16),
        (&call["spanId"], 16),
    ];
    for (id, length) in ids {
        let id = id.as_str().unwrap();
        assert!(
            id.len() == length && id.chars().all(|c| c.is_ascii_hexdigit()),
            "{id}"
        );
    }
    assert_eq!(
        (&step["traceId"], &call["traceId"]),
        (&json!(trace_id), &json!(trace_id))
    );
    assert_ne!(step["spanId"], call["spanId"]);
    assert_eq!(step.get("parentSpanId"), None);
    assert_eq!(call["parentSpanId"], step["spanId"]);
}

#[tokio::test]
async fn helicone_reads_calls() {
    let page = |ids: &[i64]| {
        let request = |id: &i64| {
            json!({"request_id": format!("request {id}"), "request_created_at": "t", "request_body": {}, "request_path": "/",
                "response_status": 200, "provider": "OPENAI", "properties": {}, "assets": [], "target_url": "u",
                "model": "m", "cache_enabled": false})
        };
        json!({"data": ids.iter().map(request).collect::<Vec<Value>>(), "error": null})
    };
    let server = start_server(vec![page(&[1, 2]), page(&[3]), page(&[])]).await;
    let mut ids = Vec::new();
    let each = |call: observatory_helicone::models::HeliconeRequest| ids.push(call.request_id);
    programs::helicone_read_traces::read_traces(&helicone(&server), each)
        .await
        .unwrap();
    assert_eq!(ids, ["request 1", "request 2", "request 3"]);

    let query = |offset| json!({"filter": "all", "limit": 100, "offset": offset});
    let (first, second, third) = (json!({"filter": "all", "limit": 100}), query(2), query(3));
    let received = received(&server, "POST /v1/request/query").await;
    assert_eq!(
        requests(&received),
        [("", &first), ("", &second), ("", &third)]
    );
}

#[tokio::test]
async fn helicone_scores() {
    let server = start_server(vec![json!({"data": null, "error": null})]).await;
    programs::helicone_score::score(&helicone(&server), "r")
        .await
        .unwrap();
    let body = only_body(&server, "POST /v1/request/r/score").await;
    assert_eq!(body, json!({"scores": {"helpful": 90, "polite": true}}));
}

#[tokio::test]
async fn langfuse_logs_a_trace() {
    let server = start_server(vec![json!({})]).await;
    let trace_id = programs::langfuse_log_trace::log_trace(&langfuse(&server))
        .await
        .unwrap();
    let body = only_body(&server, "POST /api/public/otel/v1/traces").await;
    assert_spans(at(&body, "/resourceSpans/0/scopeSpans/0/spans"), &trace_id);
    let call = at(&body, "/resourceSpans/0/scopeSpans/0/spans/1/attributes");
    let kind = json!({"key": "langfuse.observation.type", "value": {"stringValue": "generation"}});
    assert!(call.as_array().unwrap().contains(&kind), "{call:#}");
}

#[tokio::test]
async fn langfuse_reads_observations() {
    let page = |ids: &[i64], cursor: Option<&str>| {
        let observation = |id: &i64| {
            json!({"id": format!("{id}"), "traceId": "t", "startTime": "2026-01-01T00:00:00Z", "endTime": null,
                "projectId": "p", "parentObservationId": null, "type": "GENERATION", "modelId": null,
                "inputPrice": null, "outputPrice": null, "totalPrice": null})
        };
        let data: Vec<Value> = ids.iter().map(observation).collect();
        json!({"data": data, "meta": {"cursor": cursor}})
    };
    let server = start_server(vec![page(&[1, 2], Some("a")), page(&[3], None)]).await;
    let mut ids = Vec::new();
    let each = |observation: observatory_langfuse::models::ObservationV2| ids.push(observation.id);
    programs::langfuse_read_traces::read_traces(&langfuse(&server), each)
        .await
        .unwrap();
    assert_eq!(ids, ["1", "2", "3"]);
    let received = received(&server, "GET /api/public/v2/observations").await;
    let null = Value::Null;
    assert_eq!(
        requests(&received),
        [("limit=100", &null), ("limit=100&cursor=a", &null)]
    );
}

#[tokio::test]
async fn langfuse_scores() {
    let server = start_server(vec![json!({"id": "score 1"})]).await;
    let score_id = programs::langfuse_score::score(&langfuse(&server), "t")
        .await
        .unwrap();
    assert_eq!(score_id, "score 1");
    let body = only_body(&server, "POST /api/public/scores").await;
    let score =
        json!({"name": "helpful", "value": 0.9, "traceId": "t", "comment": "responded at once"});
    assert_eq!(body, score);
}
