//! Percent-encoding (RFC 3986).

use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::client::spec::ParamEncoding;

/// All but the unreserved characters of RFC 3986.
const STRICT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// `allowReserved`: reserved characters are kept, except those that have a meaning in a query.
const ALLOW_RESERVED: &AsciiSet = &STRICT
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

/// The characters that RFC 6265 excludes from a cookie value, and the percent sign.
const COOKIE: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b',')
    .add(b';')
    .add(b'\\')
    .add(b'%');

/// Encodes a cookie value. All other characters are kept, such as `=` and `/` in tokens, because some servers do not
/// decode cookies.
pub(crate) fn encode_cookie(text: &str) -> String {
    utf8_percent_encode(text, COOKIE).to_string()
}

/// Encodes a path variable. Only `allow_slash` keeps a slash, which ends a segment. A question mark or a number sign is
/// never kept, because it ends the path.
pub(super) fn encode_path(text: &str, encoding: ParamEncoding) -> String {
    const PATH: &AsciiSet = &ALLOW_RESERVED
        .remove(b'=')
        .remove(b'+')
        .remove(b'&')
        .add(b'?');
    const SEGMENT: &AsciiSet = &PATH.add(b'/');
    let set = match (encoding.allow_slash, encoding.allow_reserved) {
        (true, _) => PATH,
        (false, true) => SEGMENT,
        (false, false) => STRICT,
    };
    utf8_percent_encode(text, set).to_string()
}

/// Encodes a name or value of a query.
pub(crate) fn encode_query(text: &str, allow_reserved: bool) -> String {
    let set = if allow_reserved {
        ALLOW_RESERVED
    } else {
        STRICT
    };
    utf8_percent_encode(text, set).to_string()
}

/// Encodes a name or value of `application/x-www-form-urlencoded`.
pub(super) fn encode_form(text: &str) -> String {
    encode_query(text, false).replace("%20", "+")
}
