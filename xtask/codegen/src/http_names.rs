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

/// Returns a path template in which the text between variables is percent-encoded where a URL requires it.
pub(crate) fn encode_path_template(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    let mut rest = path;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((name, after)) = after.split_once('}') else {
            break;
        };
        push_encoded(before, &mut out);
        out.push('{');
        out.push_str(name);
        out.push('}');
        rest = after;
    }
    push_encoded(rest, &mut out);
    out
}

/// Appends a text, percent-encoded. What is encoded already stays.
fn push_encoded(text: &str, out: &mut String) {
    for byte in text.bytes() {
        match byte.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&byte) {
            true => out.push(char::from(byte)),
            false => out.push_str(&format!("%{byte:02X}")),
        }
    }
}
