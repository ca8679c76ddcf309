//! Every record is accounted for.

use super::support::{LONG, Memory, checked, quick, retry, span, spans};
use llm_observatory::{BuildError, Observatory};
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
    assert_eq!(
        report.to_string(),
        "vendor: 1 accepted, 0 acknowledged, 1 pending (503, retry in 4 s)"
    );
}

#[test]
fn rejects_two_destinations_of_one_name() {
    let result = Observatory::builder()
        .to(Memory::new("vendor"))
        .to(Memory::new("vendor"))
        .build();
    assert!(matches!(result, Err(BuildError::DuplicateName(name)) if name == "vendor"));
}
