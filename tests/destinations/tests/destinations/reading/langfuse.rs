//! Langfuse.

use super::{id, observatory, time, traces};
use crate::example::{CALL, ROOT, TRACE, at};
use crate::langfuse;
use crate::support::{Vendor, assert_valid};
use llm_observatory::model::{Message, ScoreValue, SpanKind, Status};
use llm_observatory::reading::TraceQuery;
use observatory_conformance::calls::SentRequest;
use serde_json::{Value, json};
use wiremock::matchers::{method, path, query_param, query_param_is_missing};
use wiremock::{Mock, ResponseTemplate};

fn observation(trace: &str, id: &str, parent: Option<&str>) -> Value {
    json!({
        "id": id, "traceId": trace, "projectId": "p", "parentObservationId": parent,
        "startTime": time(0), "endTime": time(900), "type": "CHAIN", "name": "pipeline",
        "modelId": null, "inputPrice": null, "outputPrice": null, "totalPrice": null,
        "sessionId": "s-1", "userId": "u-7", "traceName": "explain the sky", "tags": ["beta"],
        "environment": "production", "level": "DEFAULT", "output": "Rayleigh scattering.",
    })
}

fn generation() -> Value {
    let mut call = observation(TRACE, CALL, Some(ROOT));
    let more = json!({
        "type": "GENERATION", "name": "chat", "startTime": time(40), "endTime": time(840),
        "completionStartTime": time(140), "providedModelName": "gpt-4o-2024-08-06",
        "modelParameters": {"temperature": 0.2}, "level": "ERROR", "statusMessage": "cut",
        "usageDetails": {"input": 100, "input_cached_tokens": 20, "output": 20, "output_reasoning_tokens": 10, "total": 150},
        "costDetails": {"input": 0.001, "output": 0.002, "total": 0.003},
        "promptName": "sky", "promptVersion": 3, "metadata": {"attempt": 1},
        "input": "[{\"role\":\"system\",\"content\":\"Be brief.\"},{\"role\":\"user\",\"content\":\"Why?\"}]",
        "output": {"role": "assistant", "content": "Light scatters."},
    });
    for (name, value) in more.as_object().unwrap() {
        call[name] = value.clone();
    }
    call
}

/// A page of a list with a cursor.
fn page(items: Value, cursor: Option<&str>) -> ResponseTemplate {
    let mut meta = json!({"limit": 100});
    if let Some(cursor) = cursor {
        meta["cursor"] = json!(cursor);
    }
    ResponseTemplate::new(200).set_body_json(json!({"data": items, "meta": meta}))
}

pub const OBSERVATIONS: &str = "/api/public/v2/observations";
const SCORES: &str = "/api/public/v3/scores";

pub async fn server() -> Vendor {
    let vendor = Vendor::start(&[]).await;
    let list = || Mock::given(method("GET")).and(path(OBSERVATIONS));
    let roots = || list().and(query_param("isRootObservation", "true"));
    let first = roots().and(query_param_is_missing("cursor"));
    let second = roots().and(query_param("cursor", "c2"));
    let older = "11111111111111111111111111111111";
    let root = observation(TRACE, ROOT, None);
    vendor
        .mount(first.respond_with(page(json!([root]), Some("c2"))))
        .await;
    let old = observation(older, "1111111111111111", None);
    vendor
        .mount(second.respond_with(page(json!([old]), None)))
        .await;
    // The spans of a trace have pages, too.
    let trace = || list().and(query_param("traceId", TRACE));
    let first = trace().and(query_param_is_missing("cursor"));
    vendor
        .mount(first.respond_with(page(json!([generation()]), Some("s2"))))
        .await;
    let second = trace().and(query_param("cursor", "s2"));
    vendor
        .mount(second.respond_with(page(json!([root]), None)))
        .await;
    let other = list().and(query_param("traceId", older));
    vendor
        .mount(other.respond_with(page(json!([old]), None)))
        .await;
    let missing = list().and(query_param("traceId", "22222222222222222222222222222222"));
    vendor
        .mount(missing.respond_with(page(json!([]), None)))
        .await;
    let score = |kind: &str, value: Value, subject: Value| {
        json!({
            "id": TRACE, "projectId": "p", "name": "helpful", "value": value, "dataType": kind,
            "source": "API", "timestamp": time(1_000), "environment": "production",
            "createdAt": time(1_000), "updatedAt": time(1_000), "comment": "yes", "subject": subject,
        })
    };
    let scores = json!([
        score(
            "NUMERIC",
            json!(0.9),
            json!({"kind": "observation", "id": CALL, "traceId": TRACE})
        ),
        score(
            "CATEGORICAL",
            json!("kind"),
            json!({"kind": "trace", "id": TRACE})
        ),
    ]);
    let list = || Mock::given(method("GET")).and(path(SCORES));
    let own = list().and(query_param("traceId", TRACE));
    vendor.mount(own.respond_with(page(scores, None))).await;
    let other = list().and(query_param("traceId", older));
    vendor
        .mount(other.respond_with(page(json!([]), None)))
        .await;
    vendor
}

