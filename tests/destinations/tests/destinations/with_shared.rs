//! Requests compared in meaning with those of the vendors' own SDKs for the same trace, recorded in `../shared/wire`.
//!
//! What an SDK sends must be in ours, with the same value. Ids and times differ, and texts with JSON are compared as JSON.

use crate::example::at;
use crate::support::{Vendor, attributes, deliver, find};
use crate::{adaline, galileo, helicone, langfuse};
use llm_observatory::model::{
    Cost, Document, Message, Record, Span, SpanId, SpanKind, TraceId, TraceInfo, Usage,
};
use observatory_tests::recordings::Recording;
use serde_json::{Value, json};
use std::sync::Arc;

/// Returns the spans that the SDKs recorded: a root with a search, a tool and a model call.
fn recorded_spans() -> Vec<Span> {
    let mut info = TraceInfo::new(TraceId::random(), "chat-turn");
    info.session = Some("sess-1".to_owned());
    info.user = Some("u1".to_owned());
    info.tags = vec!["prod".to_owned()];
    let info = Arc::new(info);
    let root = SpanId::random();
    let span = |kind, name: &str| {
        let mut span = Span::new(Arc::clone(&info), kind, name, at(1));
        span.parent = Some(root);
        span.end = at(10);
        span
    };
    let mut pipeline = span(SpanKind::Workflow, "pipeline");
    pipeline.id = root;
    pipeline.parent = None;
    pipeline.input = Some(json!({"q": "2+2?"}));
    pipeline.output = Some(json!({"a": "4"}));
    let mut search = span(SpanKind::Retriever, "retrieve");
    search.input = Some(json!("2+2"));
    let mut document = Document {
        content: "math doc".to_owned(),
        ..Document::default()
    };
    document.id = Some("d1".to_owned());
    search.documents = vec![document];
    let mut tool = span(SpanKind::Tool, "calculator");
    tool.input = Some(json!({"expr": "2+2"}));
    tool.output = Some(json!("4"));
    tool.metadata
        .insert("tool_call_id".to_owned(), json!("call_1"));
    let mut call = span(SpanKind::Llm, "llm");
    call.model = Some("gpt-4o".to_owned());
    call.provider = Some("openai".to_owned());
    call.parameters.insert("temperature".to_owned(), json!(0.2));
    call.input_messages = vec![Message::user("2+2?")].into();
    call.output_messages = vec![Message::assistant("4")].into();
    call.usage = Usage::tokens(12, 1);
    call.cost = Cost::usd(0.001);
    call.tags = vec!["gpt".to_owned()];
    call.metadata.insert("a".to_owned(), json!("b"));
    vec![search, tool, call, pipeline]
}

fn records(spans: Vec<Span>) -> Vec<Record> {
    spans.into_iter().map(Record::from).collect()
}

/// Asserts that everything in `expected` is in `actual`, except for the ignored keys. Ours may have more.
fn assert_contains(actual: &Value, expected: &Value, ignored: &[&str], at: &str) {
    match (actual, expected) {
        (Value::Object(actual), Value::Object(expected)) => {
            for (key, expected) in expected
                .iter()
                .filter(|(key, _)| !ignored.contains(&key.as_str()))
            {
                let at = format!("{at}/{key}");
                let is_empty =
                    expected.is_null() || *expected == json!({}) || *expected == json!([]);
                match actual.get(key) {
                    Some(actual) => assert_contains(actual, expected, ignored, &at),
                    None => assert!(is_empty, "{at}: {expected} is missing"),
                }
            }
        }
        (Value::Array(actual), Value::Array(expected)) => {
            assert_eq!(actual.len(), expected.len(), "{at}");
            for (index, (actual, expected)) in actual.iter().zip(expected).enumerate() {
                assert_contains(actual, expected, ignored, &format!("{at}/{index}"));
            }
        }
        (Value::String(actual), Value::String(expected)) if actual != expected => {
            let json = |text: &str| serde_json::from_str::<Value>(text).ok();
            let both = json(actual)
                .zip(json(expected))
                .filter(|(_, expected)| !expected.is_number());
            let (actual, expected) = both.unwrap_or_else(|| panic!("{at}: {actual} != {expected}"));
            assert_contains(&actual, &expected, ignored, at);
        }
        _ if actual.as_f64().is_some() && actual.as_f64() == expected.as_f64() => {}
        _ => assert_eq!(actual, expected, "{at}"),
    }
}

#[tokio::test]
#[ignore = "needs ../shared: run scripts/test-all.sh"]
async fn langfuse_gets_what_its_sdk_sends() {
    let recording = Recording::load("langfuse/js-5.11.1/01-post-api_public_otel_v1_traces.json");
    let body = recording.body.clone().unwrap();
    let expected = &body["resourceSpans"][0]["scopeSpans"][0]["spans"];
    let vendor = Vendor::start(&[("POST", &recording.path, 200, json!({}))]).await;
    let mut spans = recorded_spans();
    // What the recorded program logged otherwise: no kind for the root, documents as a value, numbers as such.
    spans[3].kind = SpanKind::Span;
    spans[3].name = "chat-turn".to_owned();
    spans[0].documents.clear();
    spans[0].output = Some(json!([{"content": "math"}]));
    spans[1].output = Some(json!(4));
    let outcome = deliver(&langfuse::destination(&vendor), &records(spans)).await;
    assert!(
        matches!(outcome, llm_observatory::destinations::Outcome::Items(_)),
        "{outcome:?}"
    );
    let actual = vendor.bodies(&recording.path).await.remove(0);
    let actual = &actual["resourceSpans"][0]["scopeSpans"][0]["spans"];
    for span in expected.as_array().unwrap() {
        let name = span["name"].as_str().unwrap();
        let own = find(actual, "name", name);
        assert_contains(&attributes(own), &attributes(span), &[], name);
        assert_eq!(
            own.get("parentSpanId").is_some(),
            span.get("parentSpanId").is_some()
        );
        assert_eq!(own["traceId"].as_str().unwrap().len(), 32);
    }
}

