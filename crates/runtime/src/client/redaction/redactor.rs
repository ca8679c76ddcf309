use std::borrow::Cow;
use std::fmt;
use std::fmt::Write as _;
use std::ops::Range;
use std::sync::Arc;

use http::header::{HeaderName, HeaderValue};
use zeroize::Zeroizing;

use super::encodings::{Comparison, inner_base64, match_prefix};
use super::escape::escape;
use crate::Secret;
use crate::bytes::encode_base64;

/// The shortest secret that is redacted. Redacting a shorter one would make a message unreadable.
const MIN_LENGTH: usize = 3;

/// The shortest secret that is redacted within a word, and in all encodings.
const MIN_LENGTH_IN_WORD: usize = 6;

/// The shortest start of a secret that is redacted where a server has cut it off.
const MIN_START: usize = 12;

/// The replacement of a secret.
const REPLACEMENT: &str = "…";

/// The longest text that users see, in characters. Longer ones are cut.
const MAX_SHOWN: usize = 300;

/// The longest part of a text, in bytes, that is searched to show its start.
const MAX_SEARCHED: usize = 64 << 10;

/// Parts of header names that carry credentials.
const CREDENTIAL_NAMES: &[&str] = &[
    "auth",
    "cookie",
    "credential",
    "key",
    "password",
    "secret",
    "session",
    "signature",
    "token",
];

/// The secrets in parameters and body of a request, as an extension of it.
#[derive(Clone)]
pub(crate) struct WrittenSecrets(pub Arc<[Secret]>);

/// Replaces the secrets of a client in texts.
///
/// A secret is found in any mixture of percent-encoding, quoted-printable, escapes of JSON, C and Rust and HTML character
/// references, in hexadecimal and decimal bytes, and within Base64, also together with a user name; also where whitespace
/// or invisible characters divide it.
#[derive(Clone, Default)]
pub(crate) struct Redactor {
    patterns: Vec<Pattern>,
}

#[derive(Clone)]
enum Pattern {
    /// A short secret, which is found as a whole word.
    Word(Zeroizing<Vec<u8>>),
    Literal(Zeroizing<Vec<u8>>),
    /// The digits of the bytes in hexadecimal or in decimal.
    Numbers(Zeroizing<String>),
    Base64(Zeroizing<String>),
}

impl Redactor {
    /// Adds a secret. Too short ones are ignored.
    pub(crate) fn add(&mut self, secret: &str) {
        let secret = secret.trim();
        if secret.len() < MIN_LENGTH || self.contains(secret) {
            return;
        }
        let bytes = secret.as_bytes();
        if secret.len() < MIN_LENGTH_IN_WORD {
            self.patterns
                .push(Pattern::Word(Zeroizing::new(bytes.to_vec())));
            return;
        }
        self.patterns
            .push(Pattern::Literal(Zeroizing::new(bytes.to_vec())));
        let mut hex = Zeroizing::new(String::with_capacity(bytes.len() * 2));
        let mut decimal = Zeroizing::new(String::with_capacity(bytes.len() * 4));
        for byte in bytes {
            // Writing to a string does not fail.
            _ = write!(*hex, "{byte:02x}");
            _ = write!(*decimal, "{byte}");
        }
        self.patterns.push(Pattern::Numbers(hex));
        self.patterns.push(Pattern::Numbers(decimal));
        for offset in 0..3 {
            let digits = Zeroizing::new(inner_base64(bytes, offset));
            self.patterns.push(Pattern::Base64(digits));
        }
    }

    /// Adds a credential. Users sometimes paste a prefix such as `Bearer` along with a key.
    pub(crate) fn add_credential(&mut self, credential: &str) {
        self.add(credential);
        if let Some((_, key)) = credential.trim().rsplit_once(char::is_whitespace) {
            self.add(key);
        }
    }

    /// Adds user name and password, which travel together in Base64.
    pub(crate) fn add_basic(&mut self, user: &str, password: &str) {
        // Some APIs take the key as the user name.
        self.add(if password.is_empty() { user } else { password });
        let pair = Zeroizing::new(format!("{user}:{password}"));
        self.add(&Zeroizing::new(encode_base64(pair.as_bytes())));
    }

