//! One request of a destination: bounded in time, and safe from its panics.

use crate::destinations::{Destination, Outcome};
use crate::model::Record;
use std::any::Any;
use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

/// The result of one request.
#[derive(Debug)]
pub(super) enum AttemptResult {
    Outcome(Outcome),
    /// The destination panicked with this message.
    Panicked(String),
}

/// Sends the records once.
pub(super) async fn send_once(
    destination: &dyn Destination,
    records: &[Arc<Record>],
    timeout: Duration,
) -> AttemptResult {
    // In a block, since `deliver` itself can panic before it returns a future.
    let deliver = catch_panic(async { destination.deliver(records).await });
    match tokio::time::timeout(timeout, deliver).await {
        Ok(Ok(outcome)) => AttemptResult::Outcome(outcome),
        Ok(Err(panic)) => AttemptResult::Panicked(panic_message(panic.as_ref())),
        Err(_) => AttemptResult::Outcome(Outcome::Retry {
            reason: format!("no response within {timeout:?}"),
            after: None,
        }),
    }
}

/// Runs the future. Returns the payload of its panic.
pub(crate) async fn catch_panic<F: Future>(future: F) -> Result<F::Output, Box<dyn Any + Send>> {
    let mut future = pin!(future);
    poll_fn(|context| {
        let poll = catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(context)));
        match poll {
            Ok(Poll::Pending) => Poll::Pending,
            Ok(Poll::Ready(output)) => Poll::Ready(Ok(output)),
            Err(panic) => Poll::Ready(Err(panic)),
        }
    })
    .await
}

fn panic_message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(ToString::to_string);
    let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
    text.unwrap_or_else(|| "a panic without a message".to_owned())
}
