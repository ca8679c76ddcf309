//! Records LLM calls once, delivers them to any observability vendor, and reports what arrived.
//!
//! A program records spans and scores in the vendor-neutral [`model`]. Each [`Destination`](destinations::Destination)
//! translates them for its vendor. An [`Observatory`] delivers them in the background. The [`guide`] begins with
//! [the first trace](guide::first_trace).

#[cfg(any(feature = "opentelemetry", feature = "tracing"))]
pub mod attributes;
mod delivery;
pub mod destinations;
pub mod guide;
mod json;
pub mod model;
mod observatory;
#[cfg(feature = "opentelemetry")]
pub mod otel_exporter;
pub mod prompts;
pub mod providers;
pub mod reading;
pub mod recording;
pub mod testing;
#[cfg(feature = "tracing")]
pub mod tracing_layer;

#[cfg(feature = "spool")]
pub use delivery::SpoolOptions;
pub use delivery::{
    ContentPolicy, DeadLetter, DeliveryError, DeliveryOptions, DestinationReport, DropCause,
    ErrorKind, Errors, Mask, Overflow, Problem, Report, RetryPolicy,
};
/// Records a function as a span.
///
/// The span begins when the function is called, for an `async fn` when its future is first polled, and ends when it
/// returns, panics or is dropped. It is current meanwhile: observed functions that are called inside, and spans started
/// from [`Context::current`](recording::Context::current), are its children. Where the function returns `Err`, the span has
/// failed.
///
/// ```
/// use llm_observatory::{observe, testing::Memory};
///
/// #[observe(kind = "tool", args, result)]
/// async fn weather(city: &str) -> Result<u8, std::io::Error> {
///     Ok(21)
/// }
///
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let memory = Memory::new();
/// let trace = memory.recorder().trace("request");
/// trace.context().scope(weather("Lima")).await?;
/// # drop(trace);
/// let span = memory.span("weather").expect("a span");
/// assert_eq!(span.input, Some(serde_json::json!({"city": "Lima"})));
/// assert_eq!(span.output, Some(21.into()));
/// # Ok::<(), std::io::Error>(())
/// # }).unwrap();
/// ```
///
/// | option | meaning |
/// | --- | --- |
/// | `name = "…"` | the name of the span; default: the function's |
/// | `kind = "…"` | `llm`, `embedding`, `tool`, `retriever`, `agent`, `workflow`, `guardrail`, `evaluator` or `span` (default) |
/// | `args` | records the arguments, as JSON where they implement `Serialize`, else as `Debug` formats them |
/// | `skip(a, b)` | with `args`: leaves these out |
/// | `result` | records what the function returns, of a `Result` the `Ok` value |
/// | `root = expression` | begins a trace with this recorder or observatory where no span is current |
///
/// # Which trace a function belongs to
///
/// The current context decides: that of the innermost observed function, recorded span of `tracing`, or scope
/// ([`Context::scope`](recording::Context::scope)) around the call. Without one, `root` begins a trace whose root span is
/// this function; without `root` nothing is recorded. A task that is spawned has no current context, unless its future is
/// put into one: `tokio::spawn(context.scope(future))`.
///
/// What is known only inside the function, such as the usage of a model call, is set with
/// [`Context::update`](recording::Context::update).
///
/// A function that is not `async` and returns a future is observed until it returns the future.
#[cfg(feature = "macros")]
pub use llm_observatory_macros::observe;
pub use observatory::{BuildError, Observatory, ObservatoryBuilder};

/// What `observe` refuses.
///
/// ```compile_fail
/// #[llm_observatory::observe(kind = "robot")]
/// fn f() {}
/// ```
///
/// ```compile_fail
/// #[llm_observatory::observe(argument)]
/// fn f() {}
/// ```
///
/// ```compile_fail
/// #[llm_observatory::observe(args, args)]
/// fn f() {}
/// ```
///
/// ```compile_fail
/// #[llm_observatory::observe(skip(a))]
/// fn f(a: u8) {}
/// ```
///
/// ```compile_fail
/// #[llm_observatory::observe(args, skip(b))]
/// fn f(a: u8) {}
/// ```
///
/// ```compile_fail
/// #[llm_observatory::observe]
/// const fn f() {}
/// ```
///
/// ```compile_fail
/// #[llm_observatory::observe]
/// struct S;
/// ```
#[cfg(all(doctest, feature = "macros"))]
struct ObserveRefuses;
