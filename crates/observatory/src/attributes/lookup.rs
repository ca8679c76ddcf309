//! Finds what an attribute sets by its name.

use super::tables::{Field, TABLES};
use std::sync::LazyLock;

/// Beginnings of names that only spans of LLM applications have.
const MARKERS: &[&str] = &[
    "gen_ai.",
    "llm.",
    "openinference.",
    "traceloop.",
    "embedding.",
    "retrieval.",
    "reranker.",
];

/// Returns whether a span with an attribute of this name is one of an LLM application.
pub(crate) fn is_marker(name: &str) -> bool {
    MARKERS.iter().any(|marker| name.starts_with(marker))
}

/// Returns whether an attribute describes the trace as a whole.
#[cfg(feature = "tracing")]
pub(crate) fn describes_trace(name: &str) -> bool {
    let field = find_row(name);
    matches!(field, Some(Field::Session | Field::User | Field::Tags))
}

/// The rows of all tables by the hash of their names: every attribute of every span is looked up.
static ROWS: LazyLock<Vec<Vec<(&str, Field)>>> = LazyLock::new(|| {
    let mut buckets = vec![Vec::new(); BUCKETS];
    for (name, field) in TABLES.iter().flat_map(|table| table.rows).copied() {
        if let Some(bucket) = buckets.get_mut(hash(name)) {
            bucket.push((name, field));
        }
    }
    buckets
});

/// More than twice the number of rows.
const BUCKETS: usize = 512;

/// Returns the bucket of a name. Names differ most in their last letters.
fn hash(name: &str) -> usize {
    let bytes = name.as_bytes();
    let last = bytes.last_chunk().copied().map_or(0, u64::from_le_bytes);
    let mixed = (last ^ bytes.len() as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    usize::try_from(mixed >> 32).unwrap_or_default() % BUCKETS
}

/// The position of a message or document in an attribute's name, and that of a part in it.
pub(super) type Indexes = [u32; 2];

/// Returns what an attribute sets; `None` for one that is in no table.
pub(super) fn find_field(name: &str) -> Option<(Field, Indexes)> {
    if let Some(field) = find_row(name) {
        return Some((field, [0; 2]));
    }
    if !name.bytes().any(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let (pattern, indexes) = split_indexes(name)?;
    find_row(&pattern).map(|field| (field, indexes))
}

fn find_row(name: &str) -> Option<Field> {
    let rows = ROWS.get(hash(name))?;
    let row = rows.iter().find(|(other, _)| *other == name)?;
    Some(row.1)
}

/// Replaces segments that are numbers by `#`.
fn split_indexes(name: &str) -> Option<(String, Indexes)> {
    let mut pattern = String::with_capacity(name.len());
    let mut indexes = [0; 2];
    let mut count = 0;
    for segment in name.split('.') {
        if !pattern.is_empty() {
            pattern.push('.');
        }
        match segment.parse() {
            Ok(index) => {
                *indexes.get_mut(count)? = index;
                count += 1;
                pattern.push('#');
            }
            Err(_) => pattern.push_str(segment),
        }
    }
    Some((pattern, indexes))
}
