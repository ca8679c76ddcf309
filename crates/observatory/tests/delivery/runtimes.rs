//! Delivery works from async and sync code, any runtime, `Drop` and panics.

use super::support::{LONG, Memory, Reply, checked, eventually, quick, retry, span, spans};
use llm_observatory::Observatory;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

fn build(vendor: &Memory) -> Observatory {
    // A batch that nothing but a flush ends.
    let options = quick().batch_interval(LONG * 10);
    Observatory::builder()
        .to(vendor.clone())
        .delivery(options)
        .build()
        .unwrap()
}

#[tokio::test(flavor = "current_thread")]
async fn flushes_on_a_current_thread_runtime() {
    let vendor = Memory::new("vendor");
    let observatory = build(&vendor);
    spans(&observatory, 10);
    assert!(observatory.flush(LONG).await.is_delivered());
    spans(&observatory, 10);
    assert!(observatory.flush_blocking(LONG).is_delivered());
    assert_eq!(vendor.stored().len(), 20);
}

#[tokio::test(flavor = "current_thread")]
async fn flushes_in_drop_on_a_current_thread_runtime() {
    let vendor = Memory::new("vendor");
    let observatory = build(&vendor);
    spans(&observatory, 10);
    drop(observatory);
    assert_eq!(vendor.stored().len(), 10);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn flushes_in_drop_of_a_task() {
    let vendor = Memory::new("vendor");
    let observatory = build(&vendor);
    let task = tokio::spawn(async move {
        spans(&observatory, 10);
    });
    task.await.unwrap();
    assert_eq!(vendor.stored().len(), 10);
}

#[test]
fn flushes_without_a_runtime() {
    let vendor = Memory::new("vendor");
    let observatory = build(&vendor);
    spans(&observatory, 10);
    assert!(observatory.flush_blocking(LONG).is_delivered());
}

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// The smallest executor.
fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    loop {
        match future.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(output) => return output,
            Poll::Pending => thread::park(),
        }
    }
}

#[test]
fn flushes_on_any_executor() {
    let vendor = Memory::new("vendor");
    let observatory = build(&vendor);
    spans(&observatory, 10);
    assert!(block_on(observatory.flush(LONG)).is_delivered());
    let hung = Memory::with_script("hung", |_| Reply::Hang);
    let observatory = Observatory::builder()
        .to(hung)
        .shutdown_timeout(Duration::ZERO)
        .build()
        .unwrap();
    spans(&observatory, 1);
    assert_eq!(
        block_on(observatory.flush(Duration::from_millis(10))).destinations[0].pending,
        1
    );
}

#[test]
fn delivers_after_a_panic() {
    let vendor = Memory::new("vendor");
    let inner = vendor.clone();
    let result = thread::spawn(move || {
        let observatory = build(&inner);
        spans(&observatory, 10);
        panic!("the program has a fault");
    })
    .join();
    assert!(result.is_err());
    assert_eq!(vendor.stored().len(), 10);
}

#[test]
fn dropping_waits_at_most_for_the_timeout() {
    let vendor = Memory::with_script("vendor", |_| Reply::Hang);
    let builder = Observatory::builder().to(vendor).delivery(quick());
    let observatory = builder
        .shutdown_timeout(Duration::from_millis(30))
        .build()
        .unwrap();
    let errors = observatory.errors();
    observatory.record(span("a"));
    let start = Instant::now();
    drop(observatory);
    assert!((Duration::from_millis(30)..LONG / 2).contains(&start.elapsed()));
    let error = errors.try_next().unwrap();
    assert_eq!(
        error.to_string(),
        "vendor: dropped 1 record: not delivered within 30ms after the end"
    );
}

/// A flush waits for the records before it, not for those that other threads add meanwhile.
#[test]
fn a_flush_ends_while_others_record() {
    let vendor = Memory::with_script("vendor", |request| match request.number {
        _ if request.has("after") => Reply::Hang,
        0 => retry("503", Some(Duration::from_millis(60))),
        _ => Reply::Acknowledge,
    });
    // Only the flush sends a batch, so that it has begun when there is a request.
    let options = quick().batch_interval(LONG * 10);
    let observatory = Observatory::builder()
        .to(vendor.clone())
        .delivery(options)
        .shutdown_timeout(Duration::ZERO)
        .build()
        .unwrap();
    observatory.record(span("before"));
    let start = Instant::now();
    let report = thread::scope(|scope| {
        let flush = scope.spawn(|| observatory.flush_blocking(LONG));
        eventually(|| vendor.requests().len() == 1);
        observatory.record(span("after"));
        flush.join().unwrap()
    });
    let report = checked(&report, "vendor");
    assert_eq!((report.acknowledged, report.pending), (1, 1));
    assert!(start.elapsed() < LONG / 2, "{:?}", start.elapsed());
}

#[tokio::test]
async fn an_invocation_ends_with_its_records_delivered() {
    let vendor = Memory::new("vendor");
    let observatory = build(&vendor);
    let response = observatory
        .invocation(async {
            spans(&observatory, 10);
            "response"
        })
        .await;
    assert_eq!(response, "response");
    assert_eq!(vendor.stored().len(), 10);
}

#[test]
fn an_invocation_delivers_before_it_resumes_a_panic() {
    let vendor = Memory::new("vendor");
    let observatory = build(&vendor);
    let invocation = observatory.invocation(async {
        spans(&observatory, 10);
        panic!("the handler has a fault");
    });
    let result = catch_unwind(AssertUnwindSafe(|| block_on(invocation)));
    assert_eq!(
        result.unwrap_err().downcast_ref::<&str>(),
        Some(&"the handler has a fault")
    );
    assert_eq!(vendor.stored().len(), 10);
}

#[tokio::test]
async fn a_canceled_invocation_begins_the_delivery() {
    let vendor = Memory::new("vendor");
    let observatory = build(&vendor);
    let invocation = observatory.invocation(async {
        spans(&observatory, 10);
        std::future::pending::<()>().await;
    });
    let result = tokio::time::timeout(Duration::from_millis(20), invocation).await;
    assert!(result.is_err());
    eventually(|| vendor.stored().len() == 10);
}

#[test]
fn leaves_the_panic_hook_alone() {
    let (sender, receiver) = std::sync::mpsc::channel();
    let thread = thread::current().id();
    let previous = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        if thread::current().id() == thread {
            let _ = sender.send(());
        } else {
            previous(info);
        }
    }));
    let observatory = build(&Memory::new("vendor"));
    let _ = catch_unwind(|| panic!("the program has a fault"));
    drop(observatory);
    assert!(receiver.try_recv().is_ok());
}
