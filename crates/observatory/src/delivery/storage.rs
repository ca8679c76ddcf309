//! Where records are stored besides memory, so that they survive the process.
#![cfg_attr(not(feature = "spool"), allow(dead_code))]

use super::report::DropCause;
use crate::model::Record;

/// Where a stored record begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Location {
    /// The number of the segment.
    pub segment: u64,
    /// The offset of the record in the segment.
    pub offset: u64,
}

/// The record could not be written or read.
#[derive(Debug)]
pub(super) struct StorageError {
    /// How the record is counted.
    pub cause: DropCause,
    /// The cause as text.
    pub message: String,
}

/// A record that an earlier process has left.
#[derive(Debug)]
pub(super) struct RecoveredRecord {
    pub location: Location,
    /// Its encoded size in bytes.
    pub size: usize,
    /// The positions of the destinations that have to receive it.
    pub destinations: Vec<usize>,
}

/// Stores records until every destination has finished with them.
pub(super) trait Storage: Send + Sync {
    /// Writes a record, which this number of destinations has to receive.
    fn append(&self, record: &Record, destinations: usize) -> Result<Location, StorageError>;

    /// Reads a record.
    fn load(&self, location: Location) -> Result<Record, StorageError>;

    /// Notes that the destination with this position has finished with the records.
    fn finish(&self, destination: usize, locations: &[Location]) -> Result<(), StorageError>;

    /// Stores nothing more, and lets another process open the storage. A record that is finished later is delivered again.
    fn close(&self);
}

/// A storage with what it contained when it was opened.
pub(crate) struct OpenStorage {
    pub(super) storage: Box<dyn Storage>,
    pub(super) recovered: Vec<RecoveredRecord>,
    /// Damage that was found.
    pub(super) warnings: Vec<String>,
}
