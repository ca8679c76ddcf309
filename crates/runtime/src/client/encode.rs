//! Percent-encoding: what parameters may not say for themselves.

use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, utf8_percent_encode};

/// Everything but RFC 3986's unreserved characters.
const STRICT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Reserved characters go out as they are, but for those that would end the part they stand in.
const RESERVED: &AsciiSet = &STRICT
    .remove(b':')
    .remove(b'/')
    .remove(b'?')
    .remove(b'@')
    .remove(b'!')
    .remove(b'$')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b',')
    .remove(b';');

/// What RFC 6265 keeps out of a cookie's value, and the percent sign, which would look encoded.
const NO_COOKIE: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b',')
    .add(b';')
    .add(b'\\')
    .add(b'%');

/// The text, safe in a cookie. Nothing else is encoded: there are servers that take the value as it is, and a token
/// full of `=` and `/` is to reach them too.
pub(super) fn cookie(text: &str) -> String {
    utf8_percent_encode(text, NO_COOKIE).to_string()
}

/// The text, safe in a path. Slashes count as reserved; a question mark would end the path.
pub(super) fn in_path(text: &str, reserved: bool) -> String {
    const PATH: &AsciiSet = &RESERVED.add(b'?');
    utf8_percent_encode(text, if reserved { PATH } else { STRICT }).to_string()
}

/// The text, safe in a query.
pub(super) fn percent(text: &str, reserved: bool) -> String {
    utf8_percent_encode(text, if reserved { RESERVED } else { STRICT }).to_string()
}

/// The text, safe in `application/x-www-form-urlencoded`.
pub(super) fn form(text: &str) -> String {
    percent(text, false).replace("%20", "+")
}

/// Bytes as base64, for basic auth.
pub(super) fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let byte = |index: usize| u32::from(chunk.get(index).copied().unwrap_or_default());
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for digit in 0..4 {
            let index = (bits >> (18 - 6 * digit) & 63) as usize;
            let missing = digit > chunk.len() as u32;
            out.push(if missing {
                '='
            } else {
                char::from(DIGITS[index])
            });
        }
    }
    out
}
