//! Batches are within the vendor's limits, and a record that makes a request fail is isolated.

use super::support::{LONG, Memory, Reply, checked, name, quick, span, span_of, spans};
use llm_observatory::destinations::{ItemOutcome, Outcome};
use llm_observatory::model::{Content, Document, Media, Message, Part, Record, Role, TraceId};
use llm_observatory::{ContentPolicy, ErrorKind, Observatory, Overflow};
use serde_json::json;
use std::time::Duration;

fn build(vendor: &Memory) -> Observatory {
    let builder = Observatory::builder().to(vendor.clone()).delivery(quick());
    let builder = builder.shutdown_timeout(Duration::ZERO);
    builder.content(ContentPolicy::All).build().unwrap()
}

fn large(bytes: usize) -> Record {
    let mut span = span_of(TraceId::random(), "large");
    span.input_messages = vec![Message::user("ü".repeat(bytes / 2))].into();
    span.into()
}

#[tokio::test]
async fn splits_by_records() {
    let vendor = Memory::new("vendor").limits(7, 1_000_000);
    let observatory = build(&vendor);
    spans(&observatory, 100);
    assert!(observatory.flush(LONG).await.is_delivered());
    assert!(
        vendor
            .requests()
            .iter()
            .all(|request| request.records.len() <= 7)
    );
    assert_eq!(
        vendor.stored_names(),
        (0..100)
            .map(|number| number.to_string())
            .collect::<Vec<_>>()
    );
}

#[tokio::test]
async fn splits_by_bytes() {
    let vendor = Memory::new("vendor").limits(1_000, 5_000);
    let observatory = build(&vendor);
    for _ in 0..20 {
        observatory.record(large(1_500));
    }
    assert!(observatory.flush(LONG).await.is_delivered());
    for request in vendor.requests() {
        let bytes: usize = request
            .records
            .iter()
            .map(|record| record.estimated_size())
            .sum();
        assert!(
            bytes <= 5_000 && request.records.len() == 2,
            "{bytes} bytes"
        );
    }
}

#[tokio::test]
async fn truncates_a_record_over_the_limit_and_counts_it() {
    let (small, whole) = (Memory::new("small").limits(10, 5_000), Memory::new("whole"));
    let observatory = Observatory::builder()
        .to(small.clone())
        .to(whole.clone())
        .content(ContentPolicy::All)
        .build()
        .unwrap();
    let record = large(50_000);
    observatory.record(record.clone());
    let report = observatory.flush(LONG).await;
    assert_eq!(
        report.to_string(),
        "small: 1 accepted, 1 acknowledged, 1 truncated · whole: 1 accepted, 1 acknowledged"
    );
    let stored = small.stored();
    assert!(stored[0].estimated_size() <= 5_000);
    let Record::Span(span) = stored[0].as_ref() else {
        panic!("no span")
    };
    assert!(span.truncated);
    let text = span.input_messages[0].text();
    assert!(
        text.starts_with("üüü") && text.ends_with("… [truncated]") && text.len() > 1_000,
        "{text}"
    );
    assert_eq!(*whole.stored()[0], record);
    assert_eq!(
        observatory.errors().try_next().unwrap().kind,
        ErrorKind::Truncated
    );
}

