//! The JSON path in error messages.
//!
//! The path is a prefix of the error message: each container that an error passes on its way out prepends a segment.
//! This costs nothing without an error, works with the errors of every serde format, and makes the path visible to
//! callers of `serde_json::from_str`.

use std::fmt::Display;

use serde_core::de::Error;

const PREFIX: &str = "at `";
const SUFFIX: &str = "`: ";

/// Returns the message of `error` with `key` prepended to its path.
pub(crate) fn prepend_key(key: &str, error: &impl Display) -> String {
    prepend_segment(&key_segment(key), &error.to_string())
}

/// Returns the message of `error` with `index` prepended to its path.
pub(crate) fn prepend_index(index: usize, error: &impl Display) -> String {
    prepend_segment(&format!("[{index}]"), &error.to_string())
}

/// Returns an error of reading with `key` prepended to its path.
#[cold]
pub(crate) fn error_at_key<E: Error>(key: &str, error: &E) -> E {
    E::custom(prepend_key(key, error))
}

/// Returns an error of reading with `index` prepended to its path.
#[cold]
pub(crate) fn error_at_index<E: Error>(index: usize, error: &E) -> E {
    E::custom(prepend_index(index, error))
}

/// Returns a message with an empty path.
///
/// While writing, containers prepend segments only to errors that [have a path](has_path). Other errors, such as those
/// of a socket, must keep their kind.
pub(crate) fn with_empty_path(message: &str) -> String {
    format!("{PREFIX}{SUFFIX}{message}")
}

/// Returns whether `message` starts with a path.
pub(crate) fn has_path(message: &str) -> bool {
    message.starts_with(PREFIX)
}

/// Splits a message into the path, which may be empty, and the rest.
pub(crate) fn split_path(message: &str) -> (&str, &str) {
    message
        .strip_prefix(PREFIX)
        .and_then(|rest| rest.split_once(SUFFIX))
        .unwrap_or(("", message))
}

fn prepend_segment(segment: &str, message: &str) -> String {
    let (path, rest) = split_path(message);
    format!("{PREFIX}{}{SUFFIX}{rest}", join_segment(segment, path))
}

fn join_segment(segment: &str, path: &str) -> String {
    let separator = if path.is_empty() || path.starts_with('[') {
        ""
    } else {
        "."
    };
    format!("{segment}{separator}{path}")
}

fn key_segment(key: &str) -> String {
    if is_plain(key) {
        return key.to_owned();
    }
    // A backtick would end the path.
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
