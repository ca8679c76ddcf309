//! JSON text, with errors that say where.

use std::fmt;

use crate::path;
use crate::wire::{ByWire, Wire};

/// So many bytes are shown before and after the place of an error.
const SHOWN: usize = 40;

/// Most requests fit into so many bytes, which then need not be moved as they grow.
const ROOM: usize = 1024;

/// Why JSON text is not what it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecodeError {
    /// Where in the value, such as `spans[3].content.type`; empty for the whole.
    pub path: String,
    /// What is wrong.
    pub message: String,
    /// The line in the text, from 1; 0 if it is not known.
    pub line: usize,
    /// The column in the line, from 1.
    pub column: usize,
    /// The text around that place.
    pub excerpt: String,
}

impl DecodeError {
    fn new(error: &serde_json::Error, text: &[u8]) -> Self {
        let (line, column) = (error.line(), error.column());
        let whole = error.to_string();
        let (path, message) = path::split(&whole);
        // serde_json's own words for the place, which stands in fields of its own here.
        let place = format!(" at line {line} column {column}");
        let message = message.strip_suffix(&place).unwrap_or(message);
        let excerpt = excerpt(text, line, column);
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

/// The text around a place that serde_json names, on its line.
fn excerpt(text: &[u8], line: usize, column: usize) -> String {
    let Some(line) = line
        .checked_sub(1)
        .and_then(|line| text.split(|byte| *byte == b'\n').nth(line))
    else {
        return String::new();
    };
    let column = column.min(line.len());
    let (from, to) = (
        column.saturating_sub(SHOWN),
        (column + SHOWN).min(line.len()),
    );
    let shown = String::from_utf8_lossy(line.get(from..to).unwrap_or_default());
    // A character cut in two at an end is no news.
    let shown = shown.trim_matches(char::REPLACEMENT_CHARACTER).trim();
    let (before, after) = (
        if from > 0 { "…" } else { "" },
        if to < line.len() { "…" } else { "" },
    );
    format!("{before}{shown}{after}")
}

/// Reads a value from JSON text.
pub fn decode_json<T: Wire>(text: &[u8]) -> Result<T, DecodeError> {
    let decoded = serde_json::from_slice::<ByWire<T>>(text);
    decoded
        .map(|value| value.0)
        .map_err(|error| DecodeError::new(&error, text))
}

/// Writes a value as JSON text.
pub fn encode_json<T: Wire>(value: &T) -> Result<Vec<u8>, serde_json::Error> {
    let mut text = Vec::with_capacity(ROOM);
    serde_json::to_writer(&mut text, &ByWire(value))?;
    Ok(text)
}
