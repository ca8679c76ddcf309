//! Messages that are read from text when they are used.

use llm_observatory::destinations::{BoxFuture, Destination, Outcome};
use llm_observatory::model::{Message, Messages, Record, Span};
use llm_observatory::testing::Memory;
use llm_observatory::{ContentPolicy, DeliveryOptions, Observatory};
use std::sync::Arc;
use std::time::Duration;
use tracing::info_span;
use tracing_subscriber::layer::SubscriberExt;

const CONVERSATION: &str = r#"[{"role":"user","content":"Hi"},{"role":"tool","content":"{\"n\":1e2,\"é\":[null,-0.5]}","tool_call_id":"c"}]"#;

fn messages(text: &str) -> Messages {
    let memory = Memory::new();
    let subscriber = tracing_subscriber::registry().with(memory.recorder().layer());
    tracing::subscriber::with_default(subscriber, || {
        info_span!("chat", gen_ai.input.messages = text).in_scope(|| {});
    });
    let span = memory.span("chat").expect("a span");
    span.input_messages
}

#[test]
fn text_is_read_as_the_value_that_it_spells() {
    let texts = [
        CONVERSATION,
        "{\"role\":\"user\",\"content\":\"\\u00e9 \\ud83d\\ude00\\n\"}",
        "[{\"role\":\"user\",\"role\":\"system\",\"content\":\"the last one counts\"}]",
        "[{\"role\":\"assistant\",\"tool_calls\":[{\"id\":\"c\",\"function\":{\"name\":\"f\",\"arguments\":{\"a\":[1,2.5,true,null]}}}]}]",
        "[{\"type\":\"unknown\",\"b\":18446744073709551615,\"a\":{\"x\":-1}}]",
        " [\"a\", {\"message\": {\"role\": \"user\", \"content\": [{\"type\": \"image_url\", \"image_url\": {\"url\": \"u\"}}]}}, 7]",
        "[]",
    ];
    for text in texts {
        let value = serde_json::from_str(text).expect("JSON");
        let read = llm_observatory::providers::read_messages(&value, &"user".into());
        assert_eq!(messages(text), read, "{text}");
    }
}

#[test]
fn other_text_is_one_message() {
    for text in [
        "Hi",
        "",
        "[not JSON",
        "{\"role\":\"user\"",
        "7",
        "[\"\u{1}\"]",
    ] {
        assert_eq!(messages(text), [Message::user(text)], "{text}");
    }
}

#[test]
fn unread_text_counts_as_much_as_its_messages() {
    let message = format!(r#"{{"role":"user","content":"{}"}}"#, "é".repeat(100));
    let text = format!("[{}]", vec![message; 50].join(","));
    let sizes = |read: bool| {
        let memory = Memory::new();
        let subscriber = tracing_subscriber::registry().with(memory.recorder().layer());
        tracing::subscriber::with_default(subscriber, || {
            info_span!("chat", gen_ai.input.messages = text).in_scope(|| {});
        });
        let record = memory.records().remove(0);
        if let (Record::Span(span), true) = (&*record, read) {
            assert_eq!(span.input_messages.len(), 50);
        }
        record.estimated_size()
    };
    let (unread, read) = (sizes(false), sizes(true));
    assert!(unread.abs_diff(read) < read / 10, "{unread} and {read}");
    assert!(unread > 10_000, "{unread}");
}

/// A destination that never responds.
struct Stalled;

impl Destination for Stalled {
    fn name(&self) -> &str {
        "stalled"
    }

    fn deliver<'a>(&'a self, _: &'a [Arc<Record>]) -> BoxFuture<'a, Outcome> {
        Box::pin(std::future::pending())
    }
}

fn observatory(policy: ContentPolicy, destination: impl Destination) -> Observatory {
    let options = DeliveryOptions::new().max_bytes(100_000);
    let builder = Observatory::builder().shutdown_timeout(Duration::ZERO);
    let builder = builder.content(policy).to_with(destination, options);
    builder.build().expect("an observatory")
}

fn record(observatory: &Observatory, text: &str) {
    let subscriber = tracing_subscriber::registry().with(observatory.layer());
    tracing::subscriber::with_default(subscriber, || {
        info_span!(
            "chat",
            gen_ai.input.messages = text,
            gen_ai.output.messages = text,
            gen_ai.response.finish_reasons = r#"["stop"]"#
        )
        .in_scope(|| {});
    });
}

#[test]
fn unread_text_counts_toward_the_queue() {
    let observatory = observatory(ContentPolicy::All, Stalled);
    for _ in 0..100 {
        record(&observatory, &"x".repeat(10_000));
    }
    let report = observatory.report();
    let stalled = report.destinations.first().expect("a destination");
    assert_eq!(stalled.pending, 4, "of 20,512 bytes each");
    assert_eq!(stalled.accepted, 100);
}

fn delivered(policy: ContentPolicy) -> Span {
    let memory = Memory::new();
    let observatory = observatory(policy, memory.clone());
    record(&observatory, CONVERSATION);
    observatory.flush_blocking(Duration::from_secs(10));
    memory.span("chat").expect("a span")
}

#[test]
fn the_policy_of_content_applies_to_unread_text() {
    let span = delivered(ContentPolicy::All);
    assert_eq!(span.input_messages.len(), 2);
    assert_eq!(
        span.output_messages[0].finish_reason.as_deref(),
        Some("stop")
    );
    assert_eq!(span.output_messages[1].finish_reason, None);

    let span = delivered(ContentPolicy::None);
    assert!(span.input_messages.is_empty());
    assert_eq!(span.output_messages.len(), 1);
    assert_eq!(
        span.output_messages[0].finish_reason.as_deref(),
        Some("stop")
    );
    assert!(span.output_messages[0].parts.is_empty());

    let span = delivered(ContentPolicy::masked(|text| text.replace("Hi", "[masked]")));
    assert_eq!(span.input_messages[0], Message::user("[masked]"));
}
