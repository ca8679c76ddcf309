//! Ids, times, messages and sizes of the model.

use llm_observatory::model::{
    Clock, Message, Record, Role, Score, ScoreValue, Span, SpanId, SpanKind, TraceId, TraceInfo,
    UnixNanos, Usage,
};
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
        span_id: Some(span.id),
        name: "helpful".to_owned(),
        value: ScoreValue::Boolean(true),
        comment: None,
        time: UnixNanos(1),
    };
    for record in [Record::from(span), Record::from(score)] {
        let text = serde_json::to_string(&record).expect("JSON");
        assert_eq!(
            serde_json::from_str::<Record>(&text).expect("a record"),
            record
        );
    }
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
