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

/// All rows, sorted by length and name: most comparisons are of lengths.
static ROWS: LazyLock<Vec<(&str, Field)>> = LazyLock::new(|| {
    let mut rows: Vec<_> = TABLES
        .iter()
        .flat_map(|table| table.rows)
        .copied()
        .collect();
    rows.sort_unstable_by_key(|(name, _)| key(name));
    rows
});

fn key(name: &str) -> (usize, &str) {
    (name.len(), name)
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
    let rows = &*ROWS;
    let row = rows.binary_search_by_key(&key(name), |(name, _)| key(name));
    row.ok()
        .and_then(|row| rows.get(row))
        .map(|(_, field)| *field)
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
