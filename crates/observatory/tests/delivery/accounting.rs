//! Every record is accounted for, and what went wrong is readable.

use super::support::{LONG, Memory, Reply, checked, quick, retry, score, span, spans};
use llm_observatory::destinations::{ItemOutcome, Outcome};
use llm_observatory::{BuildError, DropCause, ErrorKind, Observatory};
use std::time::Duration;

#[tokio::test]
async fn acknowledges_every_record_at_every_destination() {
    let (first, second) = (Memory::new("first"), Memory::new("second"));
    let observatory = Observatory::builder()
        .to(first.clone())
        .to(second.clone())
        .build()
        .unwrap();
    spans(&observatory, 1_000);
    let report = observatory.flush(LONG).await;
    assert_eq!(
        report.to_string(),
        "first: 1000 accepted, 1000 acknowledged · second: 1000 accepted, 1000 acknowledged"
    );
    assert!(report.is_delivered());
    assert_eq!(first.stored().len(), 1_000);
    assert_eq!(second.stored_names(), first.stored_names());
}

#[tokio::test]
async fn reports_why_records_are_pending() {
    let failing = Memory::with_script("vendor", |_| retry("503", Some(Duration::from_secs(4))));
    let observatory = Observatory::builder()
        .to(failing)
        .delivery(quick())
        .shutdown_timeout(Duration::ZERO)
        .build()
        .unwrap();
    observatory.record(span("a"));
    let report = observatory.flush(Duration::from_millis(50)).await;
    assert_eq!(checked(&report, "vendor").pending, 1);
    assert!(!report.is_delivered());
    assert_eq!(
        report.to_string(),
        "vendor: 1 accepted, 0 acknowledged, 1 pending (503, retry in 4 s)"
    );
    let json = serde_json::to_value(&report).unwrap();
    assert_eq!(json["destinations"][0]["problem"]["reason"], "503");
}

#[test]
fn rejects_two_destinations_of_one_name() {
    let result = Observatory::builder()
        .to(Memory::new("vendor"))
        .to(Memory::new("vendor"))
        .build();
    assert!(matches!(result, Err(BuildError::DuplicateName(name)) if name == "vendor"));
}

/// 207 and `partialSuccess`: half of a batch is refused.
#[tokio::test]
async fn counts_a_half_rejected_batch_record_by_record() {
    let vendor = Memory::with_script("vendor", |request| {
        let item = |name: String| match name.parse::<usize>() {
            Ok(number) if number % 2 == 0 => ItemOutcome::Acknowledged,
            _ => ItemOutcome::Rejected {
                reason: format!("{name} is odd"),
            },
        };
        Reply::Outcome(Outcome::Items(
            request.names().into_iter().map(item).collect(),
        ))
    });
    let observatory = Observatory::builder().to(vendor.clone()).build().unwrap();
    spans(&observatory, 10);
    let report = observatory.flush(LONG).await;
    assert_eq!(
        report.to_string(),
        "vendor: 10 accepted, 5 acknowledged, 5 rejected"
    );
    assert_eq!(vendor.stored_names(), ["0", "2", "4", "6", "8"]);
    let letters = observatory.dead_letters();
    let reasons: Vec<&str> = letters
        .iter()
        .map(|letter| letter.reason.as_str())
        .collect();
    assert_eq!(
        reasons,
        ["1 is odd", "3 is odd", "5 is odd", "7 is odd", "9 is odd"]
    );
    assert_eq!(letters[0].destination, "vendor");
}

#[tokio::test]
async fn retries_records_without_a_result() {
    let vendor = Memory::with_script("vendor", |request| match request.number {
        0 => Reply::Outcome(Outcome::Items(vec![ItemOutcome::Acknowledged])),
        _ => Reply::Acknowledge,
    });
    let observatory = Observatory::builder()
        .to(vendor.clone())
        .delivery(quick())
        .build()
        .unwrap();
    spans(&observatory, 3);
    let report = observatory.flush(LONG).await;
    assert_eq!(checked(&report, "vendor").acknowledged, 3);
    assert_eq!(vendor.stored_names(), ["0", "1", "2"]);
    assert_eq!(vendor.requests()[1].names(), ["1", "2"]);
}