/// Each kind of content that can be over the limit.
#[tokio::test]
async fn truncates_every_kind_of_content() {
    let text = "x".repeat(100_000);
    let mut variants = vec![span_of(TraceId::random(), "output")];
    variants[0].output = Some(json!({ "a": [text, 1], "b": text }));
    let mut span = span_of(TraceId::random(), "many messages");
    span.input_messages = vec![Message::user("short"); 2_000].into();
    variants.push(span);
    let mut span = span_of(TraceId::random(), "image");
    let media = Media {
        content: Content::Base64(text.clone()),
        media_type: Some("image/png".to_owned()),
        name: None,
    };
    span.input_messages = vec![Message::with_parts(Role::User, [Part::Image(media)])].into();
    variants.push(span);
    let mut span = span_of(TraceId::random(), "documents");
    let document = Document {
        content: text.clone(),
        ..Document::default()
    };
    span.documents = vec![document; 9];
    variants.push(span);
    let mut span = span_of(TraceId::random(), "metadata");
    span.metadata
        .insert("all".to_owned(), json!(vec![1; 50_000]));
    variants.push(span);
    let mut span = span_of(TraceId::random(), "tools");
    span.tools = vec![json!({ "name": "search", "description": text })];
    variants.push(span);
    let vendor = Memory::new("vendor").limits(10, 4_000);
    let observatory = build(&vendor);
    for span in variants {
        observatory.record(span);
    }
    let report = observatory.flush(LONG).await;
    assert_eq!(
        report.to_string(),
        "vendor: 6 accepted, 6 acknowledged, 6 truncated"
    );
    for record in vendor.stored() {
        assert!(record.estimated_size() <= 4_000, "{}", name(&record));
    }
}

/// 413: the request is larger than estimated.
#[tokio::test]
async fn halves_a_batch_that_is_too_large() {
    let vendor = Memory::with_script("vendor", |request| match request.records.len() {
        0..=10 => Reply::Acknowledge,
        _ => too_large(),
    });
    let observatory = build(&vendor);
    spans(&observatory, 100);
    let report = observatory.flush(LONG).await;
    assert_eq!(report.to_string(), "vendor: 100 accepted, 100 acknowledged");
    assert_eq!(
        vendor.stored_names(),
        (0..100)
            .map(|number| number.to_string())
            .collect::<Vec<_>>()
    );
    // The vendor's limit is remembered, but a record is not truncated for it.
    let before = vendor.requests().len();
    spans(&observatory, 100);
    assert!(observatory.flush(LONG).await.is_delivered());
    let requests = vendor.requests();
    let refused = requests[before..]
        .iter()
        .filter(|request| request.records.len() > 10);
    assert!(refused.count() <= 1);
    observatory.record(large(20_000));
    let report = observatory.flush(LONG).await;
    assert_eq!(report.to_string(), "vendor: 201 accepted, 201 acknowledged");
}

#[tokio::test]
async fn truncates_a_single_record_that_is_too_large() {
    let vendor = Memory::with_script("vendor", |request| {
        let bytes: usize = request
            .records
            .iter()
            .map(|record| record.estimated_size())
            .sum();
        if bytes > 10_000 {
            too_large()
        } else {
            Reply::Acknowledge
        }
    });
    let observatory = build(&vendor);
    observatory.record(large(100_000));
    let report = observatory.flush(LONG).await;
    assert_eq!(
        report.to_string(),
        "vendor: 1 accepted, 1 acknowledged, 1 truncated"
    );
}

#[tokio::test]
async fn rejects_a_record_that_is_too_large_without_content() {
    let vendor = Memory::with_script("vendor", |_| too_large());
    let observatory = build(&vendor);
    observatory.record(span("a"));
    observatory.record(large(100_000));
    let report = observatory.flush(LONG).await;
    assert_eq!(checked(&report, "vendor").rejected, 2);
    assert_eq!(observatory.dead_letters()[0].reason, "413");
}

fn too_large() -> Reply {
    Reply::Outcome(Outcome::TooLarge {
        reason: "413".to_owned(),
    })
}

#[tokio::test]
async fn isolates_the_record_that_the_vendor_does_not_name() {
    let vendor = Memory::with_script("vendor", |request| {
        if request.has("invalid") {
            let reason = "400".to_owned();
            return Reply::Outcome(Outcome::InvalidRecord { reason });
        }
        Reply::Acknowledge
    });
    let observatory = build(&vendor);
    spans(&observatory, 50);
    observatory.record(span("invalid"));
    spans(&observatory, 50);
    let report = observatory.flush(LONG).await;
    assert_eq!(
        report.to_string(),
        "vendor: 101 accepted, 100 acknowledged, 1 rejected"
    );
    assert_eq!(name(&observatory.dead_letters()[0].record), "invalid");
}

