//! The spool: records on disk until every destination has finished with them.
//!
//! A folder has segments (`1.records`), to which records are only appended, and a ledger for each (`1.done`), to which is
//! appended which destination has finished with which record. A segment and its ledger are deleted together. At the next
//! start, what is not in a ledger is delivered again: at least once, and the ids of the records make repeats harmless.

mod frame;
mod ledger;
mod options;
mod replay;
mod segment;
mod store;

pub use options::SpoolOptions;
pub(crate) use store::{OpenError, open};
