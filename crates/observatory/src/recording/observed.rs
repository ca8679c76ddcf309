//! What the attribute `observe` expands to.

use super::active_span::ActiveSpan;
use super::context::{Attached, Context};
use super::failure::{error_status, failure};
use super::recorder::Recorder;
use crate::model::{SpanKind, Status};
use serde::Serialize;
use serde_json::{Map, Value};
use std::error::Error;
use std::fmt::{Debug, Display};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What has a recorder, for `#[observe(root = …)]`.
pub trait AsRecorder {
    /// Returns the recorder.
    fn as_recorder(&self) -> &Recorder;
}

impl AsRecorder for Recorder {
    fn as_recorder(&self) -> &Recorder {
        self
    }
}

impl<T: AsRecorder + ?Sized> AsRecorder for &T {
    fn as_recorder(&self) -> &Recorder {
        (**self).as_recorder()
    }
}

impl<T: AsRecorder + ?Sized> AsRecorder for Arc<T> {
    fn as_recorder(&self) -> &Recorder {
        (**self).as_recorder()
    }
}

/// The span of an observed function, if it is recorded.
#[doc(hidden)]
#[derive(Debug)]
pub struct Observed {
    /// Only this is a strong reference: the span ends with the function.
    span: Option<Arc<Mutex<ActiveSpan>>>,
}

impl Observed {
    /// Begins a span below the current one. Without a current span, it begins a trace with the recorder of `root`.
    pub fn begin(
        kind: SpanKind,
        name: &'static str,
        root: impl FnOnce() -> Option<Recorder>,
    ) -> Self {
        let span = match Context::current() {
            Some(context) => Some(context.child(kind, name.to_owned()).start()),
            None => root().map(|recorder| recorder.trace(name).kind(kind).into_root()),
        };
        Self {
            span: span.map(|span| Arc::new(Mutex::new(span))),
        }
    }

    /// Makes the span current until the guard is dropped.
    pub fn attach(&self) -> Option<Attached> {
        let span = self.span.as_ref()?;
        let mut context = lock(span).context();
        context.observed = Some(Arc::downgrade(span));
        Some(context.attach())
    }

    /// Records the arguments that `values` returns, if the span is recorded.
    pub fn arguments(&mut self, values: impl FnOnce() -> Map<String, Value>) {
        let Some(span) = &self.span else {
            return;
        };
        if let Some(span) = lock(span).span_mut() {
            span.input = Some(Value::Object(values()));
        }
    }

    /// Records a result, and ends the span.
    pub fn end(
        &mut self,
        status: impl FnOnce() -> Option<Status>,
        output: impl FnOnce() -> Option<Value>,
    ) {
        let Some(active) = &self.span else {
            return;
        };
        let mut active = lock(active);
        if let Some(span) = active.span_mut() {
            if let Some(status) = status() {
                span.status = status;
            }
            // What the function has set itself is not replaced by nothing.
            span.output = output().or_else(|| span.output.take());
        }
        active.end();
    }
}

fn lock(span: &Mutex<ActiveSpan>) -> MutexGuard<'_, ActiveSpan> {
    span.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A value of which the compiler selects what can be recorded: of the traits below that fit, it takes the one that is
/// implemented for the most references.
#[doc(hidden)]
#[derive(Debug)]
pub struct Probe<'v, T: ?Sized>(pub &'v T);

/// The status of a result whose error is an `Error`.
#[doc(hidden)]
pub trait ErrorResult {
    fn status(&self) -> Option<Status>;
}

impl<T, E: Error> ErrorResult for &&&&Probe<'_, Result<T, E>> {
    fn status(&self) -> Option<Status> {
        self.0.as_ref().err().map(error_status)
    }
}

/// The status of a result whose error can be displayed, such as `anyhow::Error`.
#[doc(hidden)]
pub trait DisplayResult {
    fn status(&self) -> Option<Status>;
}

impl<T, E: Display> DisplayResult for &&&Probe<'_, Result<T, E>> {
    fn status(&self) -> Option<Status> {
        // The alternate form has the sources where an error type supports that.
        self.0
            .as_ref()
            .err()
            .map(|error| failure(format!("{error:#}")))
    }
}

/// The status of a result whose error is for programmers.
#[doc(hidden)]
pub trait DebugResult {
    fn status(&self) -> Option<Status>;
}

