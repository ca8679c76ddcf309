//! What HTTP allows as names of headers and methods, and in URLs.

/// Headers that the HTTP client sets for every message. A caller who sets one of them breaks the message.
const OWNED_HEADERS: &[&str] = &[
    "connection",
    "content-length",
    "host",
    "keep-alive",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// Returns whether a text is a token, as the names of headers, cookies and methods have to be (RFC 9110, section 5.6.2).
pub(crate) fn is_token(text: &str) -> bool {
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    !text.is_empty() && text.chars().all(is_allowed)
}

/// Returns whether the HTTP client itself sets a header.
pub(crate) fn is_owned_header(name: &str) -> bool {
    let mut owned = OWNED_HEADERS.iter();
    owned.any(|owned| owned.eq_ignore_ascii_case(name))
}

/// Returns whether a URL has a user name or a password before its host. What looks like it in a path does not count.
pub(crate) fn has_user_info(url: &str) -> bool {
    let after_scheme = url.split_once("//").map(|(_, rest)| rest);
    let authority = after_scheme.and_then(|rest| rest.split(['/', '\\', '?', '#']).next());
    authority.is_some_and(|authority| authority.contains('@'))
}
