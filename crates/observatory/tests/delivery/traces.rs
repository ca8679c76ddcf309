//! Destinations that take whole traces.

use super::support::{LONG, Memory, Reply, checked, eventually, quick, score_of, span_of};
use llm_observatory::model::TraceId;
use llm_observatory::{DeliveryOptions, Observatory, Overflow};
use std::thread;
use std::time::Duration;

fn build(vendor: &Memory, options: DeliveryOptions) -> Observatory {
    Observatory::builder()
        .to(vendor.clone())
        .delivery(options)
        .build()
        .unwrap()
}

#[test]
fn sends_a_complete_trace_in_one_request() {
    let vendor = Memory::new("vendor").traces();
    let observatory = build(&vendor, quick().trace_timeout(LONG * 10));
    let (first, second) = (TraceId::random(), TraceId::random());
    observatory.record(span_of(first, "first.1"));
    observatory.record(span_of(second, "second.1"));
    observatory.record(span_of(first, "first.2"));
    observatory.record(score_of(first, "first.score"));
    let mut root = span_of(first, "first.root");
    root.completes_trace = true;
    observatory.record(root);
    eventually(|| vendor.requests().len() == 1);
    assert_eq!(
        vendor.requests()[0].names(),
        ["first.1", "first.2", "first.score", "first.root"]
    );
    let report = observatory.report();
    assert_eq!(checked(&report, "vendor").pending, 1);
}

#[tokio::test]
async fn a_flush_sends_incomplete_traces() {
    let vendor = Memory::new("vendor").traces();
    let observatory = build(&vendor, quick().trace_timeout(LONG * 10));
    let trace = TraceId::random();
    observatory.record(span_of(trace, "a"));
    observatory.record(span_of(trace, "b"));
    assert!(observatory.flush(LONG).await.is_delivered());
    assert_eq!(vendor.requests().len(), 1);
}

#[test]
fn sends_an_incomplete_trace_after_a_time() {
    let vendor = Memory::new("vendor").traces();
    let observatory = build(&vendor, quick().trace_timeout(Duration::from_millis(30)));
    observatory.record(span_of(TraceId::random(), "a"));
    eventually(|| vendor.stored_names() == ["a"]);
}

#[test]
fn sends_incomplete_traces_when_memory_is_full() {
    let vendor = Memory::new("vendor").traces();
    let options = quick()
        .trace_timeout(LONG * 10)
        .max_records(10)
        .overflow(Overflow::Block(LONG));
    let observatory = build(&vendor, options);
    for number in 0..100 {
        observatory.record(span_of(TraceId::random(), &number.to_string()));
    }
    let report = observatory.report();
    let report = checked(&report, "vendor");
    assert!(
        report.acknowledged >= 85 && report.dropped() == 0,
        "{report}"
    );
    assert_eq!(vendor.stored_names()[..3], ["0", "1", "2"]);
}

#[test]
fn sends_a_score_of_a_trace_that_was_sent() {
    let vendor = Memory::new("vendor").traces();
    let observatory = build(&vendor, quick().trace_timeout(LONG * 10));
    observatory.record(score_of(TraceId::random(), "late"));
    eventually(|| vendor.stored_names() == ["late"]);
}

#[tokio::test]
async fn splits_a_trace_over_the_limits() {
    let vendor = Memory::new("vendor").traces().limits(10, 1_000_000);
    // Nothing is sent before the flush, so that the sizes do not depend on the machine's load.
    let observatory = build(&vendor, quick().batch_interval(LONG));
    let trace = TraceId::random();
    for number in 0..25 {
        observatory.record(span_of(trace, &number.to_string()));
    }
    assert!(observatory.flush(LONG).await.is_delivered());
    let sizes: Vec<_> = vendor
        .requests()
        .iter()
        .map(|request| request.records.len())
        .collect();
    assert_eq!(sizes, [10, 10, 5]);
}

/// The time for a trace does not grow with the number of open traces.
#[tokio::test]
async fn many_open_traces_cost_no_more_than_few() {
    let vendor = Memory::new("vendor").traces();
    let options = quick().trace_timeout(LONG * 10).max_records(100_000);
    let observatory = build(&vendor, options);
    for number in 0..20_000 {
        observatory.record(span_of(TraceId::random(), &number.to_string()));
    }
    assert!(observatory.flush(LONG).await.is_delivered());
    assert_eq!(vendor.requests().len(), 20_000);
}

/// A span that arrives during a flush does not keep its trace from being sent.
#[test]
fn a_flush_sends_a_trace_that_grows_meanwhile() {
    let vendor = Memory::with_script("vendor", |request| match request.number {
        0 => Reply::Hang,
        _ => Reply::Acknowledge,
    })
    .traces();
    let options = quick()
        .trace_timeout(LONG * 10)
        .attempt_timeout(Duration::from_millis(60));
    let observatory = build(&vendor, options);
    let trace = TraceId::random();
    observatory.record(span_of(TraceId::random(), "hung"));
    observatory.record(span_of(trace, "before"));
    let report = thread::scope(|scope| {
        let flush = scope.spawn(|| observatory.flush_blocking(LONG));
        eventually(|| vendor.requests().len() == 1);
        observatory.record(span_of(trace, "after"));
        flush.join().unwrap()
    });
    assert!(checked(&report, "vendor").acknowledged >= 2, "{report}");
}
