//! A record on its way to one destination.

use super::report::DropCause;
use super::storage::Location;
use crate::model::Record;
use std::sync::Arc;
use std::time::Instant;

/// A record in the queue of one destination.
#[derive(Debug)]
pub(super) struct Slot {
    /// `None` where it is only in the storage.
    pub record: Option<Arc<Record>>,
    pub ticket: Ticket,
}

/// The place of a record in the accounting of its queue.
#[derive(Debug)]
pub(super) struct Ticket {
    /// Its size in bytes, estimated or as stored.
    pub size: usize,
    pub generation: u64,
    /// Where it is stored besides memory.
    pub location: Option<Location>,
    /// Whether it counts toward the limits of memory.
    pub in_memory: bool,
}

/// A record that the worker has taken.
#[derive(Debug)]
pub(super) struct Entry {
    pub record: Arc<Record>,
    /// Its estimated size in bytes.
    pub size: usize,
    /// When it was first sent.
    pub first_attempt: Option<Instant>,
    /// Whether its content was cut for this destination.
    pub is_truncated: bool,
    pub ticket: Ticket,
}

impl Entry {
    pub fn new(record: Arc<Record>, ticket: Ticket) -> Self {
        let size = if ticket.in_memory {
            ticket.size
        } else {
            record.estimated_size()
        };
        Self {
            record,
            size,
            first_attempt: None,
            is_truncated: false,
            ticket,
        }
    }
}

/// The final result of a record.
#[derive(Clone, Debug)]
pub(super) enum Resolution {
    Acknowledged,
    Rejected(String),
    Dropped(DropCause),
}
