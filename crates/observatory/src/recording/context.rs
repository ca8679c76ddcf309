//! The span in which code runs, passed implicitly.
//!
//! A context is current for a scope: for a closure ([`Context::in_scope`]), for a future ([`Context::scope`]) or while
//! a guard exists ([`Context::attach`]). It is stored by thread, and a future brings it along to each thread that polls
//! it. Nothing is registered globally: without a scope there is no current context.

use super::active_span::{ActiveSpan, SpanBuilder};
use super::state::TraceState;
use crate::model::{SpanId, SpanKind, TraceId, TraceInfo};
use std::cell::RefCell;
use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::mem;
use std::pin::Pin;
use std::sync::{Arc, Mutex, TryLockError, Weak};
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
    /// The span of the observed function in which the context is current.
    pub(super) observed: Option<Weak<Mutex<ActiveSpan>>>,
}

impl Context {
    pub(crate) fn new(trace: Arc<TraceState>, info: Option<Arc<TraceInfo>>, id: SpanId) -> Self {
        Self {
            trace,
            info,
            id,
            observed: None,
        }
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

    /// Changes the span of the observed function in which this context is current: sets its usage, model or messages. Returns
    /// `false` where nothing was changed: outside of observed functions, or while another change is running.
    ///
    /// ```
    /// use llm_observatory::model::Usage;
    /// use llm_observatory::recording::Context;
    /// use llm_observatory::{observe, testing::Memory};
    ///
    /// #[observe(kind = "llm")]
    /// fn chat() {
    ///     if let Some(context) = Context::current() {
    ///         context.update(|span| {
    ///             span.model("gpt-4o").usage(Usage::tokens(12, 30));
    ///         });
    ///     }
    /// }
    ///
    /// let memory = Memory::new();
    /// memory.recorder().trace("request").context().in_scope(chat);
    /// assert_eq!(memory.span("chat").expect("a span").usage.output, Some(30));
    /// ```
    pub fn update(&self, change: impl FnOnce(&mut ActiveSpan)) -> bool {
        let Some(span) = self.observed.as_ref().and_then(Weak::upgrade) else {
            return false;
        };
        let locked = match span.try_lock() {
            Ok(locked) => Some(locked),
            Err(TryLockError::Poisoned(poisoned)) => Some(poisoned.into_inner()),
            Err(TryLockError::WouldBlock) => None,
        };
        let is_changed = locked.is_some();
        if let Some(mut span) = locked {
            change(&mut span);
        }
        is_changed
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
