//! Makes recorded spans current while they are entered, so that the typed API continues below them.

use crate::recording::{Context, replace_current};
use std::cell::RefCell;
use tracing_core::span::Id;

/// A span that was entered on this thread.
struct Entered {
    id: Id,
    /// The context that was current before.
    previous: Option<Context>,
}

thread_local! {
    static ENTERED: RefCell<Vec<Entered>> = const { RefCell::new(Vec::new()) };
}

/// Makes the context of a span current.
pub(super) fn enter(id: &Id, context: Context) {
    let previous = replace_current(Some(context));
    with_entered(|entered| {
        entered.push(Entered {
            id: id.clone(),
            previous,
        });
    });
}

/// Makes the context current again that was so before the span was entered. Spans can be left in any order.
pub(super) fn exit(id: &Id) {
    let restored = with_entered(|entered| {
        let at = entered.iter().rposition(|span| span.id == *id)?;
        let left = entered.remove(at);
        match entered.get_mut(at) {
            // A span that was entered later is current still.
            Some(later) => {
                later.previous = left.previous;
                None
            }
            None => Some(left.previous),
        }
    });
    if let Some(previous) = restored.flatten() {
        replace_current(previous);
    }
}

/// While a thread ends there is no stack.
fn with_entered<T>(change: impl FnOnce(&mut Vec<Entered>) -> T) -> Option<T> {
    ENTERED
        .try_with(|entered| {
            entered
                .try_borrow_mut()
                .ok()
                .map(|mut list| change(&mut list))
        })
        .ok()
        .flatten()
}