#[tokio::test]
#[ignore = "needs ../shared: run scripts/test-all.sh"]
async fn galileo_gets_what_its_sdk_sends() {
    let path = format!("/projects/{}/traces", galileo::PROJECT);
    let recordings = Recording::load_all("galileo").into_iter();
    let mut recordings = recordings.filter(|recording| recording.path == path);
    let recording = recordings.next().unwrap();
    let vendor = galileo::start(json!([])).await;
    let mut spans = recorded_spans();
    spans[3].input = Some(json!("2+2?"));
    spans[3].output = Some(json!("4"));
    deliver(&galileo::destination(&vendor), &records(spans)).await;
    let actual = vendor.bodies(galileo::TRACES).await.remove(0);
    let ignored = [
        "id",
        "created_at",
        "log_stream_id",
        "session_id",
        "reliable",
        "include_trace_ids",
        "experiment_id",
        // Measured by the recorded program.
        "duration_ns",
    ];
    let expected = recording.body.unwrap();
    assert_contains(&actual, &expected, &ignored, "");
}

#[tokio::test]
#[ignore = "needs ../shared: run scripts/test-all.sh"]
async fn adaline_gets_what_its_sdk_sends() {
    let recordings = Recording::load_all("adaline");
    let mut recordings = recordings.iter().filter(|recording| {
        recording.name.contains("py-client") && recording.path == "/v2/logs/span"
    });
    let id = "00000000-0000-4000-8000-000000000061";
    let body = json!({"traceId": id, "spanIds": [id]});
    let vendor = Vendor::start(&[("POST", "/logs/trace", 200, body)]).await;
    let mut spans = recorded_spans();
    spans[1].output = Some(json!({"value": 4}));
    spans[0].documents.clear();
    spans[0].input = Some(json!({"query": "2+2"}));
    spans[0].output = Some(json!({"documents": [{"id": "d1", "text": "math"}]}));
    deliver(&adaline::destination(&vendor), &records(spans)).await;
    let actual = vendor.bodies("/logs/trace").await.remove(0);
    assert_eq!(recordings.clone().count(), 4);
    let ignored = [
        "startedAt",
        "endedAt",
        "referenceId",
        "parentReferenceId",
        "traceReferenceId",
        // The recorded program set these for one span; the model has no such fields.
        "promptId",
        "deploymentId",
        "runEvaluation",
        "attributes",
    ];
    for recording in recordings.by_ref() {
        let expected = &recording.body.as_ref().unwrap()["span"];
        let mut expected = expected.clone();
        let name = expected["name"].as_str().unwrap().to_owned();
        let own = find(&actual["spans"], "name", &name);
        if name == "pipeline" {
            expected["content"]["type"] = json!("Function");
        }
        assert_contains(own, &expected, &ignored, &name);
        assert_eq!(
            own.get("parentReferenceId").is_some(),
            expected.get("parentReferenceId").is_some()
        );
    }
}

#[tokio::test]
#[ignore = "needs ../shared: run scripts/test-all.sh"]
async fn helicone_gets_what_its_helpers_send() {
    let vendor = Vendor::start(&[(
        "POST",
        helicone::LOG,
        200,
        json!({"isValid": true, "errors": []}),
    )])
    .await;
    deliver(&helicone::destination(&vendor), &records(recorded_spans())).await;
    let logged = vendor.bodies(helicone::LOG).await;
    let logged = |name: &str| {
        let is_named =
            |body: &&Value| body["providerRequest"]["meta"]["Helicone-Property-Name"] == name;
        logged.iter().find(is_named).unwrap().clone()
    };
    let folder = "helicone/py-helpers-1.2.1";
    for (file, name, ignored) in [
        // The recorded program made up ids and counts; the helper adds names of tools to every response.
        (
            "01-post-oai_v1_log.json",
            "llm",
            &["id", "object", "usage", "_type", "toolName", "headers"][..],
        ),
        ("03-post-custom_v1_log.json", "calculator", &["headers"]),
        // A vector is not part of the model.
        (
            "04-post-custom_v1_log.json",
            "retrieve",
            &[
                "vector",
                "topK",
                "metadata",
                "actualSimilarity",
                "similarityThreshold",
                "message",
                "toolName",
                "headers",
            ],
        ),
    ] {
        let expected = Recording::load(&format!("{folder}/{file}")).body.unwrap();
        let own = logged(name);
        for side in ["providerRequest", "providerResponse"] {
            assert_contains(&own[side], &expected[side], ignored, side);
        }
    }
    let call = logged("llm");
    assert_eq!(
        call["providerResponse"]["json"]["usage"]["total_tokens"],
        13
    );
}
