//! A reader of JSON that keeps the digits of large integers, and objects with equal entries of one key.
//!
//! It is slower than that of serde_json, and only used where that one [lost digits](crate::lost_digits), or found a
//! [duplicate key](crate::wire::duplicate_keys). It buffers the value, since a reader of its own for each type would be a
//! third of the code of a generated crate.

use std::borrow::Cow;

use serde_core::de::{Error as _, IgnoredAny};
use serde_json::Error;

use crate::memory_budget;
use crate::number::Number;
use crate::wire::buffered::BufferedValue;
use crate::wire::duplicate_keys::remove_equal_entries;

/// The number of objects and lists that may be nested, as in serde_json.
const MAX_DEPTH: u8 = 127;

/// Reads JSON text. Of equal entries of an object, one is left. Values that are nested too deeply are null if they are
/// known to be ignored.
///
/// # Errors
/// If the text is not valid, needs too much memory, or is nested too deeply.
pub(crate) fn read_exactly(
    text: &[u8],
    deep_values_are_ignored: bool,
) -> Result<BufferedValue<'_>, Error> {
    let mut reader = ExactReader {
        text,
        deep_values_are_ignored,
        position: 0,
        depth: 0,
    };
    let value = reader.read_value()?;
    match reader.peek() {
        None => Ok(value),
        Some(_) => Err(invalid()),
    }
}

fn invalid() -> Error {
    Error::custom("invalid JSON")
}

struct ExactReader<'de> {
    text: &'de [u8],
    deep_values_are_ignored: bool,
    position: usize,
    depth: u8,
}

impl<'de> ExactReader<'de> {
    /// Returns the next byte that is not whitespace.
    fn peek(&mut self) -> Option<u8> {
        while let Some(byte) = self.text.get(self.position) {
            if !matches!(byte, b' ' | b'\t' | b'\n' | b'\r') {
                return Some(*byte);
            }
            self.position += 1;
        }
        None
    }

    fn expect(&mut self, expected: u8) -> Result<(), Error> {
        if self.peek() != Some(expected) {
            return Err(invalid());
        }
        self.position += 1;
        Ok(())
    }

    /// Returns the text up to the first byte for which `is_end` holds.
    fn take_until(&mut self, is_end: impl Fn(&u8) -> bool) -> &'de [u8] {
        let rest = self.text.get(self.position..).unwrap_or_default();
        let length = rest.iter().position(is_end).unwrap_or(rest.len());
        self.position += length;
        rest.get(..length).unwrap_or_default()
    }

    fn read_string(&mut self) -> Result<Cow<'de, str>, Error> {
        self.peek();
        let start = self.position;
        self.position += 1;
        loop {
            self.take_until(|byte| matches!(byte, b'"' | b'\\' | ..b' '));
            match self.text.get(self.position) {
                Some(b'\\') => self.position += 2,
                Some(b'"') => break,
                _ => return Err(invalid()),
            }
        }
        self.position += 1;
        let quoted = self.text.get(start..self.position).unwrap_or_default();
        match quoted {
            [b'"', bare @ .., b'"'] if !bare.contains(&b'\\') => std::str::from_utf8(bare)
                .map(Cow::Borrowed)
                .map_err(Error::custom),
            quoted => serde_json::from_slice(quoted).map(Cow::Owned),
        }
    }

    fn read_value(&mut self) -> Result<BufferedValue<'de>, Error> {
        memory_budget::charge(size_of::<(Cow<'_, str>, BufferedValue<'_>)>())?;
        match self.peek() {
            Some(b'"') => self.read_string().map(BufferedValue::Str),
            Some(b'[' | b'{') if self.depth == MAX_DEPTH => self.skip_deep_value(),
            Some(b'[') => self.read_list().map(BufferedValue::List),
            Some(b'{') => self.read_object().map(BufferedValue::Map),
            Some(b'-' | b'0'..=b'9') => self.read_number().map(BufferedValue::Number),
            _ => match self.take_until(|byte| !byte.is_ascii_alphabetic()) {
                b"null" => Ok(BufferedValue::Null),
                b"true" => Ok(BufferedValue::Bool(true)),
                b"false" => Ok(BufferedValue::Bool(false)),
                _ => Err(invalid()),
            },
        }
    }

    fn read_list(&mut self) -> Result<Vec<BufferedValue<'de>>, Error> {
        let mut items = Vec::new();
        self.enter();
        while self.has_next(b']', items.is_empty())? {
            items.push(self.read_value()?);
        }
        Ok(items)
    }

    fn read_object(&mut self) -> Result<Vec<(Cow<'de, str>, BufferedValue<'de>)>, Error> {
        let mut entries = Vec::new();
        self.enter();
        while self.has_next(b'}', entries.is_empty())? {
            let key = self.read_string()?;
            self.expect(b':')?;
            entries.push((key, self.read_value()?));
        }
        remove_equal_entries(&mut entries);
        Ok(entries)
    }

    const fn enter(&mut self) {
        self.position += 1;
        self.depth += 1;
    }

    /// Moves to the next element of a list or an object, or behind its `end`. Returns `false` if there is none.
    fn has_next(&mut self, end: u8, is_first: bool) -> Result<bool, Error> {
        if self.peek() == Some(end) {
            self.position += 1;
            self.depth -= 1;
            return Ok(false);
        }
        if !is_first {
            self.expect(b',')?;
        }
        Ok(true)
    }

    fn skip_deep_value(&mut self) -> Result<BufferedValue<'de>, Error> {
        if !self.deep_values_are_ignored {
            return Err(invalid());
        }
        let rest = self.text.get(self.position..).unwrap_or_default();
        let mut values = serde_json::Deserializer::from_slice(rest).into_iter::<IgnoredAny>();
        values.next().ok_or_else(invalid)??;
        self.position += values.byte_offset();
        Ok(BufferedValue::Null)
    }

    fn read_number(&mut self) -> Result<Number, Error> {
        let digits =
            self.take_until(|byte| !matches!(byte, b'-' | b'+' | b'.' | b'e' | b'E' | b'0'..=b'9'));
        let digits = std::str::from_utf8(digits).map_err(Error::custom)?;
        digits.parse().map_err(Error::custom)
    }
}
