//! The channel of what went wrong.

use super::events::emit_error;
use super::text::sanitize;
use serde::Serialize;
use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;

/// Errors that are kept until a reader takes them.
const CAPACITY: usize = 256;

/// What went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ErrorKind {
    /// A request failed and will be sent again.
    Retry,
    /// The vendor refused records. They are among the dead letters.
    Rejected,
    /// Records were dropped.
    Dropped,
    /// The vendor's API has no place for a record. Reported once for each destination.
    Unsupported,
    /// Content was cut because the record was over a limit of the vendor.
    Truncated,
    /// The destination panicked.
    Panicked,
    /// The spool could not be read or written.
    Spool,
    /// The function that masks content panicked. The record has no content.
    Masking,
}

impl ErrorKind {
    /// Returns the kind as JSON has it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Retry => "retry",
            Self::Rejected => "rejected",
            Self::Dropped => "dropped",
            Self::Unsupported => "unsupported",
            Self::Truncated => "truncated",
            Self::Panicked => "panicked",
            Self::Spool => "spool",
            Self::Masking => "masking",
        }
    }
}

/// One thing that went wrong during delivery.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct DeliveryError {
    /// The destination, or an empty text where the error concerns none.
    pub destination: String,
    /// What went wrong.
    pub kind: ErrorKind,
    /// The number of records concerned; 0 where it is not known.
    pub records: usize,
    /// The cause. Text of vendors is escaped and at most 300 characters long.
    pub message: String,
}

impl fmt::Display for DeliveryError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.destination.is_empty() {
            write!(out, "{}: ", self.destination)?;
        }
        let verb = match self.kind {
            ErrorKind::Retry => "will retry",
            ErrorKind::Rejected => "rejected",
            ErrorKind::Dropped => "dropped",
            ErrorKind::Unsupported => "does not support",
            ErrorKind::Truncated => "truncated",
            ErrorKind::Panicked => "panicked while sending",
            ErrorKind::Spool => "spool failed for",
            ErrorKind::Masking => "masking failed for",
        };
        if self.records == 0 {
            return out.write_str(&self.message);
        }
        let plural = if self.records == 1 { "" } else { "s" };
        write!(
            out,
            "{verb} {} record{plural}: {}",
            self.records, self.message
        )
    }
}

impl std::error::Error for DeliveryError {}

/// What went wrong during delivery, oldest first. At most 256 errors are kept; reading never delays the delivery.
///
/// Clones share one queue: each error is read once.
#[derive(Clone, Debug, Default)]
pub struct Errors {
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    queue: Mutex<ErrorQueue>,
    added: Notify,
}

#[derive(Debug, Default)]
struct ErrorQueue {
    errors: VecDeque<DeliveryError>,
    missed: u64,
    closed: bool,
}

impl Errors {
    /// Returns the oldest error that has not been read, without waiting.
    pub fn try_next(&self) -> Option<DeliveryError> {
        self.lock().errors.pop_front()
    }

    /// Waits for the next error. Returns `None` after the [`Observatory`](crate::Observatory) has been dropped and all
    /// errors have been read. Works on any executor.
    pub async fn next(&self) -> Option<DeliveryError> {
        loop {
            let added = self.shared.added.notified();
            {
                let mut queue = self.lock();
                if let Some(error) = queue.errors.pop_front() {
                    return Some(error);
                }
                if queue.closed {
                    return None;
                }
            }
            added.await;
        }
    }

    /// Returns the number of errors that were not read before newer ones replaced them.
    pub fn missed(&self) -> u64 {
        self.lock().missed
    }

    pub(super) fn add(&self, destination: &str, kind: ErrorKind, records: usize, message: &str) {
        let error = DeliveryError {
            destination: sanitize(destination),
            kind,
            records,
            message: sanitize(message),
        };
        emit_error(&error);
        let mut queue = self.lock();
        if queue.errors.len() == CAPACITY {
            queue.errors.pop_front();
            queue.missed += 1;
        }
        queue.errors.push_back(error);
        drop(queue);
        self.shared.added.notify_waiters();
    }

    pub(super) fn close(&self) {
        self.lock().closed = true;
        self.shared.added.notify_waiters();
    }

    fn lock(&self) -> MutexGuard<'_, ErrorQueue> {
        self.shared
            .queue
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}