    /// Returns the redactor with the values of sensitive headers and with [`WrittenSecrets`]: `self` if it contains all of
    /// them.
    pub(crate) fn with_request<B>(self: &Arc<Self>, request: &http::Request<B>) -> Arc<Self> {
        let mut extended = Cow::Borrowed(&**self);
        if let Some(WrittenSecrets(secrets)) = request.extensions().get() {
            for secret in secrets.iter().map(Secret::expose) {
                extended.to_mut().add(secret);
            }
        }
        for value in request
            .headers()
            .values()
            .filter(|value| value.is_sensitive())
        {
            let text = String::from_utf8_lossy(value.as_bytes());
            let key = text.trim().rsplit(char::is_whitespace).next();
            if !key.is_some_and(|key| self.contains(key)) {
                extended.to_mut().add_credential(&text);
            }
        }
        match extended {
            Cow::Borrowed(_) => Arc::clone(self),
            Cow::Owned(extended) => Arc::new(extended),
        }
    }

    fn contains(&self, secret: &str) -> bool {
        self.patterns.iter().any(
            |pattern| matches!(pattern, Pattern::Word(known) | Pattern::Literal(known) if **known == *secret.as_bytes()),
        )
    }

    /// Replaces the secrets in a text.
    pub(crate) fn redact<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let spans = self.find(text.as_bytes());
        if spans.is_empty() {
            return Cow::Borrowed(text);
        }
        let redacted = replace_spans(text.as_bytes(), &spans, 0..text.len());
        Cow::Owned(String::from_utf8_lossy(&redacted).into_owned())
    }

    /// Replaces the secrets in bytes that may not be text.
    #[cfg(feature = "testing")]
    pub(crate) fn redact_bytes<'t>(&self, bytes: &'t [u8]) -> Cow<'t, [u8]> {
        let spans = self.find(bytes);
        if spans.is_empty() {
            return Cow::Borrowed(bytes);
        }
        Cow::Owned(replace_spans(bytes, &spans, 0..bytes.len()))
    }

    /// Returns a text as users see it: redacted, cut, and without characters that terminals act on.
    pub(crate) fn show(&self, text: &str) -> String {
        let start = text.get(..text.floor_char_boundary_at(MAX_SEARCHED));
        let redacted = self.redact(start.unwrap_or(text));
        let cut = redacted.char_indices().nth(MAX_SHOWN);
        match cut.and_then(|(end, _)| redacted.get(..end)) {
            Some(start) => format!("{}…", escape(start)),
            None => escape(&redacted).into_owned(),
        }
    }

    /// Returns a part of a text as users see it. The range grows where it would cut a secret.
    pub(crate) fn show_part(&self, text: &[u8], range: Range<usize>) -> String {
        let window = range.start.saturating_sub(MAX_SEARCHED)
            ..range.end.saturating_add(MAX_SEARCHED).min(text.len());
        let searched = text.get(window.clone()).unwrap_or_default();
        let spans = self.find(searched);
        let (mut start, mut end) = (range.start - window.start, range.end - window.start);
        for span in &spans {
            if span.start < end && start < span.end {
                (start, end) = (start.min(span.start), end.max(span.end));
            }
        }
        let part = replace_spans(searched, &spans, start..end);
        let part = String::from_utf8_lossy(&part);
        // The cut may split a character; remove the rest of it.
        escape(part.trim_matches(char::REPLACEMENT_CHARACTER).trim()).into_owned()
    }

    /// Returns the ranges of secrets, in order and without overlaps.
    fn find(&self, text: &[u8]) -> Vec<Range<usize>> {
        let mut spans: Vec<Range<usize>> = Vec::new();
        let mut position = 0;
        while let Some(rest) = text.get(position..).filter(|rest| !rest.is_empty()) {
            let found = self.patterns.iter().filter_map(|pattern| {
                let range = position..position + pattern.match_length(rest)?;
                match pattern {
                    Pattern::Word(_) => is_word(text, &range).then_some(range),
                    Pattern::Base64(_) => Some(base64_run(text, range)),
                    _ => Some(range),
                }
            });
            let Some(span) = found.max_by_key(|span| span.end) else {
                position += 1;
                continue;
            };
            position = span.end;
            match spans.last_mut().filter(|last| last.end >= span.start) {
                Some(last) => last.end = span.end,
                None => spans.push(span),
            }
        }
        spans
    }
}