#[tokio::test]
async fn traces_have_pages() {
    let vendor = server().await;
    let observatory = observatory(langfuse::destination(&vendor));
    let query = TraceQuery::new().session("s-1").since(at(0)).page_size(1);
    let traces = traces(&observatory, "langfuse", query).await;
    assert_eq!(traces.len(), 2);
    let trace = &traces[0];
    assert_eq!(trace.info.id, id());
    assert_eq!(trace.info.name, "explain the sky");
    assert_eq!(trace.info.session.as_deref(), Some("s-1"));
    assert_eq!(trace.info.user.as_deref(), Some("u-7"));
    assert_eq!(trace.info.tags, ["beta"]);
    assert_eq!(trace.spans.len(), 2);
    assert_eq!(trace.spans[0].name, "pipeline", "the earliest first");
    assert_eq!(trace.spans[0].kind, SpanKind::Workflow);
    let call = trace.span("chat").unwrap();
    assert_eq!(call.id.to_string(), CALL);
    assert_eq!(call.parent.unwrap().to_string(), ROOT);
    assert_eq!(call.kind, SpanKind::Llm);
    assert_eq!((call.start, call.end), (at(40), at(840)));
    assert_eq!(call.first_token, Some(at(140)));
    assert_eq!(call.model.as_deref(), Some("gpt-4o-2024-08-06"));
    assert_eq!(call.parameters["temperature"], 0.2);
    assert_eq!(call.system, [Message::system("Be brief.")]);
    assert_eq!(call.input_messages, [Message::user("Why?")]);
    assert_eq!(
        call.output_messages,
        [Message::assistant("Light scatters.")]
    );
    assert_eq!((call.usage.input, call.usage.output), (Some(120), Some(30)));
    assert_eq!(
        (call.usage.cache_read, call.usage.reasoning),
        (Some(20), Some(10))
    );
    assert_eq!(call.cost.total, Some(0.003));
    assert_eq!(call.prompt.as_ref().unwrap().version.as_deref(), Some("3"));
    assert_eq!(call.metadata["attempt"], 1);
    let Status::Error { message, .. } = &call.status else {
        panic!("{:?}", call.status);
    };
    assert_eq!(message, "cut");
    assert_eq!(trace.scores.len(), 2);
    assert_eq!(trace.scores[0].value, ScoreValue::Number(0.9));
    assert_eq!(trace.scores[0].span_id, Some(call.id));
    assert_eq!(
        trace.scores[1].value,
        ScoreValue::Category("kind".to_owned())
    );
    assert_eq!(trace.scores[1].span_id, None);
    assert_eq!(traces[1].spans.len(), 1);
    assert_valid("langfuse", &vendor.requests().await);
}

/// Counts requests for pages of the list.
fn lists(requests: &[SentRequest]) -> usize {
    let is_list = |request: &&SentRequest| request.query.contains("isRootObservation");
    requests.iter().filter(is_list).count()
}

#[tokio::test]
async fn pages_are_requested_when_they_are_needed() {
    let vendor = server().await;
    let observatory = observatory(langfuse::destination(&vendor));
    let reader = observatory.reader("langfuse").unwrap();
    let mut stream = reader.traces(TraceQuery::new()).unwrap();
    assert!(vendor.requests().await.is_empty());
    stream.next().await.unwrap().unwrap();
    let requests = vendor.requests().await;
    assert_eq!(lists(&requests), 1);
    stream.next().await.unwrap().unwrap();
    assert!(stream.next().await.is_none());
    assert!(stream.next().await.is_none(), "it stays at its end");
    assert_eq!(lists(&vendor.requests().await), 2);
}

#[tokio::test]
async fn one_trace_is_found_by_its_id() {
    let vendor = server().await;
    let observatory = observatory(langfuse::destination(&vendor));
    let reader = observatory.reader("langfuse").unwrap();
    let trace = reader.trace(id()).await.unwrap().unwrap();
    assert_eq!(trace.spans.len(), 2);
    let missing = "22222222222222222222222222222222".parse().unwrap();
    assert_eq!(reader.trace(missing).await.unwrap(), None);
}
