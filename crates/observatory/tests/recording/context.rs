//! Contexts: which span is current, across scopes, tasks and threads.

use llm_observatory::recording::Context;
use llm_observatory::testing::Memory;
use std::future::Future;
use std::pin::pin;
use std::task::{Poll, Waker};
use std::thread;

/// Returns `Pending` once.
async fn suspend() {
    let mut is_suspended = false;
    std::future::poll_fn(|_| {
        if std::mem::replace(&mut is_suspended, true) {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    })
    .await;
}

fn current_id() -> Option<llm_observatory::model::SpanId> {
    Context::current().map(|context| context.id())
}

#[test]
fn scopes_nest() {
    let memory = Memory::new();
    let trace = memory.recorder().trace("request");
    let outer = trace.span("outer").start();
    let inner = outer.span("inner").start();
    assert!(Context::current().is_none());
    outer.context().in_scope(|| {
        assert_eq!(current_id(), Some(outer.id()));
        {
            let _attached = inner.context().attach();
            assert_eq!(current_id(), Some(inner.id()));
            Context::current()
                .expect("a context")
                .tool("search")
                .record();
        }
        assert_eq!(current_id(), Some(outer.id()));
    });
    assert!(Context::current().is_none());
    assert_eq!(
        memory.span("search").expect("a span").parent,
        Some(inner.id())
    );
}

#[test]
fn panics_leave_no_context_behind() {
    let memory = Memory::new();
    let context = memory.recorder().trace("request").context();
    let result = std::panic::catch_unwind(|| context.in_scope(|| panic!("expected by the test")));
    assert!(result.is_err());
    assert!(Context::current().is_none());
}

#[test]
fn futures_keep_their_context_on_each_thread() {
    let memory = Memory::new();
    let trace = memory.recorder().trace("request");
    let span = trace.span("task").start();
    let mut future = Box::pin(span.context().scope(async {
        let before = current_id();
        suspend().await;
        (before, current_id())
    }));
    let poll = |future: &mut std::pin::Pin<Box<_>>| -> Poll<_> {
        Future::poll(
            std::pin::Pin::as_mut(future),
            &mut std::task::Context::from_waker(Waker::noop()),
        )
    };
    assert!(poll(&mut future).is_pending());
    assert!(Context::current().is_none());
    let result = thread::spawn(move || poll(&mut future))
        .join()
        .expect("a result");
    assert_eq!(result, Poll::Ready((Some(span.id()), Some(span.id()))));
}

#[test]
fn interleaved_futures_do_not_mix_contexts() {
    let memory = Memory::new();
    let trace = memory.recorder().trace("request");
    let spans = [trace.span("a").start(), trace.span("b").start()];
    let task = |index: usize| {
        let id = spans[index].id();
        spans[index].context().scope(async move {
            for _ in 0..3 {
                assert_eq!(current_id(), Some(id));
                suspend().await;
            }
        })
    };
    let (mut first, mut second) = (pin!(task(0)), pin!(task(1)));
    let mut waker = std::task::Context::from_waker(Waker::noop());
    for _ in 0..3 {
        assert!(first.as_mut().poll(&mut waker).is_pending());
        assert!(second.as_mut().poll(&mut waker).is_pending());
    }
    assert!(first.poll(&mut waker).is_ready());
    assert!(second.poll(&mut waker).is_ready());
}
