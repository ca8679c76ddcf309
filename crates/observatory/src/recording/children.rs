//! How children are started: the same methods on everything that can be a parent.

use super::active_span::{ActiveSpan, SpanBuilder};
use super::context::Context;
use super::trace::Trace;
use crate::model::SpanKind;

/// Adds a method for each kind of span to each type that has a method `child`.
macro_rules! children {
    ($parent:ty => $($(#[$doc:meta])* $method:ident: $kind:ident),* $(,)?) => {
        impl $parent {
            $(
                $(#[$doc])*
                pub fn $method(&self, name: impl Into<String>) -> SpanBuilder {
                    self.child(SpanKind::$kind, name.into())
                }
            )*
        }
    };
    ($($parent:ty),*) => {
        $(
            children! { $parent =>
                /// Returns a call of a language model.
                llm: Llm,
                /// Returns a call of an embedding model.
                embedding: Embedding,
                /// Returns a call of a tool.
                tool: Tool,
                /// Returns a search for documents.
                retriever: Retriever,
                /// Returns a component that decides which steps to take.
                agent: Agent,
                /// Returns a fixed sequence of steps.
                workflow: Workflow,
                /// Returns a check that can stop the program.
                guardrail: Guardrail,
                /// Returns a judgment of an output.
                evaluator: Evaluator,
                /// Returns a step of another kind.
                span: Span,
                /// Returns a point in time. [`SpanBuilder::record`] records it.
                event: Event,
            }
        )*
    };
}

children!(Trace, ActiveSpan, Context);
