//! A reader of JSON that keeps the digits of large integers.
//!
//! It is slower than that of serde_json, and only used where that one [lost digits](crate::lost_digits).

use std::borrow::Cow;

use serde_core::de::{
    DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor,
};
use serde_core::forward_to_deserialize_any;
use serde_json::Error;

use crate::wire::number_map::NumberMap;

/// The number of objects and lists that may be nested, as in serde_json.
const MAX_DEPTH: u8 = 127;

/// Decodes a value from JSON text.
///
/// # Errors
/// If the text is not valid, or does not match the type.
pub(crate) fn decode_exactly<'de, S: DeserializeSeed<'de>>(
    seed: S,
    text: &'de [u8],
) -> Result<S::Value, Error> {
    let mut reader = ExactReader {
        text,
        position: 0,
        depth: 0,
    };
    let value = seed.deserialize(&mut reader)?;
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

    fn enter(&mut self) -> Result<(), Error> {
        self.position += 1;
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(invalid());
        }
        Ok(())
    }

    fn leave(&mut self, end: u8) -> Result<(), Error> {
        self.depth -= 1;
        self.expect(end)
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

    /// Reads a value, or the beginning of a list or an object.
    ///
    /// It is not generic, so that it is compiled once and not for each type.
    fn read_token(&mut self) -> Result<Token<'de>, Error> {
        match self.peek() {
            Some(b'"') => self.read_string().map(Token::Str),
            Some(b'[') => self.enter().map(|()| Token::List),
            Some(b'{') => self.enter().map(|()| Token::Object),
            Some(b'-' | b'0'..=b'9') => self.read_number(),
            _ => match self.take_until(|byte| !byte.is_ascii_alphabetic()) {
                b"null" => Ok(Token::Null),
                b"true" => Ok(Token::Bool(true)),
                b"false" => Ok(Token::Bool(false)),
                _ => Err(invalid()),
            },
        }
    }

    fn read_number(&mut self) -> Result<Token<'de>, Error> {
        let digits =
            self.take_until(|byte| !matches!(byte, b'-' | b'+' | b'.' | b'e' | b'E' | b'0'..=b'9'));
        let digits = std::str::from_utf8(digits).map_err(Error::custom)?;
        let unsigned = digits.strip_prefix('-').unwrap_or(digits).as_bytes();
        if matches!(unsigned, [b'0', b'0'..=b'9', ..]) {
            return Err(invalid());
        }
        Ok(match (digits.parse(), digits.parse()) {
            (Ok(number), _) => Token::Unsigned(number),
            // Minus zero is a float.
            (_, Ok(number)) if number != 0 => Token::Signed(number),
            _ => Token::Digits(digits),
        })
    }
}

enum Token<'de> {
    Null,
    Bool(bool),
    Unsigned(u64),
    Signed(i64),
    /// A larger integer, or a float.
    Digits(&'de str),
    Str(Cow<'de, str>),
    List,
    Object,
}

impl<'de> Deserializer<'de> for &mut ExactReader<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.read_token()? {
            Token::Null => visitor.visit_unit(),
            Token::Bool(value) => visitor.visit_bool(value),
            Token::Unsigned(number) => visitor.visit_u64(number),
            Token::Signed(number) => visitor.visit_i64(number),
            Token::Digits(digits) => visitor.visit_map(NumberMap::new(digits)),
            Token::Str(Cow::Borrowed(text)) => visitor.visit_borrowed_str(text),
            Token::Str(Cow::Owned(text)) => visitor.visit_string(text),
            Token::List => {
                let value = visitor.visit_seq(Elements::new(self))?;
                self.leave(b']').map(|()| value)
            }
            Token::Object => {
                let value = visitor.visit_map(Elements::new(self))?;
                self.leave(b'}').map(|()| value)
            }
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.peek() == Some(b'n') {
            self.position += b"null".len();
            visitor.visit_none()
        } else {
            visitor.visit_some(self)
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    /// Skips a value as serde_json does, which does not limit the nesting of values that it skips.
    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let rest = self.text.get(self.position..).unwrap_or_default();
        let mut values = serde_json::Deserializer::from_slice(rest).into_iter::<IgnoredAny>();
        values.next().ok_or_else(invalid)??;
        self.position += values.byte_offset();
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map struct enum identifier
    }
}

/// The elements of a list, or the entries of an object.
struct Elements<'a, 'de> {
    reader: &'a mut ExactReader<'de>,
    is_first: bool,
}

impl<'a, 'de> Elements<'a, 'de> {
    fn new(reader: &'a mut ExactReader<'de>) -> Self {
        Self {
            reader,
            is_first: true,
        }
    }

    /// Moves to the next element. Returns `false` if there is none.
    fn advance(&mut self) -> Result<bool, Error> {
        let next = self.reader.peek();
        if matches!(next, None | Some(b']' | b'}')) {
            return Ok(false);
        }
        if !std::mem::replace(&mut self.is_first, false) {
            self.reader.expect(b',')?;
        }
        Ok(true)
    }
}

impl<'de> SeqAccess<'de> for Elements<'_, 'de> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Error> {
        if !self.advance()? {
            return Ok(None);
        }
        seed.deserialize(&mut *self.reader).map(Some)
    }
}

impl<'de> MapAccess<'de> for Elements<'_, 'de> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Error> {
        if !self.advance()? {
            return Ok(None);
        }
        if self.reader.peek() != Some(b'"') {
            return Err(invalid());
        }
        // A key is not null, so that it is `Some` where an option is asked for.
        seed.deserialize(&mut *self.reader).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        self.reader.expect(b':')?;
        seed.deserialize(&mut *self.reader)
    }
}