#[tokio::test]
async fn keeps_only_the_last_dead_letters() {
    let vendor = Memory::with_script("vendor", |_| {
        Reply::Outcome(Outcome::Rejected {
            reason: "invalid key".to_owned(),
        })
    });
    let observatory = Observatory::builder().to(vendor).build().unwrap();
    spans(&observatory, 1_000);
    let report = observatory.flush(LONG).await;
    assert_eq!(checked(&report, "vendor").rejected, 1_000);
    let letters = observatory.dead_letters();
    assert_eq!(letters.len(), 256);
    assert_eq!(super::support::name(&letters[255].record), "999");
}

#[tokio::test]
async fn counts_unsupported_records_and_reports_them_once() {
    let vendor = Memory::new("vendor").without_scores();
    let other = Memory::new("other");
    let observatory = Observatory::builder()
        .to(vendor.clone())
        .to(other.clone())
        .build()
        .unwrap();
    observatory.record(span("a"));
    observatory.record(score("helpful"));
    observatory.record(score("polite"));
    let report = observatory.flush(LONG).await;
    assert_eq!(
        report.to_string(),
        "vendor: 3 accepted, 1 acknowledged, 2 dropped (2 unsupported) · other: 3 accepted, 3 acknowledged"
    );
    assert_eq!(
        checked(&report, "vendor").dropped[&DropCause::Unsupported],
        2
    );
    let errors = observatory.errors();
    assert_eq!(errors.try_next().unwrap().kind, ErrorKind::Unsupported);
    assert_eq!(errors.try_next(), None);
}

#[tokio::test]
async fn escapes_and_cuts_text_of_vendors() {
    let text = format!(
        "\u{1b}[2J\u{1b}]0;title\u{7}\r\nrefused \u{202e}{}",
        "x".repeat(10_000)
    );
    let vendor = Memory::with_script("vendor", move |_| {
        Reply::Outcome(Outcome::Rejected {
            reason: text.clone(),
        })
    });
    let observatory = Observatory::builder().to(vendor).build().unwrap();
    observatory.record(span("a"));
    observatory.flush(LONG).await;
    let error = observatory.errors().next().await.unwrap();
    assert_eq!(error.kind, ErrorKind::Rejected);
    let letters = observatory.dead_letters();
    for text in [error.to_string(), letters[0].reason.clone()] {
        assert!(
            !text
                .chars()
                .any(|character| character.is_control() || character == '\u{202e}'),
            "{text:?}"
        );
        assert!(text.contains("\\u{1b}[2J"), "{text}");
        assert!(text.chars().count() < 450, "{text}");
    }
}

#[tokio::test]
async fn errors_never_delay_the_delivery() {
    let vendor = Memory::with_script("vendor", |_| {
        Reply::Outcome(Outcome::Rejected {
            reason: "no".to_owned(),
        })
    })
    .limits(1, 1_000_000);
    let observatory = Observatory::builder().to(vendor).build().unwrap();
    let errors = observatory.errors();
    spans(&observatory, 300);
    let report = observatory.flush(LONG).await;
    assert_eq!(checked(&report, "vendor").rejected, 300);
    assert_eq!(errors.missed(), 300 - 256);
    drop(observatory);
    let mut count = 0;
    while errors.next().await.is_some() {
        count += 1;
    }
    assert_eq!(count, 256);
}

#[tokio::test]
async fn counts_records_that_come_after_the_end() {
    let vendor = Memory::new("vendor");
    let observatory = Observatory::builder().to(vendor.clone()).build().unwrap();
    observatory.record(span("a"));
    drop(observatory);
    assert_eq!(vendor.stored_names(), ["a"]);
}
