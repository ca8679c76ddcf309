//! What the layer stores with each span of the registry.

use crate::attributes::{AttributeValue, Draft, describes_trace};
use crate::model::UnixNanos;
use crate::recording::Context;
use tracing_core::span::Id;

/// Fields, as they arrived.
pub(super) type Fields = Vec<(&'static str, AttributeValue<'static>)>;

/// What the layer stores with each span of the registry.
pub(super) enum Node {
    /// The span is recorded.
    Recorded(Recorded),
    /// The span is left out. What is recorded below it belongs to this context.
    Transparent {
        context: Context,
        /// Fields that describe the trace, of this span and those left out around it.
        fields: Fields,
    },
    /// The outermost span of what may become a trace: recorded as soon as a span below it is.
    Outermost { start: UnixNanos, fields: Fields },
    /// The span is below an outermost one that is not recorded yet.
    Below {
        outermost: Id,
        /// As in [`Transparent`](Self::Transparent).
        fields: Fields,
    },
}

/// A recorded span.
pub(super) struct Recorded {
    /// The context of the span itself.
    pub(super) context: Context,
    /// The context in which it was opened, and to which it returns.
    pub(super) parent: Context,
    pub(super) draft: Draft,
}

impl Recorded {
    /// Lets later children have what fields have set for the trace.
    fn update_context(&mut self) {
        if !self.context.has_info(&self.draft.span.trace) {
            self.context = self.parent.of(&self.draft.span);
        }
    }
}

impl Node {
    /// Sets a field that was recorded after the span began.
    pub(super) fn set(&mut self, name: &'static str, value: AttributeValue<'_>) {
        match self {
            Self::Recorded(recorded) => {
                recorded.draft.set(name, value);
                recorded.update_context();
            }
            Self::Outermost { fields, .. } => fields.push((name, value.into_owned())),
            Self::Transparent { fields, .. } | Self::Below { fields, .. } => {
                if describes_trace(name) {
                    fields.push((name, value.into_owned()));
                }
            }
        }
    }

    /// Returns the context of what is recorded below; `None` while that is not decided.
    pub(super) fn context(&self) -> Option<&Context> {
        match self {
            Self::Recorded(recorded) => Some(&recorded.context),
            Self::Transparent { context, .. } => Some(context),
            Self::Outermost { .. } | Self::Below { .. } => None,
        }
    }
}
