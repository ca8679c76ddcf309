//! Records what the crate `tracing` observes.
//!
//! Crates that emit spans with fields of the GenAI conventions, OpenInference or OpenLLMetry are recorded without a change
//! to them. The fields are read as [`attributes`](crate::attributes).
//!
//! ```
//! use tracing_subscriber::layer::SubscriberExt;
//!
//! let memory = llm_observatory::testing::Memory::new();
//! let subscriber = tracing_subscriber::registry().with(memory.recorder().layer());
//! tracing::subscriber::with_default(subscriber, || {
//!     let span = tracing::info_span!(
//!         "chat",
//!         gen_ai.request.model = "gpt-4o",
//!         gen_ai.usage.output_tokens = tracing::field::Empty,
//!     );
//!     span.in_scope(|| { /* call the model */ });
//!     span.record("gen_ai.usage.output_tokens", 30);
//! });
//! let span = memory.span("chat").expect("a span");
//! assert_eq!(span.model.as_deref(), Some("gpt-4o"));
//! assert_eq!(span.usage.output, Some(30));
//! ```
//!
//! # Which spans are recorded
//!
//! - Spans that declare a field of one of these conventions.
//! - The outermost span around them, so that all calls of a request are in one trace. It gives the trace its name.
//! - With [`TracingLayer::all_spans`], all spans below a recorded one.
//!
//! Spans in between are left out; their `session.id` and `user.id` apply to what is recorded below them. A span inside a
//! [`Context`](crate::recording::Context), such as one of the typed API, becomes its child; and what the typed API records
//! inside a recorded span of `tracing` becomes a child of that.
//!
//! Events in a recorded span are recorded with it. One of level `ERROR`, or with an error in a field, marks the span as
//! failed, unless the span reports its status itself.

mod current;
mod layer;
mod node;
mod visit;

pub use layer::TracingLayer;