impl<T, E: Debug> DebugResult for &&Probe<'_, Result<T, E>> {
    fn status(&self) -> Option<Status> {
        self.0
            .as_ref()
            .err()
            .map(|error| failure(format!("{error:?}")))
    }
}

/// The status of a result with any error.
#[doc(hidden)]
pub trait AnyResult {
    fn status(&self) -> Option<Status>;
}

impl<T, E> AnyResult for &Probe<'_, Result<T, E>> {
    fn status(&self) -> Option<Status> {
        let error = self.0.as_ref().err();
        error.map(|_| failure(std::any::type_name::<E>().to_owned()))
    }
}

/// The status of anything but a result.
#[doc(hidden)]
pub trait NoResult {
    fn status(&self) -> Option<Status> {
        None
    }
}

impl<T: ?Sized> NoResult for Probe<'_, T> {}

/// The value of a success.
#[doc(hidden)]
pub trait SerializeOk {
    fn value(&self) -> Option<Value>;
}

impl<T: Serialize, E> SerializeOk for &&&&Probe<'_, Result<T, E>> {
    fn value(&self) -> Option<Value> {
        self.0.as_ref().ok().map(to_value)
    }
}

/// The value of a success that can be formatted.
#[doc(hidden)]
pub trait DebugOk {
    fn value(&self) -> Option<Value>;
}

impl<T: Debug, E> DebugOk for &&&Probe<'_, Result<T, E>> {
    fn value(&self) -> Option<Value> {
        self.0
            .as_ref()
            .ok()
            .map(|value| format!("{value:?}").into())
    }
}

/// A value that can be serialized.
#[doc(hidden)]
pub trait SerializeValue {
    fn value(&self) -> Option<Value>;
}

impl<T: Serialize + ?Sized> SerializeValue for &&Probe<'_, T> {
    fn value(&self) -> Option<Value> {
        Some(to_value(self.0))
    }
}

/// A value that can be formatted.
#[doc(hidden)]
pub trait DebugValue {
    fn value(&self) -> Option<Value>;
}

impl<T: Debug + ?Sized> DebugValue for &Probe<'_, T> {
    fn value(&self) -> Option<Value> {
        Some(format!("{:?}", self.0).into())
    }
}

/// Any other value, of which only the type can be recorded.
#[doc(hidden)]
pub trait AnyValue {
    fn value(&self) -> Option<Value>;
}

impl<T: ?Sized> AnyValue for Probe<'_, T> {
    fn value(&self) -> Option<Value> {
        Some(format!("<{}>", std::any::type_name::<T>()).into())
    }
}

fn to_value<T: Serialize + ?Sized>(value: &T) -> Value {
    serde_json::to_value(value).unwrap_or_else(|error| Value::String(error.to_string()))
}

/// Expands to the parts of an observed function that need the traits above.
#[doc(hidden)]
#[macro_export]
macro_rules! __observe {
    (args, $observed:ident, $($key:literal => $name:ident),* $(,)?) => {
        $observed.arguments(|| {
            #[allow(unused_imports)]
            use $crate::recording::observed::{AnyValue, DebugValue, Probe, SerializeValue};
            #[allow(unused_mut)]
            let mut arguments = $crate::recording::observed::Arguments::new();
            $(
                if let ::core::option::Option::Some(value) = (&&&&&Probe(&$name)).value() {
                    arguments.insert($key.into(), value);
                }
            )*
            arguments
        });
    };
    (end, $observed:ident, $result:ident) => {
        $observed.end(
            || $crate::__observe!(status, $result),
            || ::core::option::Option::None,
        );
    };
    (end_with_result, $observed:ident, $result:ident) => {
        $observed.end(
            || $crate::__observe!(status, $result),
            || {
                #[allow(unused_imports)]
                use $crate::recording::observed::{
                    AnyValue, DebugOk, DebugValue, Probe, SerializeOk, SerializeValue,
                };
                (&&&&&Probe(&$result)).value()
            },
        );
    };
    (status, $result:ident) => {{
        #[allow(unused_imports)]
        use $crate::recording::observed::{
            AnyResult, DebugResult, DisplayResult, ErrorResult, NoResult, Probe,
        };
        (&&&&&Probe(&$result)).status()
    }};
}

/// The arguments of a function by name.
#[doc(hidden)]
pub type Arguments = Map<String, Value>;
