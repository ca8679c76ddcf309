//! Queues are bounded, by each policy.

use super::support::{LONG, Memory, Reply, checked, eventually, quick, span, spans};
use llm_observatory::{DeliveryOptions, DropCause, Observatory, Overflow};
use std::time::{Duration, Instant};

/// A destination whose first request never ends, so that its queue fills.
fn hung() -> Memory {
    Memory::with_script("hung", |_| Reply::Hang).limits(2, 1_000_000)
}

fn with_overflow(overflow: Overflow) -> DeliveryOptions {
    quick().max_records(5).overflow(overflow)
}

/// Records two spans, waits until they are being sent, and records eight more.
fn fill(observatory: &Observatory, vendor: &Memory) {
    spans(observatory, 2);
    eventually(|| vendor.requests().len() == 1);
    for number in 2..10 {
        observatory.record(span(&number.to_string()));
    }
}

fn build(vendor: &Memory, options: DeliveryOptions) -> Observatory {
    Observatory::builder()
        .to(vendor.clone())
        .delivery(options)
        .shutdown_timeout(Duration::ZERO)
        .build()
        .unwrap()
}

#[test]
fn drops_the_newest_records_by_default() {
    let vendor = hung();
    let observatory = build(&vendor, with_overflow(Overflow::default()));
    fill(&observatory, &vendor);
    let report = observatory.report();
    let report = checked(&report, "hung");
    assert_eq!((report.accepted, report.pending), (10, 5));
    assert_eq!(report.dropped[&DropCause::QueueFull], 5);
}

/// Sends the first request again after a time, and accepts the following ones.
fn hung_once() -> Memory {
    Memory::with_script("once", |request| match request.number {
        0 => Reply::Hang,
        _ => Reply::Acknowledge,
    })
    .limits(2, 1_000_000)
}

#[tokio::test]
async fn keeps_the_oldest_records_with_drop_newest() {
    let vendor = hung_once();
    let observatory = build(
        &vendor,
        with_overflow(Overflow::DropNewest).attempt_timeout(Duration::from_millis(100)),
    );
    fill(&observatory, &vendor);
    let report = observatory.flush(LONG).await;
    assert_eq!(checked(&report, "once").acknowledged, 5);
    let mut names = vendor.stored_names();
    names.sort();
    names.dedup();
    assert_eq!(names, ["0", "1", "2", "3", "4"]);
}

#[tokio::test]
async fn keeps_the_newest_records_with_drop_oldest() {
    let vendor = hung_once();
    let observatory = build(
        &vendor,
        with_overflow(Overflow::DropOldest).attempt_timeout(Duration::from_millis(100)),
    );
    fill(&observatory, &vendor);
    let report = observatory.flush(LONG).await;
    let report = checked(&report, "once");
    assert_eq!(
        (report.acknowledged, report.dropped[&DropCause::QueueFull]),
        (5, 5)
    );
    let mut names = vendor.stored_names();
    names.sort();
    names.dedup();
    // The first two were being sent.
    assert_eq!(names, ["0", "1", "7", "8", "9"]);
}

#[test]
fn waits_for_space_with_block() {
    let vendor = Memory::new("vendor").limits(2, 1_000_000);
    let observatory = build(&vendor, with_overflow(Overflow::Block(LONG)));
    spans(&observatory, 500);
    let report = observatory.flush_blocking(LONG);
    assert_eq!(report.to_string(), "vendor: 500 accepted, 500 acknowledged");
}

#[test]
fn drops_the_record_when_blocking_takes_too_long() {
    let vendor = hung();
    let observatory = build(
        &vendor,
        with_overflow(Overflow::Block(Duration::from_millis(10))),
    );
    let start = Instant::now();
    fill(&observatory, &vendor);
    assert!(
        start.elapsed() >= Duration::from_millis(50),
        "{:?}",
        start.elapsed()
    );
    let report = observatory.report();
    let report = checked(&report, "hung");
    assert_eq!(
        (report.pending, report.dropped[&DropCause::QueueFull]),
        (5, 5)
    );
}

#[test]
fn does_not_wait_for_space_that_there_never_is() {
    let vendor = Memory::new("vendor");
    let options = with_overflow(Overflow::Block(LONG * 10)).max_bytes(10_000);
    let observatory = build(&vendor, options);
    let start = Instant::now();
    observatory.record(span(&"x".repeat(20_000)));
    assert!(start.elapsed() < LONG, "{:?}", start.elapsed());
    let report = observatory.report();
    let report = checked(&report, "vendor");
    assert_eq!(report.dropped[&DropCause::QueueFull], 1);
}

#[test]
fn does_not_wait_for_a_batch_that_cannot_fill() {
    let vendor = Memory::new("vendor");
    let options = DeliveryOptions::new()
        .batch_interval(LONG * 10)
        .max_records(5)
        .overflow(Overflow::Block(LONG));
    let observatory = build(&vendor, options);
    spans(&observatory, 50);
    assert!(vendor.stored().len() >= 40);
}

#[test]
fn bounds_the_queue_by_bytes() {
    let vendor = hung();
    let observatory = build(&vendor, quick().max_bytes(10_000));
    spans(&observatory, 100);
    observatory.record(span(&"x".repeat(20_000)));
    let report = observatory.report();
    let report = checked(&report, "hung");
    assert!((5..20).contains(&report.pending), "{report}");
    assert_eq!(report.dropped[&DropCause::QueueFull] + report.pending, 101);
}

#[tokio::test]
async fn a_hung_destination_does_not_delay_another() {
    let (hung, vendor) = (hung(), Memory::new("vendor"));
    let observatory = Observatory::builder()
        .to(hung)
        .to(vendor)
        .delivery(quick().max_records(100))
        .shutdown_timeout(Duration::from_millis(20))
        .build()
        .unwrap();
    for round in 1..=20 {
        spans(&observatory, 50);
        eventually(|| {
            observatory
                .report()
                .destination("vendor")
                .unwrap()
                .acknowledged
                == round * 50
        });
    }
    let report = observatory.flush(Duration::from_millis(20)).await;
    let hung = checked(&report, "hung");
    assert_eq!(
        (hung.acknowledged, hung.pending, hung.dropped()),
        (0, 100, 900)
    );
    let start = Instant::now();
    drop(observatory);
    assert!(start.elapsed() < LONG / 4, "{:?}", start.elapsed());
}

#[test]
fn reports_once_that_records_are_dropped() {
    let vendor = hung();
    let observatory = build(&vendor, with_overflow(Overflow::DropNewest));
    fill(&observatory, &vendor);
    let errors = observatory.errors();
    assert_eq!(
        errors.try_next().unwrap().to_string(),
        "hung: dropped 1 record: queue full; further ones are only counted"
    );
    assert_eq!(errors.try_next(), None);
}
