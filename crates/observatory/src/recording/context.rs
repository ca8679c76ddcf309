//! The span in which code runs, passed implicitly.
//!
//! A context is current for a scope: for a closure ([`Context::in_scope`]), for a future ([`Context::scope`]) or while
//! a guard exists ([`Context::attach`]). It is stored by thread, and a future brings it along to each thread that polls
//! it. Nothing is registered globally: without a scope there is no current context.

use super::active_span::SpanBuilder;
use super::state::TraceState;
use crate::model::{SpanId, SpanKind, TraceId, TraceInfo};
use std::cell::RefCell;
use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::mem;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{self, Poll};

thread_local! {
    static CURRENT: RefCell<Option<Context>> = const { RefCell::new(None) };
}

/// A reference to a span, by which children are started. It does not keep the span open.
#[derive(Clone)]
pub struct Context {
    pub(super) trace: Arc<TraceState>,
    /// `None` where the trace is not sampled.
    pub(super) info: Option<Arc<TraceInfo>>,
    id: SpanId,
}

impl Context {
    pub(crate) fn new(trace: Arc<TraceState>, info: Option<Arc<TraceInfo>>, id: SpanId) -> Self {
        Self { trace, info, id }
    }

    /// Returns the context of the innermost scope of this thread or task.
    pub fn current() -> Option<Self> {
        CURRENT
            .try_with(|current| current.try_borrow().ok()?.clone())
            .ok()
            .flatten()
    }

    /// Returns the id of the span.
    pub fn id(&self) -> SpanId {
        self.id
    }

    /// Returns the id of the trace.
    pub fn trace_id(&self) -> TraceId {
        self.trace.id
    }

    /// Runs a closure in this context.
    pub fn in_scope<T>(&self, run: impl FnOnce() -> T) -> T {
        let _attached = self.attach();
        run()
    }

    /// Returns a future that runs in this context, on any thread.
    pub fn scope<F: Future>(&self, future: F) -> InContext<F> {
        InContext {
            context: self.clone(),
            future: Box::pin(future),
        }
    }

    /// Makes this context current on this thread until the guard is dropped. In an async function the guard must not be
    /// held across an `await`, which the compiler checks where the future must be `Send`; use [`scope`](Self::scope)
    /// there.
    pub fn attach(&self) -> Attached {
        Attached {
            previous: replace_current(Some(self.clone())),
            not_send: PhantomData,
        }
    }

    /// Returns a span below the one that is referred to.
    pub(super) fn child(&self, kind: SpanKind, name: String) -> SpanBuilder {
        let trace = Arc::clone(&self.trace);
        SpanBuilder::new(trace, self.info.as_ref(), Some(self.id), kind, name)
    }
}

impl fmt::Debug for Context {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Context")
            .field("trace_id", &self.trace.id)
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// Makes a context current until it is dropped.
#[must_use = "the context is current only while the guard exists"]
#[derive(Debug)]
pub struct Attached {
    previous: Option<Context>,
    not_send: PhantomData<*const ()>,
}

impl Drop for Attached {
    fn drop(&mut self) {
        replace_current(self.previous.take());
    }
}

/// A future that runs in a context. See [`Context::scope`].
#[derive(Debug)]
pub struct InContext<F> {
    context: Context,
    future: Pin<Box<F>>,
}

impl<F: Future> Future for InContext<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, waker: &mut task::Context<'_>) -> Poll<F::Output> {
        let _attached = self.context.attach();
        self.future.as_mut().poll(waker)
    }
}

/// Returns the context that was current before. While a thread ends there is none.
pub(crate) fn replace_current(context: Option<Context>) -> Option<Context> {
    CURRENT
        .try_with(|current| Some(mem::replace(&mut *current.try_borrow_mut().ok()?, context)))
        .ok()
        .flatten()
        .flatten()
}
