//! Records traces, spans and scores.
//!
//! [`Recorder::trace`] begins a trace. Its children are started from the [`Trace`] or from an [`ActiveSpan`], and are
//! recorded when they end, at the latest when their handle is dropped. Recording never waits and never fails: what
//! arrived is in the report of the delivery.
//!
//! ```
//! use llm_observatory::model::{Message, Usage};
//! use llm_observatory::testing::Memory;
//!
//! let memory = Memory::new();
//! let recorder = memory.recorder();
//!
//! let trace = recorder.trace("explain the sky").session("s-1").user("u-7").tag("beta");
//! let mut call = trace
//!     .llm("chat")
//!     .model("gpt-4o")
//!     .provider("openai")
//!     .input([Message::user("Why is the sky blue?")])
//!     .start();
//! call.output(Message::assistant("Rayleigh scattering.")).usage(Usage::tokens(12, 30)).end();
//! trace.score("helpful", 0.9).comment("short and correct");
//! drop(trace);
//!
//! assert_eq!(memory.spans().len(), 2);
//! assert_eq!(memory.scores().len(), 1);
//! ```

mod active_span;
#[cfg(any(feature = "opentelemetry", feature = "tracing"))]
mod bridge;
mod children;
mod context;
mod failure;
#[doc(hidden)]
pub mod observed;
mod payload;
mod provider_data;
mod recorder;
mod score;
mod setters;
mod state;
mod trace;
mod traceparent;

pub use active_span::{ActiveSpan, SpanBuilder};
#[cfg(feature = "tracing")]
pub(crate) use context::replace_current;
pub use context::{Attached, Context, InContext};
#[cfg(feature = "tracing")]
pub(crate) use failure::{error_message, panic_status};
pub use observed::AsRecorder;
#[doc(hidden)]
pub use observed::Observed;
pub use payload::Payload;
pub use recorder::Recorder;
pub(crate) use recorder::Resource;
pub use score::{ScoreBuilder, ScoreTarget};
pub use trace::Trace;
pub use traceparent::{InvalidTraceparent, Traceparent};
