//! What the texts of errors must not contain.

use observatory_runtime::Error;

/// A key with characters that encodings change.
pub const KEY: &str = "sk-S3CR3T+0123456789/abcdefghij=";
/// The key, percent-encoded twice.
pub const ENCODED_KEY: &str = "%2573k-S3CR3T%252B0123456789%252Fabcdefghij%253D";
/// Parts of the key in several encodings.
const HIDDEN: &[&str] = &["S3CR3T", "s3cr3t", "0123456789/abc", "c2stUzNDUjNU"];

/// Checks that an error and its sources contain no part of [`KEY`] and nothing that a terminal acts on, and that the
/// error has exactly one cause and few attempts.
#[track_caller]
pub fn check_error(error: &Error) {
    let mut next: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(error) = next {
        for text in [error.to_string(), format!("{error:?}")] {
            assert!(!HIDDEN.iter().any(|part| text.contains(part)), "{text}");
            let is_hostile = |c: char| c.is_control() || matches!(c, '\u{202e}' | '\u{feff}');
            assert!(!text.contains(is_hostile), "{text:?}");
            assert!(text.len() < 4000, "{text}");
        }
        next = error.source();
    }
    let causes = [
        error.is_api(),
        error.is_decode(),
        error.is_connect(),
        error.is_timeout(),
        error.is_too_large(),
        error.is_builder(),
        is_lost(error),
    ];
    assert_eq!(causes.iter().filter(|cause| **cause).count(), 1, "{error}");
    assert!(error.attempts() <= 4, "{error}");
}

/// Returns whether the connection was lost after a request was sent.
pub fn is_lost(error: &Error) -> bool {
    error.to_string().contains("interrupted")
}
