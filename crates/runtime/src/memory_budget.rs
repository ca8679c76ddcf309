//! The memory that the value of one text may take.
//!
//! A text can describe a value that is a hundred times as large: `{"a":0}` becomes an object with room for eleven
//! entries. So decoding counts what it creates, by the size of types. What strings need is bounded by the text.

use std::cell::Cell;

use serde_core::de::Error;

/// The largest value, in bytes. What the allocator adds is not counted: small strings can double it.
pub(crate) const MAX_VALUE_SIZE: usize = 512 << 20;

/// The entries for which a node of a map has room.
const NODE_ENTRIES: usize = 11;

thread_local! {
    /// The bytes that are left. Without a limit where no text is decoded by this crate, as when a user's own type is
    /// decoded.
    static REMAINING: Cell<usize> = const { Cell::new(usize::MAX) };
}

/// Calls `decode` with a budget of its own.
///
/// # Errors
/// As `decode`, and if the budget was exceeded: a union may have taken the error for a sign of another variant.
pub(crate) fn with_budget<T, E: Error>(decode: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
    let before = REMAINING.replace(MAX_VALUE_SIZE);
    let result = decode();
    let is_exceeded = REMAINING.replace(before) == 0;
    match result {
        Ok(_) if is_exceeded => Err(exceeded()),
        result => result,
    }
}

/// Takes `size` bytes from the budget.
///
/// # Errors
/// If the budget is exceeded. From then on every call fails, so that no other variant of a union is tried.
#[inline]
pub(crate) fn charge<E: Error>(size: usize) -> Result<(), E> {
    let remaining = REMAINING.get().saturating_sub(size);
    REMAINING.set(remaining);
    if remaining == 0 {
        Err(exceeded())
    } else {
        Ok(())
    }
}

/// Takes the entry with this index of a map from the budget.
pub(crate) fn charge_entry<K, V, E: Error>(index: usize) -> Result<(), E> {
    let entry = size_of::<K>() + size_of::<V>();
    match index {
        0 => charge(NODE_ENTRIES * entry),
        // Nodes are at least half full.
        NODE_ENTRIES.. => charge(2 * entry),
        _ => Ok(()),
    }
}

#[cold]
fn exceeded<E: Error>() -> E {
    E::custom(format_args!(
        "the value needs more than {} MiB of memory",
        MAX_VALUE_SIZE >> 20
    ))
}