#[tokio::test]
async fn isolates_the_record_that_makes_a_destination_panic() {
    let vendor = Memory::with_script("vendor", |request| {
        if request.has("poison") {
            Reply::Panic
        } else {
            Reply::Acknowledge
        }
    });
    let observatory = build(&vendor);
    spans(&observatory, 20);
    observatory.record(span("poison"));
    let report = observatory.flush(LONG).await;
    assert_eq!(
        report.to_string(),
        "vendor: 21 accepted, 20 acknowledged, 1 rejected"
    );
    let letters = observatory.dead_letters();
    assert_eq!(
        letters[0].reason,
        "the destination panicked: the destination has a fault"
    );
}

/// A vendor that responds with 500 to one record, which looks like an outage.
#[tokio::test]
async fn delivers_others_while_one_record_keeps_failing() {
    let vendor = Memory::with_script("vendor", |request| {
        if request.has("poison") {
            super::support::retry("500", None)
        } else {
            Reply::Acknowledge
        }
    });
    let observatory = build(&vendor);
    spans(&observatory, 50);
    observatory.record(span("poison"));
    spans(&observatory, 50);
    super::support::eventually(|| {
        let report = observatory.report();
        let report = checked(&report, "vendor");
        report.acknowledged == 100 && report.pending == 1
    });
    spans(&observatory, 50);
    super::support::eventually(|| observatory.report().destinations[0].acknowledged == 150);
}

/// A vendor that takes a record alone only. Each request counts as one failure.
#[tokio::test]
async fn splits_a_batch_after_three_failures_of_all_its_records() {
    let vendor = Memory::with_script("vendor", |request| match request.records.len() {
        1 => Reply::Acknowledge,
        count => {
            let reason = || "busy".to_owned();
            let items = (0..count).map(|_| ItemOutcome::Retry { reason: reason() });
            Reply::Outcome(Outcome::Items(items.collect()))
        }
    });
    let observatory = build(&vendor);
    spans(&observatory, 2);
    observatory.flush(LONG).await;
    let requests = vendor.requests();
    let sizes: Vec<usize> = requests.iter().map(|one| one.records.len()).collect();
    assert_eq!(sizes, [2, 2, 2, 1, 1]);
}

/// What was dropped does not fill a batch.
#[test]
fn waits_for_a_full_batch_after_records_were_dropped() {
    let vendor = Memory::with_script("vendor", |request| match request.number {
        0 => Reply::Hang,
        _ => Reply::Acknowledge,
    })
    .limits(50, 100_000);
    let options = quick()
        .max_bytes(150_000)
        .overflow(Overflow::DropOldest)
        .attempt_timeout(Duration::from_millis(300))
        .batch_interval(Duration::from_millis(100));
    let builder = Observatory::builder().to(vendor.clone()).delivery(options);
    let builder = builder.shutdown_timeout(Duration::ZERO);
    let observatory = builder.content(ContentPolicy::All).build().unwrap();
    observatory.record(large(10_000));
    super::support::eventually(|| vendor.requests().len() == 1);
    for _ in 0..100 {
        observatory.record(large(20_000));
    }
    super::support::eventually(|| observatory.report().destinations[0].pending == 0);
    let before = vendor.requests().len();
    observatory.record(span("a"));
    std::thread::sleep(Duration::from_millis(30));
    observatory.record(span("b"));
    super::support::eventually(|| observatory.report().destinations[0].pending == 0);
    let requests = vendor.requests();
    assert_eq!(
        requests.get(before).map(|one| one.names()),
        Some(vec!["a".to_owned(), "b".to_owned()])
    );
}
