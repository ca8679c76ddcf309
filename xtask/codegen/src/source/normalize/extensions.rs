//! The extensions that the generator reads.

/// A type that allows null, in documents that were converted from Swagger 2.0.
const NULLABLE: &[&str] = &["x-nullable"];
/// A name for each value of an `enum`.
pub(super) const ENUM_NAMES: &[&str] = &["x-enum-varnames", "x-enumNames"];
/// A description for each value of an `enum`.
pub(super) const ENUM_DESCRIPTIONS: &[&str] = &["x-enum-descriptions", "x-enumDescriptions"];
/// The reason of a deprecation.
pub(super) const REASONS: &[&str] = &[
    "x-deprecated-reason",
    "x-deprecation-reason",
    "x-deprecated-message",
    "x-deprecation-message",
];
/// The version or the date since which something is deprecated.
pub(super) const SINCE: &[&str] = &[
    "x-deprecated-since",
    "x-deprecated-at",
    "x-deprecation-date",
];
/// The version or the date of a removal.
pub(super) const UNTIL: &[&str] = &["x-sunset", "x-deprecated-until", "x-removal-date"];
/// What to use instead.
pub(super) const REPLACEMENTS: &[&str] = &["x-deprecated-replacement", "x-replaced-by"];

/// Returns the extensions whose values are names, dates and other facts.
pub fn fact_extensions() -> impl Iterator<Item = &'static str> {
    let facts = [NULLABLE, ENUM_NAMES, SINCE, UNTIL, REPLACEMENTS];
    facts.into_iter().flatten().copied()
}

/// Returns the extensions whose values are prose.
pub fn prose_extensions() -> impl Iterator<Item = &'static str> {
    [ENUM_DESCRIPTIONS, REASONS].into_iter().flatten().copied()
}
