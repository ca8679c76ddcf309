//! The header `traceparent` of W3C Trace Context.

use crate::model::{SpanId, TraceId};
use std::fmt;
use std::str::FromStr;

/// The position in a trace that is handed to another process (W3C Trace Context, section 3.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Traceparent {
    /// The trace.
    pub trace_id: TraceId,
    /// The caller's span.
    pub span_id: SpanId,
    /// Whether the caller records the trace.
    pub is_sampled: bool,
}

impl fmt::Display for Traceparent {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let flags = u8::from(self.is_sampled);
        write!(out, "00-{}-{}-{flags:02x}", self.trace_id, self.span_id)
    }
}

/// The text does not follow the standard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidTraceparent {
    expected: &'static str,
}

impl fmt::Display for InvalidTraceparent {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "invalid traceparent: expected {}", self.expected)
    }
}

impl std::error::Error for InvalidTraceparent {}

const fn expected(expected: &'static str) -> InvalidTraceparent {
    InvalidTraceparent { expected }
}

impl FromStr for Traceparent {
    type Err = InvalidTraceparent;

    /// Reads version `00` exactly, and of later versions the part that they share with it, as section 3.2.4 requires.
    fn from_str(text: &str) -> Result<Self, InvalidTraceparent> {
        let mut parts = text.splitn(4, '-');
        let version = parts
            .next()
            .and_then(read_byte)
            .filter(|version| *version != 0xff)
            .ok_or(expected("a version of two digits other than ff"))?;
        let trace_id = parts
            .next()
            .filter(|digits| is_lower_hex(digits))
            .and_then(|digits| digits.parse().ok())
            .ok_or(expected(
                "a trace id of 32 lowercase hexadecimal digits that are not all zero",
            ))?;
        let span_id = parts
            .next()
            .filter(|digits| is_lower_hex(digits))
            .and_then(|digits| digits.parse().ok())
            .ok_or(expected(
                "a parent id of 16 lowercase hexadecimal digits that are not all zero",
            ))?;
        let flags = parts.next().unwrap_or_default();
        let flags = match flags.split_once('-') {
            Some((flags, _)) if version > 0 => flags,
            Some(_) => return Err(expected("nothing after the flags in version 00")),
            None => flags,
        };
        let flags = read_byte(flags).ok_or(expected("flags of two digits"))?;
        Ok(Self {
            trace_id,
            span_id,
            is_sampled: flags & 1 == 1,
        })
    }
}

fn is_lower_hex(text: &str) -> bool {
    text.bytes()
        .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

fn read_byte(text: &str) -> Option<u8> {
    (text.len() == 2 && is_lower_hex(text))
        .then(|| u8::from_str_radix(text, 16).ok())
        .flatten()
}
