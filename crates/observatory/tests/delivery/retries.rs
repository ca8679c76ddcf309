//! Retries: backoff, `Retry-After`, and the deadline.

use super::support::{LONG, Memory, Reply, checked, eventually, quick, retry, span, spans};
use llm_observatory::{DeliveryOptions, DropCause, ErrorKind, Observatory, Overflow, RetryPolicy};
use std::time::Duration;

#[tokio::test]
async fn retries_with_growing_delays() {
    let vendor = Memory::with_script("vendor", |request| match request.number {
        0..=4 => retry("connection refused", None),
        _ => Reply::Acknowledge,
    });
    let policy = RetryPolicy::new().initial_backoff(Duration::from_millis(8));
    let observatory = Observatory::builder()
        .to(vendor.clone())
        .delivery(quick().retry(policy))
        .build()
        .unwrap();
    observatory.record(span("a"));
    let report = observatory.flush(LONG).await;
    let report = checked(&report, "vendor");
    assert_eq!((report.acknowledged, report.retries), (1, 5));
    assert_eq!(report.problem, None);
    let times: Vec<_> = vendor
        .requests()
        .iter()
        .map(|request| request.time)
        .collect();
    for (position, pair) in times.windows(2).enumerate() {
        let least = Duration::from_millis(4 << position);
        assert!(
            pair[1] - pair[0] >= least,
            "{position}: {:?}",
            pair[1] - pair[0]
        );
    }
    let error = observatory.errors().try_next().unwrap();
    assert_eq!(
        error.to_string(),
        "vendor: will retry 1 record: connection refused"
    );
}

#[tokio::test]
async fn the_longest_times_are_times() {
    let vendor = Memory::with_script("vendor", |request| match request.number {
        0..=2 => retry("503", None),
        3 => retry("503", Some(Duration::MAX)),
        _ => Reply::Acknowledge,
    });
    let policy = RetryPolicy::new()
        .initial_backoff(Duration::from_millis(1))
        .max_backoff(Duration::from_millis(1))
        .max_retry_after(Duration::MAX)
        .deadline(Duration::MAX);
    let options = quick()
        .attempt_timeout(Duration::MAX)
        .trace_timeout(Duration::MAX)
        .retry(policy);
    let observatory = Observatory::builder()
        .to(vendor.clone())
        .delivery(options)
        .shutdown_timeout(Duration::ZERO)
        .build()
        .unwrap();
    observatory.record(span("a"));
    eventually(|| vendor.requests().len() == 4);
    // Neither dropped at once, nor sent again at once.
    let report = observatory.flush(Duration::from_millis(100)).await;
    let report = checked(&report, "vendor");
    assert_eq!((report.dropped(), report.pending), (0, 1));
    assert_eq!(vendor.requests().len(), 4);
}

/// 429 for every request for a time: nothing is sent earlier than the vendor asked for, and no other destination waits.
#[tokio::test]
async fn retry_after_pauses_only_its_destination() {
    let delay = Duration::from_millis(60);
    let limited = Memory::with_script("limited", move |request| match request.number {
        0..=2 => retry("429", Some(delay)),
        _ => Reply::Acknowledge,
    })
    .limits(10, 1_000_000);
    let vendor = Memory::new("vendor");
    let observatory = Observatory::builder()
        .to(limited.clone())
        .to(vendor.clone())
        .delivery(quick())
        .build()
        .unwrap();
    spans(&observatory, 100);
    eventually(|| vendor.stored().len() == 100);
    assert!(limited.stored().is_empty());
    let report = observatory.flush(LONG).await;
    assert!(report.is_delivered(), "{report}");
    let requests = limited.requests();
    for pair in requests.windows(2).take(3) {
        assert!(pair[1].time - pair[0].time >= delay);
    }
    // A storm does not multiply requests: three were refused, ten were needed.
    assert!(requests.len() <= 3 + 10 + 2, "{}", requests.len());
}

#[tokio::test]
async fn limits_the_delay_that_a_vendor_asks_for() {
    let vendor = Memory::with_script("vendor", |request| match request.number {
        0 => retry("429", Some(LONG * 10)),
        1 => retry("429", Some(Duration::MAX)),
        _ => Reply::Acknowledge,
    });
    let policy = RetryPolicy::new().max_retry_after(Duration::from_millis(10));
    let observatory = Observatory::builder()
        .to(vendor)
        .delivery(quick().retry(policy))
        .build()
        .unwrap();
    observatory.record(span("a"));
    assert!(observatory.flush(LONG).await.is_delivered());
}

