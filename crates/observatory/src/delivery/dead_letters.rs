//! Records that a vendor refused.

use crate::model::Record;
use std::collections::VecDeque;
use std::sync::Arc;

/// Dead letters that are kept for each destination.
const MAX_RECORDS: usize = 256;
/// Estimated bytes of the dead letters that are kept for each destination.
const MAX_BYTES: usize = 4 << 20;

/// A record that a vendor refused, and would refuse again.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct DeadLetter {
    /// The name of the destination.
    pub destination: String,
    /// The vendor's reason, escaped and at most 300 characters long.
    pub reason: String,
    /// The record, as it was sent.
    pub record: Arc<Record>,
}

/// The last records that a vendor refused, bounded by number and bytes.
#[derive(Debug, Default)]
pub(super) struct DeadLetters {
    letters: VecDeque<(DeadLetter, usize)>,
    bytes: usize,
}

impl DeadLetters {
    pub fn add(&mut self, letter: DeadLetter) {
        let size = letter.record.estimated_size();
        self.bytes += size;
        self.letters.push_back((letter, size));
        // The newest stays, even where it alone is over the limit.
        while self.letters.len() > MAX_RECORDS || (self.bytes > MAX_BYTES && self.letters.len() > 1)
        {
            let Some((_, size)) = self.letters.pop_front() else {
                break;
            };
            self.bytes -= size;
        }
    }

    pub fn to_vec(&self) -> Vec<DeadLetter> {
        self.letters
            .iter()
            .map(|(letter, _)| letter.clone())
            .collect()
    }
}
