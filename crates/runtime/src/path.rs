//! Where in a value an error stands.
//!
//! The path rides in the error's message, in front, and grows by a segment for each container that the error leaves.
//! So it costs nothing until something is wrong, works with the errors of every serde format, and every caller of
//! `serde_json::from_str` sees it.

use std::fmt::Display;

const OPEN: &str = "at `";
const CLOSE: &str = "`: ";

/// The message of `error`, which stands below `key`.
pub(crate) fn under_key(key: &str, error: &impl Display) -> String {
    prepend(&segment(key), &error.to_string())
}

/// The path that leads from `key` on.
#[cfg(feature = "client")]
pub(crate) fn join(key: &str, path: &str) -> String {
    follow(&segment(key), path)
}

/// The message of `error`, which stands in the item at `index`.
pub(crate) fn under_index(index: usize, error: &impl Display) -> String {
    prepend(&format!("[{index}]"), &error.to_string())
}

/// A message that wants to know its place: the containers around it add to it, as they do not to other errors of
/// writing (which may come from a socket and must keep their kind).
pub(crate) fn placed(message: &str) -> String {
    format!("{OPEN}{CLOSE}{message}")
}

/// Whether containers may add to `message` while it is on its way out of a serializer.
pub(crate) fn is_placed(message: &str) -> bool {
    message.starts_with(OPEN)
}

/// Takes a message apart into path and rest.
pub(crate) fn split(message: &str) -> (&str, &str) {
    message
        .strip_prefix(OPEN)
        .and_then(|rest| rest.split_once(CLOSE))
        .unwrap_or(("", message))
}

fn prepend(segment: &str, message: &str) -> String {
    let (path, rest) = split(message);
    format!("{OPEN}{}{CLOSE}{rest}", follow(segment, path))
}

fn follow(segment: &str, path: &str) -> String {
    let dot = if path.is_empty() || path.starts_with('[') {
        ""
    } else {
        "."
    };
    format!("{segment}{dot}{path}")
}

fn segment(key: &str) -> String {
    if is_plain(key) {
        return key.to_owned();
    }
    // A backtick would look like the end of the path.
    let quoted = serde_json::Value::from(key)
        .to_string()
        .replace('`', "\\u0060");
    format!("[{quoted}]")
}

fn is_plain(key: &str) -> bool {
    !key.is_empty()
        && key
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '$' | '@'))
}
