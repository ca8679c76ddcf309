//! Versions in which deprecated names are removed.

/// Returns the version in which a name that is deprecated in `version` is removed.
///
/// It stays through one release with breaking changes.
pub(super) fn removal_version(version: &str) -> String {
    match version_numbers(version) {
        (0, minor, _) => format!("0.{}.0", minor + 2),
        (major, ..) => format!("{}.0.0", major + 2),
    }
}

/// Returns whether `version` is before `other`.
pub(super) fn is_before(version: &str, other: &str) -> bool {
    version_numbers(version) < version_numbers(other)
}

/// Returns major, minor and patch version; a part that is not a number is zero.
fn version_numbers(version: &str) -> (u64, u64, u64) {
    let digits = |part: &str| -> String { part.chars().take_while(char::is_ascii_digit).collect() };
    let mut numbers = version
        .split('.')
        .map(|part| digits(part).parse().unwrap_or(0));
    let mut next = || numbers.next().unwrap_or(0);
    (next(), next(), next())
}
