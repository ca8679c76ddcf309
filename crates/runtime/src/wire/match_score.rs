//! How well a type matches a JSON value.
//!
//! An untagged union has no discriminator. It buffers the value, computes a score for each variant, and reads the
//! variant with the highest score.

use super::buffered::{BufferedValue, find_entry};
use crate::fixed::Literal;

/// How well a type matches a value: `None` if it does not match; otherwise, a higher score is a better match.
pub type MatchScore = Option<u32>;

/// Computes how well a type matches a value. Looks into at most this many nested objects and lists.
pub type ScoreFn = fn(&BufferedValue<'_>, u8) -> MatchScore;

/// How many nested objects and lists are compared to choose a variant. Nested unions multiply the work at each level,
/// and a few levels are enough to distinguish the variants of real APIs.
const MAX_DEPTH: u8 = 5;

/// What the document requires of a property.
pub enum PropertyRule {
    /// The property is required.
    Required(ScoreFn),
    /// The property is required and nullable. An object without it can be read, as if the property were null.
    Nullable(ScoreFn),
    /// The property is optional.
    Optional(ScoreFn),
    /// The property is required and has this constant value.
    Fixed(Literal),
    /// The property is optional and has this constant value.
    OptionalFixed(Literal),
}

impl PropertyRule {
    /// Whether an object without this property cannot be read.
    pub(super) const fn is_required(&self) -> bool {
        matches!(self, Self::Required(_))
    }
}

/// Score of a property that the type names. A type that names a property is preferred to one that only keeps unknown
/// properties, and that one to a type that would drop the property.
const NAMED_SCORE: u32 = 2;
/// Score of a property that the type keeps without naming it.
pub(super) const KEPT_SCORE: u32 = 1;
/// Additional score of a property with the expected constant value.
const FIXED_SCORE: u32 = 3;
/// Additional score of an object with a known discriminator value.
const TAG_SCORE: u32 = 4;

/// Computes how well an object type matches `value`.
///
/// Required properties must be present, and the values of named properties must match. The score is the sum over all
/// properties that the type names or keeps.
pub(super) fn score_object(
    keys: &[&str],
    rules: &[PropertyRule],
    extra_score: Option<ScoreFn>,
    value: &BufferedValue<'_>,
    depth: u8,
) -> MatchScore {
    let entries = value.as_map()?;
    let mut total = 1_u32;
    for (key, rule) in keys.iter().zip(rules) {
        let score = score_property(rule, find_entry(entries, key), depth)?;
        total = total.saturating_add(score);
    }
    // A union keeps a value that no variant matches, while a variant that names few of its properties would drop the
    // others. This applies to the outermost object only: a nested object with unknown properties still belongs to its
    // property.
    if depth == MAX_DEPTH && extra_score.is_none() {
        let named = entries.iter().filter(|(key, _)| keys.contains(&&**key));
        if named.count() * 2 < entries.len() {
            return None;
        }
    }
    if let Some(score_fn) = extra_score {
        for (_, value) in entries.iter().filter(|(key, _)| !keys.contains(&&**key)) {
            let score = KEPT_SCORE + score_nested(score_fn, value, depth)?;
            total = total.saturating_add(score);
        }
    }
    Some(total)
}

#[inline]
fn score_property(rule: &PropertyRule, value: Option<&BufferedValue<'_>>, depth: u8) -> MatchScore {
    use PropertyRule::{Fixed, Nullable, Optional, OptionalFixed, Required};

    match (value, rule) {
        (None, Required(_) | Nullable(_) | Fixed(_)) => None,
        (None, Optional(_) | OptionalFixed(_)) => Some(0),
        (Some(value), Required(score_fn) | Nullable(score_fn) | Optional(score_fn)) => {
            Some(NAMED_SCORE + score_nested(*score_fn, value, depth)?)
        }
        (Some(value), Fixed(literal) | OptionalFixed(literal)) => {
            literal.matches(value).then_some(NAMED_SCORE + FIXED_SCORE)
        }
    }
}

fn score_nested(score_fn: ScoreFn, value: &BufferedValue<'_>, depth: u8) -> MatchScore {
    match depth.checked_sub(1) {
        Some(depth) => score_fn(value, depth).map(|score| score.min(u32::MAX / 2)),
        None => Some(0),
    }
}

/// Computes how well an untagged union matches `value`: the score of its best variant, or 0 if none matches, because
/// the union keeps such a value as unknown.
pub fn score_untagged_union(
    variants: &[ScoreFn],
    value: &BufferedValue<'_>,
    depth: u8,
) -> MatchScore {
    let best = variants
        .iter()
        .filter_map(|score_fn| score_fn(value, depth))
        .max();
    Some(best.unwrap_or(0))
}

/// Computes how well a tagged union matches `value`, which must be an object. The score is that of the variant that the
/// tag selects, or 0 if the tag is unknown.
pub fn score_tagged_union(
    key: &str,
    variants: &[(&str, ScoreFn)],
    value: &BufferedValue<'_>,
    depth: u8,
) -> MatchScore {
    let tag = find_entry(value.as_map()?, key).and_then(BufferedValue::as_str);
    match variants.iter().find(|(known, _)| tag == Some(known)) {
        Some((_, score_fn)) => score_fn(value, depth).map(|score| score.saturating_add(TAG_SCORE)),
        None => Some(0),
    }
}

/// Returns the index of the variant with the highest score, the first one on a tie.
pub(super) fn best_match(variants: &[ScoreFn], value: &BufferedValue<'_>) -> Option<usize> {
    let mut best: Option<(usize, u32)> = None;
    for (index, score_fn) in variants.iter().enumerate() {
        let Some(score) = score_fn(value, MAX_DEPTH) else {
            continue;
        };
        if best.is_none_or(|(_, best_score)| score > best_score) {
            best = Some((index, score));
        }
    }
    best.map(|(index, _)| index)
}