#[tokio::test]
async fn drops_records_at_the_deadline_even_while_paused() {
    let vendor = Memory::with_script("vendor", |_| retry("503", Some(LONG * 10)));
    let policy = RetryPolicy::new().deadline(Duration::from_millis(30));
    let observatory = Observatory::builder()
        .to(vendor)
        .delivery(quick().retry(policy))
        .shutdown_timeout(Duration::ZERO)
        .build()
        .unwrap();
    spans(&observatory, 5);
    let report = observatory.flush(LONG).await;
    assert_eq!(
        report.to_string(),
        "vendor: 5 accepted, 0 acknowledged, 5 dropped (5 deadline)"
    );
    assert_eq!(checked(&report, "vendor").dropped[&DropCause::Deadline], 5);
    let errors = observatory.errors();
    let kinds: Vec<_> = std::iter::from_fn(|| errors.try_next()).collect();
    let last = kinds.last().unwrap();
    assert_eq!(last.kind, ErrorKind::Dropped);
    assert_eq!(last.message, "not delivered within 30ms: 503");
}

#[tokio::test]
async fn a_request_without_response_is_retried() {
    let vendor = Memory::with_script("vendor", |request| match request.number {
        0 => Reply::Hang,
        _ => Reply::Acknowledge,
    });
    let options = quick().attempt_timeout(Duration::from_millis(20));
    let observatory = Observatory::builder()
        .to(vendor.clone())
        .delivery(options)
        .build()
        .unwrap();
    observatory.record(span("a"));
    let report = observatory.flush(LONG).await;
    assert!(report.is_delivered(), "{report}");
    assert_eq!(vendor.requests().len(), 2);
    assert_eq!(
        observatory.errors().try_next().unwrap().message,
        "no response within 20ms"
    );
}

#[tokio::test]
async fn does_not_retry_what_the_vendor_refuses() {
    use llm_observatory::destinations::Outcome;
    let vendor = Memory::with_script("vendor", |_| {
        Reply::Outcome(Outcome::Rejected {
            reason: "401".to_owned(),
        })
    });
    let observatory = Observatory::builder()
        .to(vendor.clone())
        .delivery(quick())
        .build()
        .unwrap();
    spans(&observatory, 5);
    let report = observatory.flush(LONG).await;
    assert_eq!(
        report.to_string(),
        "vendor: 5 accepted, 0 acknowledged, 5 rejected"
    );
    assert_eq!(vendor.requests().len(), 1);
}

#[tokio::test]
async fn a_vendor_that_asks_for_no_delay_is_not_called_in_a_loop() {
    let vendor = Memory::with_script("vendor", |_| retry("429", Some(Duration::ZERO)));
    let policy = RetryPolicy::new().initial_backoff(Duration::from_millis(20));
    let observatory = Observatory::builder()
        .to(vendor.clone())
        .delivery(quick().retry(policy))
        .shutdown_timeout(Duration::ZERO)
        .build()
        .unwrap();
    observatory.record(span("a"));
    observatory.flush(Duration::from_millis(60)).await;
    assert!(vendor.requests().len() <= 8, "{}", vendor.requests().len());
}

#[tokio::test]
async fn reports_that_a_response_is_missing() {
    let vendor = Memory::with_script("vendor", |_| Reply::Hang);
    let observatory = Observatory::builder()
        .to(vendor)
        .delivery(quick())
        .shutdown_timeout(Duration::ZERO)
        .build()
        .unwrap();
    observatory.record(span("a"));
    let report = observatory.flush(Duration::from_millis(120)).await;
    let reason = &checked(&report, "vendor").problem.as_ref().unwrap().reason;
    assert!(reason.starts_with("no response for 1"), "{reason}");
}

#[tokio::test]
async fn the_longest_durations_do_not_overflow() {
    let vendor = Memory::with_script("vendor", |request| match request.number {
        0 => retry("503", None),
        _ => Reply::Acknowledge,
    });
    let policy = RetryPolicy::new()
        .initial_backoff(Duration::from_millis(4))
        .max_backoff(Duration::MAX)
        .max_retry_after(Duration::MAX)
        .deadline(Duration::MAX);
    let options = DeliveryOptions::new()
        .batch_interval(Duration::MAX)
        .attempt_timeout(Duration::MAX)
        .trace_timeout(Duration::MAX)
        .overflow(Overflow::Block(Duration::MAX))
        .retry(policy);
    let observatory = Observatory::builder()
        .to(vendor.clone())
        .to(Memory::new("traces").traces())
        .delivery(options)
        .shutdown_timeout(Duration::MAX)
        .build()
        .unwrap();
    spans(&observatory, 5);
    assert!(observatory.flush(Duration::MAX).await.is_delivered());
    spans(&observatory, 5);
    assert!(observatory.flush_blocking(Duration::MAX).is_delivered());
}
