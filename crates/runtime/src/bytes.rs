//! Bytes in JSON.

use std::fmt;
use std::ops::Deref;

use serde_core::de::Deserializer;
use serde_core::ser::Serializer;

use crate::wire::content::Content;
use crate::wire::fit::Fit;
use crate::wire::{Wire, serde_by_wire};

/// Bytes, which travel as base64 text in JSON.
///
/// Any usual spelling is read (with or without padding, standard or URL-safe), and goes back as it came. Text that is
/// not base64 at all is taken as the bytes it consists of: it is what the server has.
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
    /// The text these bytes came as, if it is not the text they are sent as.
    text: Option<Box<str>>,
}

impl Bytes {
    /// These bytes.
    pub fn new(data: impl Into<Vec<u8>>) -> Self {
        Self {
            data: data.into(),
            text: None,
        }
    }

    /// What stands in base64 text.
    pub fn from_base64(text: impl Into<String>) -> Self {
        let text = text.into();
        match decode(&text) {
            Some(data) if encode(&data) == text => Self { data, text: None },
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

    /// The text that is sent.
    pub fn to_base64(&self) -> String {
        self.text
            .as_deref()
            .map_or_else(|| encode(&self.data), str::to_owned)
    }

    /// The bytes.
    pub fn as_slice(&self) -> &[u8] {
        &self.data
    }

    /// The bytes, to keep.
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
    /// The bytes of the text; see [`Bytes::from_base64`] for text that is base64 already.
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

impl From<&str> for Bytes {
    /// The bytes of the text; see [`Bytes::from_base64`] for text that is base64 already.
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl Wire for Bytes {
    const OBJECT: bool = false;

    fn blank() -> Self {
        Self::new("")
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.text {
            Some(text) => serializer.serialize_str(text),
            None => serializer.serialize_str(&encode(&self.data)),
        }
    }

    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::read(deserializer).map(Self::from_base64)
    }

    fn fit(content: &Content<'_>, _depth: u8) -> Fit {
        content
            .as_str()
            .map(|text| u32::from(decode(text).is_some()))
    }
}

serde_by_wire!(Bytes);

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

fn encode(data: &[u8]) -> String {
    let mut text = String::with_capacity(data.len().div_ceil(3) * 4);
    for chunk in data.chunks(3) {
        let byte = |index: usize| u32::from(chunk.get(index).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for place in 0..4 {
            let index = (bits >> (18 - 6 * place)) & 63;
            let letter = ALPHABET.get(index as usize).copied().unwrap_or(b'=');
            text.push(if place > chunk.len() {
                '='
            } else {
                letter.into()
            });
        }
    }
    text
}

fn decode(text: &str) -> Option<Vec<u8>> {
    let letters = text.trim_end_matches('=').as_bytes();
    if letters.len() % 4 == 1 || text.len() - letters.len() > 2 {
        return None;
    }
    let mut data = Vec::with_capacity(letters.len() * 3 / 4);
    for chunk in letters.chunks(4) {
        let mut bits = 0_u32;
        for place in 0..4 {
            bits = bits << 6
                | chunk
                    .get(place)
                    .map_or(Some(0), |letter| value_of(*letter))?;
        }
        let [_, bytes @ ..] = bits.to_be_bytes();
        data.extend(bytes.into_iter().take(chunk.len() - 1));
    }
    Some(data)
}

fn value_of(letter: u8) -> Option<u32> {
    Some(match letter {
        b'A'..=b'Z' => u32::from(letter - b'A'),
        b'a'..=b'z' => u32::from(letter - b'a') + 26,
        b'0'..=b'9' => u32::from(letter - b'0') + 52,
        b'+' | b'-' => 62,
        b'/' | b'_' => 63,
        _ => return None,
    })
}
