//! Keys that an object has more than once.
//!
//! JSON does not define which of the values counts (RFC 8259, section 4), so that two readers of one text can see two
//! objects. Here such a key is an error, unless its values are equal. Servers do send those: Jackson writes a
//! discriminator twice where it is a property too.
//!
//! The check costs little because the first reading does not compare values: any duplicate is an error, and
//! [`decode_seed`](crate::json::decode_seed) reads the text again without the equal ones. With `serde_json::from_str`
//! the error stays, as with the derives of serde.
//!
//! Entries that a type skips are not checked.

use std::borrow::Cow;
use std::cell::Cell;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use serde_core::de::Error;

use super::buffered::BufferedValue;
use crate::error_path;

thread_local! {
    static WAS_FOUND: Cell<bool> = const { Cell::new(false) };
}

/// Returns whether there was a duplicate since the last call, on this thread.
pub(crate) fn take() -> bool {
    WAS_FOUND.replace(false)
}

/// Returns the error for a duplicate of `key`, and takes note of it.
#[cold]
pub(crate) fn duplicate_key<E: Error>(key: &str) -> E {
    WAS_FOUND.set(true);
    E::custom(error_path::prepend_key(key, &"duplicate key"))
}

type BufferedEntry<'de> = (Cow<'de, str>, BufferedValue<'de>);

/// Checks that the keys are different.
///
/// # Errors
/// On the first duplicate.
pub(super) fn check_keys<E: Error>(entries: &[BufferedEntry<'_>]) -> Result<(), E> {
    match find_duplicate(entries) {
        None => Ok(()),
        Some(key) => Err(duplicate_key(key)),
    }
}

/// Removes entries that are equal to an earlier one.
pub(crate) fn remove_equal_entries(entries: &mut Vec<BufferedEntry<'_>>) {
    if find_duplicate(entries).is_none() {
        return;
    }
    // To compare with the first value is enough: where another one differs from it, the object is invalid.
    let mut first_values: BTreeMap<&str, &BufferedValue<'_>> = BTreeMap::new();
    let mut is_kept = Vec::with_capacity(entries.len());
    for (key, value) in &*entries {
        match first_values.entry(key) {
            Entry::Vacant(entry) => {
                entry.insert(value);
                is_kept.push(true);
            }
            Entry::Occupied(first) => is_kept.push(*first.get() != value),
        }
    }
    let mut is_kept = is_kept.into_iter();
    entries.retain(|_| is_kept.next() == Some(true));
}

/// The number of bits in which the keys of small objects leave a mark.
const MARKS: usize = u64::BITS as usize;

fn find_duplicate<'a>(entries: &'a [BufferedEntry<'_>]) -> Option<&'a str> {
    if entries.len() > MARKS {
        return find_duplicate_by_sorting(entries);
    }
    // Almost always, the length and the last byte show that a key is a new one.
    let mut marks = 0_u64;
    for (index, (key, _)) in entries.iter().enumerate() {
        let last = key.as_bytes().last().copied().map_or(0, usize::from);
        let mark = 1 << ((last + 5 * key.len()) % MARKS);
        if marks & mark != 0 && entries.iter().take(index).any(|(other, _)| other == key) {
            return Some(key);
        }
        marks |= mark;
    }
    None
}

#[inline(never)]
fn find_duplicate_by_sorting<'a>(entries: &'a [BufferedEntry<'_>]) -> Option<&'a str> {
    let mut keys: Vec<&str> = entries.iter().map(|(key, _)| &**key).collect();
    keys.sort_unstable();
    let neighbors = keys.iter().zip(keys.iter().skip(1));
    neighbors
        .filter(|(key, next)| key == next)
        .map(|(key, _)| *key)
        .next()
}
