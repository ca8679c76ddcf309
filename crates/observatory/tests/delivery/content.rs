//! Sampling and the policy for content.

use super::support::{LONG, Memory, checked, score_of, span_of};
use llm_observatory::model::{
    Document, Event, Message, Part, Record, Role, Span, Status, TraceId, TraceInfo, UnixNanos,
};
use llm_observatory::{ContentPolicy, ErrorKind, Observatory};
use serde_json::json;
use std::sync::Arc;

const SECRET: &str = "4111-1111";

/// A span with the secret at every place that can have text of users or models.
fn span_with_secrets() -> Span {
    let mut span = span_of(TraceId::random(), "chat");
    let mut trace = TraceInfo::new(span.trace.id, "trace");
    trace.metadata.insert("note".to_owned(), json!(SECRET));
    span.trace = Arc::new(trace);
    let call = Part::ToolCall {
        id: None,
        name: "pay".to_owned(),
        arguments: json!({ "card": SECRET }),
    };
    let result = Part::ToolResult {
        id: None,
        result: json!([SECRET]),
    };
    span.system = vec![Message::system(SECRET)].into();
    span.input_messages = [
        Message::user(SECRET),
        Message::with_parts(Role::Tool, [result]),
    ]
    .into();
    let mut output = Message::with_parts(Role::Assistant, [call]);
    output.finish_reason = Some("tool_call".to_owned());
    span.output_messages = vec![output].into();
    span.input = Some(json!({ "nested": [{ "text": SECRET }] }));
    span.output = Some(json!(SECRET));
    span.tools = vec![json!({ "description": SECRET })];
    span.documents = vec![Document {
        id: Some("7".to_owned()),
        content: SECRET.to_owned(),
        score: Some(0.5),
        metadata: [("title".to_owned(), json!(SECRET))].into_iter().collect(),
    }];
    span.events = vec![Event {
        time: UnixNanos(1),
        name: "message".to_owned(),
        attributes: [("content".to_owned(), json!(SECRET))]
            .into_iter()
            .collect(),
    }];
    span
}

async fn deliver(
    policy: Option<ContentPolicy>,
    record: impl Into<Record>,
) -> (Record, Observatory) {
    let vendor = Memory::new("vendor");
    let mut builder = Observatory::builder().to(vendor.clone());
    if let Some(policy) = policy {
        builder = builder.content(policy);
    }
    let observatory = builder.build().unwrap();
    observatory.record(record);
    assert!(observatory.flush(LONG).await.is_delivered());
    (vendor.stored()[0].as_ref().clone(), observatory)
}

fn json_of(record: &Record) -> String {
    serde_json::to_string(record).unwrap()
}

#[tokio::test]
async fn records_no_content_by_default() {
    let mut span = span_with_secrets();
    span.trace = Arc::new(TraceInfo::new(span.trace.id, "trace"));
    let (record, _observatory) = deliver(None, span).await;
    let json = json_of(&record);
    assert!(!json.contains(SECRET), "{json}");
    let Record::Span(span) = record else {
        panic!("no span")
    };
    assert_eq!(
        span.output_messages[0].finish_reason.as_deref(),
        Some("tool_call")
    );
    assert_eq!(span.documents[0].score, Some(0.5));
}

#[tokio::test]
async fn records_all_content_on_request() {
    let span = span_with_secrets();
    let (record, _observatory) = deliver(Some(ContentPolicy::All), span.clone()).await;
    assert_eq!(record, Record::from(span));
}

#[tokio::test]
async fn masks_every_text() {
    let mut span = span_with_secrets();
    span.metadata
        .insert("list".to_owned(), json!([{ "deep": SECRET }]));
    span.status = Status::Error {
        kind: None,
        message: SECRET.to_owned(),
    };
    let count = json_of(&span.clone().into()).matches(SECRET).count();
    let policy = ContentPolicy::masked(|text| text.replace(SECRET, "[card]"));
    let (record, _observatory) = deliver(Some(policy.clone()), span).await;
    let json = json_of(&record);
    assert!(!json.contains(SECRET), "{json}");
    assert_eq!(json.matches("[card]").count(), count);
    let mut score = score_of(TraceId::random(), "helpful");
    score.comment = Some(SECRET.to_owned());
    let (record, _observatory) = deliver(Some(policy), score).await;
    assert!(json_of(&record).contains("[card]"));
}

#[tokio::test]
async fn removes_content_when_masking_panics() {
    let policy = ContentPolicy::masked(|text| {
        assert!(!text.contains("4111"), "the mask has a fault");
        text.to_owned()
    });
    let mut span = span_with_secrets();
    span.metadata.insert("note".to_owned(), json!(SECRET));
    let (record, observatory) = deliver(Some(policy), span).await;
    assert!(!json_of(&record).contains(SECRET), "{}", json_of(&record));
    assert_eq!(
        observatory.errors().try_next().unwrap().kind,
        ErrorKind::Masking
    );
}

#[tokio::test]
async fn samples_whole_traces_by_their_id() {
    let (first, second) = (Memory::new("vendor"), Memory::new("vendor"));
    let build = |vendor: &Memory| {
        Observatory::builder()
            .to(vendor.clone())
            .sample(0.25)
            .build()
            .unwrap()
    };
    let (one, two) = (build(&first), build(&second));
    for number in 0..2_000 {
        let trace = TraceId::random();
        let name = number.to_string();
        one.record(span_of(trace, &name));
        one.record(score_of(trace, &name));
        two.record(span_of(trace, &name));
    }
    let report = one.flush(LONG).await;
    two.flush(LONG).await;
    let accepted = checked(&report, "vendor").accepted;
    assert_eq!(accepted + report.sampled_out, 4_000);
    assert!((700..1_300).contains(&accepted), "{report}");
    // Another process decides in the same way, and scores follow their trace.
    let mut names = first.stored_names();
    names.dedup();
    assert_eq!(names, second.stored_names());
    assert_eq!(accepted, 2 * names.len() as u64);
}

#[tokio::test]
async fn samples_all_or_nothing_exactly() {
    for (ratio, expected) in [(0.0, 0), (1.0, 50), (f64::NAN, 50), (-1.0, 0), (7.0, 50)] {
        let vendor = Memory::new("vendor");
        let observatory = Observatory::builder()
            .to(vendor.clone())
            .sample(ratio)
            .build()
            .unwrap();
        super::support::spans(&observatory, 50);
        observatory.flush(LONG).await;
        assert_eq!(vendor.stored().len(), expected, "{ratio}");
    }
}
