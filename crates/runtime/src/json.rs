//! Encoding and decoding of JSON text, with errors that contain the JSON path and an excerpt.

use std::fmt;
use std::marker::PhantomData;
use std::ops::Range;

use serde_core::de::{DeserializeSeed, IgnoredAny};
#[cfg(feature = "testing")]
use serde_json::Value;

use crate::error_path;
use crate::exact_reader::read_exactly;
use crate::lost_digits;
use crate::memory_budget::with_budget;
#[cfg(feature = "testing")]
use crate::wire::buffered::BufferedValue;
use crate::wire::duplicate_keys;
use crate::wire::{SerdeAdapter, Wire, WireSeed};

/// U+FEFF in UTF-8. Some servers send it, although RFC 8259 (section 8.1) forbids it.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Number of bytes in an excerpt before and after the position of an error.
const EXCERPT_RADIUS: usize = 40;

/// Initial capacity for encoded JSON. Most requests fit, so that the buffer is not reallocated.
const INITIAL_CAPACITY: usize = 1024;

/// An error of decoding JSON text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecodeError {
    /// The JSON path of the invalid value, such as `spans[3].content.type`. Empty for the root.
    pub path: String,
    /// A description of the error, without its position.
    pub message: String,
    /// The line of the error in the text, starting at 1, or 0 if unknown.
    pub line: usize,
    /// The column of the error, starting at 1.
    pub column: usize,
    /// The text around the error.
    pub excerpt: String,
}

impl DecodeError {
    fn new(error: &serde_json::Error, text: &[u8]) -> Self {
        let (line, column) = (error.line(), error.column());
        let full_message = error.to_string();
        let (path, message) = error_path::split_path(&full_message);
        // serde_json appends the position, which has its own fields here.
        let position = format!(" at line {line} column {column}");
        let message = message.strip_suffix(&position).unwrap_or(message);
        let show = |text: &[u8], range| {
            let excerpt = String::from_utf8_lossy(text.get(range).unwrap_or_default());
            // The cut may split a character; remove the rest of it.
            let excerpt = excerpt.trim_matches(char::REPLACEMENT_CHARACTER);
            excerpt.trim().to_owned()
        };
        let excerpt = excerpt_of(text, line, column, show);
        Self {
            path: path.to_owned(),
            message: message.to_owned(),
            line,
            column,
            excerpt,
        }
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.path.is_empty() {
            write!(f, "at `{}`: ", self.path)?;
        }
        f.write_str(&self.message)?;
        if self.line == 0 {
            return Ok(());
        }
        write!(
            f,
            " (line {}, column {}, near `{}`)",
            self.line, self.column, self.excerpt
        )
    }
}

impl std::error::Error for DecodeError {}

/// Returns the text around a position, at most one line. `show` returns a part of the text.
pub(crate) fn excerpt_of(
    text: &[u8],
    line: usize,
    column: usize,
    show: impl FnOnce(&[u8], Range<usize>) -> String,
) -> String {
    let text = without_byte_order_mark(text);
    let Some(line) = line.checked_sub(1).and_then(|line| line_range(text, line)) else {
        return String::new();
    };
    let column = line.start + column.min(line.len());
    let start = column.saturating_sub(EXCERPT_RADIUS).max(line.start);
    let end = (column + EXCERPT_RADIUS).min(line.end);
    let (before, after) = (
        if start > line.start { "…" } else { "" },
        if end < line.end { "…" } else { "" },
    );
    format!("{before}{}{after}", show(text, start..end))
}

/// Returns the range of the line with this index.
fn line_range(text: &[u8], index: usize) -> Option<Range<usize>> {
    let mut start = 0;
    let mut lines = text.split(|byte| *byte == b'\n').map(|line| {
        let range = start..start + line.len();
        start = range.end + 1;
        range
    });
    lines.nth(index)
}

fn without_byte_order_mark(text: &[u8]) -> &[u8] {
    text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text)
}

/// Decodes a value from JSON text.
///
/// # Errors
/// If the text is not valid JSON or does not match the type.
pub fn decode_json<T: Wire>(text: &[u8]) -> Result<T, DecodeError> {
    decode_seed(WireSeed(PhantomData), text)
}

/// Decodes a value from JSON text, which may start with a byte order mark. At most 127 objects and lists may be nested.
///
/// Integers beyond 64 bits keep their digits where the type has a place for them. A key may be in one object several
/// times if its values are equal.
pub(crate) fn decode_seed<T>(
    seed: impl for<'de> DeserializeSeed<'de, Value = T> + Copy,
    text: &[u8],
) -> Result<T, DecodeError> {
    let text = without_byte_order_mark(text);
    lost_digits::take();
    duplicate_keys::take();
    let first = decode_once(seed, text);
    let has_duplicates = duplicate_keys::take();
    if !lost_digits::take() && !has_duplicates {
        return first.map_err(|error| DecodeError::new(&error, text));
    }
    // Never two values at the same time: each may be as large as the budget.
    let first_error = first.err();
    // Invalid JSON stays invalid with all digits.
    if let Some(error) = first_error.as_ref().filter(|error| !error.is_data()) {
        return Err(DecodeError::new(error, text));
    }
    // Where serde_json accepts the text, the type ignores what is nested too deeply.
    let exact = with_budget(|| read_exactly(text, first_error.is_none()));
    let decoded = match (exact, &first_error) {
        (Ok(value), _) => with_budget(|| seed.deserialize(&value)),
        // With all digits, it needs more memory than the value.
        (Err(_), None) => decode_once(seed, text),
        // Behind a duplicate key, the text may be no JSON.
        (Err(error), Some(_)) => Err(decode_once(PhantomData::<IgnoredAny>, text)
            .err()
            .unwrap_or(error)),
    };
    decoded.map_err(|error| {
        let error = DecodeError::new(&error, text);
        match first_error.map(|first| DecodeError::new(&first, text)) {
            // The second reader has no positions for errors.
            Some(first) if !has_duplicates || first.path == error.path => first,
            _ => error,
        }
    })
}

/// Decodes JSON text for display. Of a key with different values, the last one is left.
///
/// # Errors
/// If the text is not valid JSON.
#[cfg(feature = "testing")]
pub(crate) fn decode_leniently(text: &[u8]) -> Result<Value, serde_json::Error> {
    let text = without_byte_order_mark(text);
    with_budget(|| read_exactly(text, false)).map(BufferedValue::into_json)
}

/// Decodes a value with serde_json: integers beyond 64 bits have no more digits than a float, and each duplicate of a key
/// is an error.
fn decode_once<T>(
    seed: impl for<'de> DeserializeSeed<'de, Value = T>,
    text: &[u8],
) -> Result<T, serde_json::Error> {
    let mut deserializer = serde_json::Deserializer::from_slice(text);
    let value = with_budget(|| seed.deserialize(&mut deserializer))?;
    deserializer.end().map(|()| value)
}

/// Encodes a value as JSON text.
///
/// # Errors
/// If JSON cannot represent the value, for example a `NaN`.
pub fn encode_json<T: Wire>(value: &T) -> Result<Vec<u8>, serde_json::Error> {
    let mut text = Vec::with_capacity(INITIAL_CAPACITY);
    serde_json::to_writer(&mut text, &SerdeAdapter(value))?;
    Ok(text)
}
