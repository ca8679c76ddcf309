//! Binary data in JSON, as base64.

use std::fmt;
use std::ops::Deref;

use serde_core::de::Deserializer;
use serde_core::ser::Serializer;

use crate::wire::buffered::BufferedValue;
use crate::wire::match_score::{MatchScore, Matcher};
use crate::wire::{Wire, impl_serde_via_wire};

/// Bytes that are base64 text in JSON.
///
/// Accepts base64 with or without padding, in the standard and in the URL-safe alphabet, and sends a received value
/// back unchanged. Text that is not valid base64 is kept as the bytes of the text.
///
/// ```
/// # use observatory_runtime::Bytes;
/// let bytes = Bytes::from(b"hello".as_slice());
/// assert_eq!(bytes.to_base64(), "aGVsbG8=");
/// assert_eq!(bytes.len(), 5);
/// ```
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Bytes {
    data: Vec<u8>,
    /// The received text, if it differs from the encoding of `data`.
    text: Option<Box<str>>,
}

impl Bytes {
    /// Creates a value from bytes.
    pub fn new(data: impl Into<Vec<u8>>) -> Self {
        Self {
            data: data.into(),
            text: None,
        }
    }

    /// Decodes base64 text.
    pub fn from_base64(text: impl Into<String>) -> Self {
        let text = text.into();
        match decode_base64(&text) {
            Some(data) if encode_base64(&data) == text => Self { data, text: None },
            Some(data) => Self {
                data,
                text: Some(text.into()),
            },
            None => Self {
                data: text.as_bytes().to_vec(),
                text: Some(text.into()),
            },
        }
    }

    /// Returns the base64 text, as it is sent.
    pub fn to_base64(&self) -> String {
        self.text
            .as_deref()
            .map_or_else(|| encode_base64(&self.data), str::to_owned)
    }

    /// Returns the bytes as a slice.
    pub fn as_slice(&self) -> &[u8] {
        &self.data
    }

    /// Converts into the bytes.
    pub fn into_vec(self) -> Vec<u8> {
        self.data
    }
}

impl fmt::Debug for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Bytes({} bytes)", self.data.len())
    }
}

impl Deref for Bytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.data
    }
}

impl AsRef<[u8]> for Bytes {
    fn as_ref(&self) -> &[u8] {
        &self.data
    }
}

impl From<Vec<u8>> for Bytes {
    fn from(data: Vec<u8>) -> Self {
        Self::new(data)
    }
}

impl From<&[u8]> for Bytes {
    fn from(data: &[u8]) -> Self {
        Self::new(data)
    }
}

impl<const N: usize> From<&[u8; N]> for Bytes {
    fn from(data: &[u8; N]) -> Self {
        Self::new(data.as_slice())
    }
}

impl From<String> for Bytes {
    /// Takes the bytes of the text. Use [`Bytes::from_base64`] for text that is already base64.
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

impl From<&String> for Bytes {
    fn from(text: &String) -> Self {
        text.as_str().into()
    }
}

impl From<&str> for Bytes {
    /// Takes the bytes of the text. Use [`Bytes::from_base64`] for text that is already base64.
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl Wire for Bytes {
    const IS_OBJECT: bool = false;

    fn placeholder() -> Self {
        Self::new("")
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.text {
            Some(text) => serializer.serialize_str(text),
            None => serializer.serialize_str(&encode_base64(&self.data)),
        }
    }

    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::read(deserializer).map(Self::from_base64)
    }

    fn match_score(value: &BufferedValue<'_>, _matcher: &mut Matcher) -> MatchScore {
        value
            .as_str()
            .map(|text| u32::from(decode_base64(text).is_some()))
    }
}

impl_serde_via_wire!(Bytes);

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Encodes bytes as Base64 (RFC 4648) with padding.
pub(crate) fn encode_base64(data: &[u8]) -> String {
    let mut text = String::with_capacity(data.len().div_ceil(3) * 4);
    for chunk in data.chunks(3) {
        let byte = |index: usize| u32::from(chunk.get(index).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for position in 0..4 {
            let index = (bits >> (18 - 6 * position)) & 63;
            let digit = ALPHABET.get(index as usize).copied().unwrap_or(b'=');
            text.push(if position > chunk.len() {
                '='
            } else {
                digit.into()
            });
        }
    }
    text
}

fn decode_base64(text: &str) -> Option<Vec<u8>> {
    let digits = text.trim_end_matches('=').as_bytes();
    if digits.len() % 4 == 1 || text.len() - digits.len() > 2 {
        return None;
    }
    let mut data = Vec::with_capacity(digits.len() * 3 / 4);
    for chunk in digits.chunks(4) {
        let mut bits = 0_u32;
        for position in 0..4 {
            bits = bits << 6
                | chunk
                    .get(position)
                    .map_or(Some(0), |digit| digit_value(*digit))?;
        }
        let [_, bytes @ ..] = bits.to_be_bytes();
        data.extend(bytes.into_iter().take(chunk.len() - 1));
    }
    Some(data)
}

fn digit_value(digit: u8) -> Option<u32> {
    Some(match digit {
        b'A'..=b'Z' => u32::from(digit - b'A'),
        b'a'..=b'z' => u32::from(digit - b'a') + 26,
        b'0'..=b'9' => u32::from(digit - b'0') + 52,
        b'+' | b'-' => 62,
        b'/' | b'_' => 63,
        _ => return None,
    })
}
