//! Ids, times, messages and sizes of the model.

// Tests fail by panicking.
#![allow(clippy::expect_used)]

use llm_observatory::model::{
    Clock, Cost, Document, Event, Message, Part, Record, Role, Score, ScoreValue, Span, SpanId,
    SpanKind, TraceId, TraceInfo, UnixNanos, Usage,
};
use serde_json::{Map, Value, json};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

#[test]
fn ids_are_read_from_their_own_text() {
    let id = TraceId::random();
    assert_eq!(id.to_string().len(), 32);
    assert_eq!(id.to_string().parse(), Ok(id));
    assert_eq!(id.to_string().to_uppercase().parse(), Ok(id));
    assert_ne!(SpanId::random(), SpanId::random());
}

#[test]
fn rejects_texts_that_are_not_ids() {
    for text in [
        "",
        "0000000000000000",
        "123",
        "00000000000000zz",
        "+100000000000001",
        "€€€€€000",
    ] {
        let error = text.parse::<SpanId>().expect_err(text);
        assert!(
            error.to_string().contains("16 hexadecimal digits"),
            "{error}"
        );
    }
}

#[test]
fn clock_counts_with_the_monotonic_clock() {
    let clock = Clock::start();
    let instant = Instant::now() + Duration::from_secs(5);
    let elapsed = clock
        .at(instant + Duration::from_millis(7))
        .since(clock.at(instant));
    assert_eq!(elapsed, Duration::from_millis(7));
    assert_eq!(UnixNanos(1).since(UnixNanos(2)), Duration::ZERO);
    let before_anchor = instant
        .checked_sub(Duration::from_secs(60))
        .expect("an instant");
    assert_eq!(
        clock.at(before_anchor),
        clock.at(before_anchor - Duration::from_millis(1))
    );
    let wall = UnixNanos::from(SystemTime::now());
    assert!(wall.since(clock.now()) < Duration::from_secs(1));
}

#[test]
fn roles_keep_names_that_are_not_known() {
    assert_eq!(Role::from("tool"), Role::Tool);
    assert_eq!(Role::from("developer").as_str(), "developer");
    let text = serde_json::to_string(&Role::from("developer")).expect("JSON");
    assert_eq!(text, "\"developer\"");
    assert_eq!(
        serde_json::from_str::<Role>(&text).expect("a role"),
        Role::from("developer")
    );
    assert_eq!(
        serde_json::from_str::<Role>("\"user\"").expect("a role"),
        Role::User
    );
}

#[test]
fn total_usage_is_unknown_without_counts() {
    assert_eq!(Usage::default().total(), None);
    assert_eq!(Usage::tokens(12, 30).total(), Some(42));
    assert_eq!(
        Usage {
            output: Some(3),
            ..Usage::default()
        }
        .total(),
        Some(3)
    );
}

#[test]
fn records_survive_json() {
    let trace = Arc::new(TraceInfo::new(TraceId::random(), "question"));
    let mut span = Span::new(
        Arc::clone(&trace),
        SpanKind::Llm,
        "chat",
        UnixNanos(u64::MAX),
    );
    span.output_messages = vec![Message::assistant("Rayleigh scattering.")].into();
    span.usage = Usage::tokens(1, 2);
    let score = Score {
        id: TraceId::random(),
        trace_id: trace.id,
        root_span_id: None,
        span_id: Some(span.id),
        name: "helpful".to_owned(),
        value: ScoreValue::Boolean(true),
        comment: None,
        time: UnixNanos(1),
    };
    for record in [Record::from(span), Record::from(score)] {
        assert_survives_json(&record);
    }
}

/// JSON in JSON in JSON, by serde_json's own name for raw values.
fn nested(times: usize) -> Value {
    let mut text = format!("{}{}", "[".repeat(100), "]".repeat(100));
    for _ in 0..times {
        let quoted = Value::from(text);
        text = format!(
            "{}{{\"$serde_json::private::RawValue\":{quoted}}}{}",
            "[".repeat(100),
            "]".repeat(100)
        );
    }
    text.into()
}

/// What a program records may come from a server. `tests/serde-json-features` runs this test with the features of
/// serde_json that give these keys a meaning.
#[test]
fn records_survive_json_with_private_keys_of_serde_json() {
    let trace = Arc::new(TraceInfo::new(TraceId::random(), "question"));
    for value in [
        json!({"$serde_json::private::RawValue": "[1]"}),
        json!({"$serde_json::private::RawValue": "no JSON"}),
        json!({"$serde_json::private::RawValue": nested(10)}),
        json!({"$serde_json::private::Number": "12"}),
        json!({"$serde_json::private::Number": "no number"}),
        json!([0.5, 1e300, -7, u64::MAX, null]),
    ] {
        let map = || Map::from_iter([("key".to_owned(), value.clone())]);
        let mut span = Span::new(Arc::clone(&trace), SpanKind::Llm, "chat", UnixNanos(1));
        span.input = Some(value.clone());
        span.output = Some(json!([value.clone()]));
        span.tools = vec![value.clone()];
        span.metadata = value.as_object().cloned().unwrap_or_default();
        span.parameters = map();
        span.cost = Cost::usd(0.25);
        span.documents = vec![Document {
            score: Some(0.5),
            metadata: map(),
            ..Document::default()
        }];
        span.events = vec![Event {
            time: UnixNanos(1),
            name: "event".to_owned(),
            attributes: map(),
        }];
        let call = Part::ToolCall {
            id: None,
            name: "tool".to_owned(),
            arguments: value.clone(),
        };
        let result = Part::ToolResult {
            id: None,
            result: value.clone(),
        };
        span.output_messages = vec![Message::with_parts(Role::Tool, [call, result])].into();
        assert_survives_json(&span.into());
    }
}

#[test]
fn fractions_survive_json() {
    assert_survives_json(&Record::from(Score {
        id: TraceId::random(),
        trace_id: TraceId::random(),
        root_span_id: None,
        span_id: None,
        name: "helpful".to_owned(),
        value: ScoreValue::Number(0.25),
        comment: None,
        time: UnixNanos(1),
    }));
}

#[track_caller]
fn assert_survives_json(record: &Record) {
    let text = serde_json::to_string(record).expect("JSON");
    let read: Record = serde_json::from_str(&text).expect("a record");
    assert_eq!(read, *record);
}

#[test]
fn size_grows_by_the_length_of_content() {
    let trace = Arc::new(TraceInfo::new(TraceId::random(), "question"));
    let with_text = |text: &str| {
        let mut span = Span::new(Arc::clone(&trace), SpanKind::Llm, "chat", UnixNanos(0));
        span.input_messages = vec![Message::user(text)].into();
        Record::from(span).estimated_size()
    };
    assert_eq!(with_text(&"x".repeat(5_000)) - with_text(""), 5_000);
}
