//! Stable names: matches the operations and types of the document with the entries of `names.lock`.
//!
//! An entry whose key still exists in the document keeps its name. Union variants move when one is added, so they are
//! matched by the digest of their type. A new schema with the digest of a removed one was renamed, and so was an
//! operation whose `operationId` changed: it gets its new name, and the old name stays for a while as deprecated.

mod build_lock;
mod lock_key;
mod matching;
mod member_key;
mod type_digest;
mod version;

pub(super) use build_lock::{PlannedNames, build_lock};
pub(super) use matching::LockedNames;
pub(super) use member_key::{BODY_KEY, param_key, reserve_member_names};