/// Compares a byte of a secret with one of a text.
type IsSame = fn(u8, u8) -> bool;

impl Pattern {
    /// Returns the length of the start of `text` that is the secret, or a long start of it.
    fn match_length(&self, text: &[u8]) -> Option<usize> {
        let (secret, is_same): (&[u8], IsSame) = match self {
            Self::Word(secret) | Self::Literal(secret) => {
                (secret, |a, b| a.eq_ignore_ascii_case(&b))
            }
            Self::Numbers(digits) => (digits.as_bytes(), |a, b| a.eq_ignore_ascii_case(&b)),
            Self::Base64(digits) => (digits.as_bytes(), is_same_base64),
        };
        // Fast path: the text starts with another byte, and not with an escape.
        let first = *text.first()?;
        let is_escape = matches!(first, b'%' | b'\\' | b'&' | b'+' | b'=');
        if !is_escape && !is_same(*secret.first()?, first) {
            return None;
        }
        let comparison = Comparison {
            is_same,
            has_separators: matches!(self, Self::Numbers(_)),
        };
        let (matched, length) = match_prefix(secret, text, &comparison);
        let is_long_start = matched >= MIN_START && matched * 2 >= secret.len();
        (matched == secret.len() || is_long_start).then_some(length)
    }
}

/// Compares Base64 digits. The two alphabets differ in the last two.
fn is_same_base64(a: u8, b: u8) -> bool {
    let standard = |digit| match digit {
        b'-' => b'+',
        b'_' => b'/',
        digit => digit,
    };
    standard(a) == standard(b)
}

/// Returns whether neither letters nor digits are next to a range.
fn is_word(text: &[u8], range: &Range<usize>) -> bool {
    let is_letter = |byte: &u8| byte.is_ascii_alphanumeric() || !byte.is_ascii();
    let before = range.start.checked_sub(1).and_then(|index| text.get(index));
    !before.is_some_and(is_letter) && !text.get(range.end).is_some_and(is_letter)
}

/// Extends a range to all of the Base64 text around it: the digits next to a secret contain bits of it.
fn base64_run(text: &[u8], range: Range<usize>) -> Range<usize> {
    let is_digit = |byte: &&u8| byte.is_ascii_alphanumeric() || b"+/-_=%".contains(byte);
    let before = text.get(..range.start).unwrap_or_default();
    let after = text.get(range.end..).unwrap_or_default();
    let before = before.iter().rev().take_while(is_digit).count();
    let after = after.iter().take_while(is_digit).count();
    range.start - before..range.end + after
}

/// Returns a part of the text with the spans in it replaced.
fn replace_spans(text: &[u8], spans: &[Range<usize>], part: Range<usize>) -> Vec<u8> {
    let mut out = Vec::with_capacity(part.len());
    let mut position = part.start;
    for span in spans {
        if span.start < position || span.end > part.end {
            continue;
        }
        out.extend_from_slice(text.get(position..span.start).unwrap_or_default());
        out.extend_from_slice(REPLACEMENT.as_bytes());
        position = span.end;
    }
    out.extend_from_slice(text.get(position..part.end).unwrap_or_default());
    out
}

/// `str::floor_char_boundary`, which Rust 1.85 lacks.
trait CharBoundary {
    fn floor_char_boundary_at(&self, index: usize) -> usize;
}

impl CharBoundary for str {
    fn floor_char_boundary_at(&self, index: usize) -> usize {
        if index >= self.len() {
            return self.len();
        }
        (0..=index)
            .rev()
            .find(|index| self.is_char_boundary(*index))
            .unwrap_or_default()
    }
}

/// Marks the value of a header with the name of a credential as sensitive, so that `Debug` does not show it.
pub(crate) fn mark_sensitive(name: &HeaderName, value: &mut HeaderValue) {
    let name = name.as_str();
    let is_credential = CREDENTIAL_NAMES.iter().any(|part| name.contains(part));
    if is_credential && name != "idempotency-key" {
        value.set_sensitive(true);
    }
}

impl fmt::Debug for Redactor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Redactor")
    }
}
