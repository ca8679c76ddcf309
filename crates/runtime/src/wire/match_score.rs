//! How well a type matches a JSON value.
//!
//! An untagged union has no discriminator. It buffers the value, matches it with each variant, and reads the variant with
//! the highest score among those that drop the least: a variant that would drop a property or a null which another
//! variant keeps is not chosen, also where only a constant keeps that one from matching: the value is of a kind that the
//! document does not have.

use super::buffered::{BufferedValue, find_entry};
use crate::fixed::Literal;

/// How well a type matches a value: `None` if it does not match; otherwise, a higher score is a better match.
pub type MatchScore = Option<u32>;

/// Computes how well a type matches a value, and what of the value the type would drop.
pub type ScoreFn = fn(&BufferedValue<'_>, &mut Matcher) -> MatchScore;

/// How many nested objects and lists are always compared to choose a variant.
const FULL_DEPTH: u8 = 5;

/// How many parts below `FULL_DEPTH` are compared, for each part of the value and at least. Nested unions multiply the
/// work at each level, so that a small value could cost seconds otherwise. What is left then matches, as if it were
/// valid.
const DEEP_STEPS_PER_PART: usize = 64;
const MIN_DEEP_STEPS: usize = 4_096;

/// The state of matching one value with one type.
pub struct Matcher {
    /// How many objects and lists contain the current value.
    depth: u8,
    /// How many parts below [`FULL_DEPTH`] are still compared.
    deep_steps: usize,
    /// The parts of the value that the type would not keep, by their address: each part of a value has one, and all
    /// variants of a union are matched with the same value.
    dropped: Vec<usize>,
    /// If set, a constant matches any value, and is recorded here.
    constants: Option<Constants>,
}

/// The parts of a value that have the place of a constant, by their address.
#[derive(Default)]
struct Constants {
    equal: Vec<usize>,
    different: Vec<usize>,
}

impl Matcher {
    fn new(value: &BufferedValue<'_>) -> Self {
        let steps = count_deep_parts(value, 0).saturating_mul(DEEP_STEPS_PER_PART);
        Self {
            depth: 0,
            deep_steps: steps.max(MIN_DEEP_STEPS),
            dropped: Vec::new(),
            constants: None,
        }
    }

    /// Returns whether the current value is the one that a union reads, not a part of it.
    fn is_outermost(&self) -> bool {
        self.depth == 0
    }

    /// Returns whether the parts of the current value are not compared.
    pub(super) fn is_exhausted(&self) -> bool {
        self.depth >= FULL_DEPTH && self.deep_steps == 0
    }

    /// Matches a part of the current value. Parts beyond the budget always match.
    pub(super) fn score_part(
        &mut self,
        score_fn: ScoreFn,
        value: &BufferedValue<'_>,
    ) -> MatchScore {
        if self.is_exhausted() {
            return Some(0);
        }
        if self.depth >= FULL_DEPTH {
            self.deep_steps -= 1;
        }
        // JSON has at most 127 levels.
        self.depth = self.depth.saturating_add(1);
        let score = score_fn(value, self);
        self.depth -= 1;
        score.map(|score| score.min(u32::MAX / 2))
    }

    /// Records that the type drops a value with all its parts.
    fn record_dropped(&mut self, value: &BufferedValue<'_>) {
        self.dropped.push(address(value));
        match value {
            BufferedValue::List(items) => items.iter().for_each(|item| self.record_dropped(item)),
            BufferedValue::Map(entries) => entries
                .iter()
                .for_each(|(_, value)| self.record_dropped(value)),
            _ => {}
        }
    }

    /// Matches a constant.
    fn score_constant(&mut self, literal: &Literal, value: &BufferedValue<'_>) -> MatchScore {
        let is_equal = literal.matches(value);
        if let Some(constants) = &mut self.constants {
            let parts = match is_equal {
                true => &mut constants.equal,
                false => &mut constants.different,
            };
            parts.push(address(value));
        } else if !is_equal {
            return None;
        }
        Some(NAMED_SCORE + FIXED_SCORE)
    }

    /// Matches a value with the variants of an untagged union, and records what the best one would drop.
    fn choose_variant(
        &mut self,
        variants: &[ScoreFn],
        value: &BufferedValue<'_>,
    ) -> Option<(usize, u32)> {
        let before = self.dropped.len();
        let mut matches = Vec::new();
        for (index, score_fn) in variants.iter().enumerate() {
            let score = score_fn(value, self);
            let mut dropped = self.dropped.split_off(before);
            // A response may have many parts that no variant keeps, so that sets are compared in order.
            dropped.sort_unstable();
            matches.extend(score.map(|score| VariantMatch {
                index,
                score,
                dropped,
            }));
        }
        let best = best_match(matches)?;
        self.dropped.extend(best.dropped);
        Some((best.index, best.score))
    }
}

/// Returns the number of parts that are nested deeper than [`FULL_DEPTH`].
fn count_deep_parts(value: &BufferedValue<'_>, depth: u8) -> usize {
    let part = |value| count_deep_parts(value, depth.saturating_add(1));
    let nested: usize = match value {
        BufferedValue::List(items) => items.iter().map(part).sum(),
        BufferedValue::Map(entries) => entries.iter().map(|(_, value)| part(value)).sum(),
        _ => 0,
    };
    nested + usize::from(depth > FULL_DEPTH)
}

/// A variant that matches a value.
struct VariantMatch {
    index: usize,
    score: u32,
    /// Sorted.
    dropped: Vec<usize>,
}

/// Returns the match with the highest score, the first one on a tie, among those that drop only what every other match
/// drops too. Returns `None` if each match would drop a part that another one keeps.
fn best_match(matches: Vec<VariantMatch>) -> Option<VariantMatch> {
    let (first, others) = matches.split_first()?;
    let is_dropped = |one: &VariantMatch, part: &usize| one.dropped.binary_search(part).is_ok();
    let dropped_by_all = first.dropped.iter().filter(|part| {
        let mut others = others.iter();
        others.all(|other| is_dropped(other, part))
    });
    let count = dropped_by_all.count();
    matches
        .into_iter()
        .filter(|one| one.dropped.len() == count)
        .reduce(|best, one| if one.score > best.score { one } else { best })
}

/// What the document requires of a property.
pub enum PropertyRule {
    /// The property is required.
    Required(ScoreFn),
    /// The property is required and nullable. An object without it can be read, as if the property were null.
    Nullable(ScoreFn),
    /// The property is optional. A null is read as if the property were absent.
    Optional(ScoreFn),
    /// The property is optional, and a null is one of its values.
    OptionalNullable(ScoreFn),
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
/// properties.
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
    matcher: &mut Matcher,
) -> MatchScore {
    let entries = value.as_map()?;
    let mut total = 1_u32;
    for (key, rule) in keys.iter().zip(rules) {
        let score = score_property(rule, find_entry(entries, key), matcher)?;
        total = total.saturating_add(score);
    }
    // A union keeps a value that no variant matches, while a variant that names few of its properties would drop the
    // others. This applies to the outermost object only: a nested object with unknown properties still belongs to its
    // property.
    if matcher.is_outermost() && extra_score.is_none() {
        let named = entries.iter().filter(|(key, _)| keys.contains(&&**key));
        if named.count() * 2 < entries.len() {
            return None;
        }
    }
    for (_, value) in entries.iter().filter(|(key, _)| !keys.contains(&&**key)) {
        match extra_score {
            Some(score_fn) => {
                let score = KEPT_SCORE + matcher.score_part(score_fn, value)?;
                total = total.saturating_add(score);
            }
            None => matcher.record_dropped(value),
        }
    }
    Some(total)
}

#[inline]
fn score_property(
    rule: &PropertyRule,
    value: Option<&BufferedValue<'_>>,
    matcher: &mut Matcher,
) -> MatchScore {
    use PropertyRule::{Fixed, Nullable, Optional, OptionalFixed, OptionalNullable, Required};

    match (value, rule) {
        (None, Required(_) | Nullable(_) | Fixed(_)) => None,
        (None, Optional(_) | OptionalNullable(_) | OptionalFixed(_)) => Some(0),
        (Some(value), Fixed(literal) | OptionalFixed(literal)) => {
            matcher.score_constant(literal, value)
        }
        (
            Some(value),
            Required(score_fn)
            | Nullable(score_fn)
            | Optional(score_fn)
            | OptionalNullable(score_fn),
        ) => {
            if matches!(rule, Optional(_)) && value.is_null() {
                matcher.record_dropped(value);
            }
            Some(NAMED_SCORE + matcher.score_part(*score_fn, value)?)
        }
    }
}

/// Computes how well an untagged union matches `value`: the score of its best variant, or 0 if there is none, because
/// the union keeps such a value as unknown.
pub fn score_untagged_union(
    variants: &[ScoreFn],
    value: &BufferedValue<'_>,
    matcher: &mut Matcher,
) -> MatchScore {
    let best = matcher.choose_variant(variants, value);
    Some(best.map_or(0, |(_, score)| score))
}

/// Computes how well a tagged union matches `value`, which must be an object. The score is that of the variant that the
/// tag selects, or 0 if the tag is unknown.
pub fn score_tagged_union(
    key: &str,
    variants: &[(Literal, ScoreFn)],
    value: &BufferedValue<'_>,
    matcher: &mut Matcher,
) -> MatchScore {
    let tag = find_entry(value.as_map()?, key);
    let is_selected = |known: &Literal| tag.is_some_and(|tag| known.matches(tag));
    match variants.iter().find(|(known, _)| is_selected(known)) {
        Some((_, score_fn)) => {
            score_fn(value, matcher).map(|score| score.saturating_add(TAG_SCORE))
        }
        None => Some(0),
    }
}

/// Returns the index of the variant that matches a value best; `None` if the union keeps the value as unknown.
pub(super) fn best_variant_index(variants: &[ScoreFn], value: &BufferedValue<'_>) -> Option<usize> {
    let mut matcher = Matcher::new(value);
    let (index, _) = matcher.choose_variant(variants, value)?;
    let has_new_constant =
        !matcher.dropped.is_empty() && has_new_constant(variants, index, &matcher.dropped, value);
    (!has_new_constant).then_some(index)
}

/// Returns whether another variant than the chosen one would keep a part that this one drops, if its constants were
/// different: then the value is of a kind that the document does not have, unless a constant distinguishes the chosen
/// variant from the other one.
fn has_new_constant(
    variants: &[ScoreFn],
    chosen: usize,
    dropped: &[usize],
    value: &BufferedValue<'_>,
) -> bool {
    let match_leniently = |score_fn: &ScoreFn| {
        let mut matcher = Matcher::new(value);
        matcher.constants = Some(Constants::default());
        let is_match = score_fn(value, &mut matcher).is_some();
        let constants = matcher.constants.unwrap_or_default();
        is_match.then_some((constants, matcher.dropped))
    };
    let Some((known, _)) = variants.get(chosen).and_then(match_leniently) else {
        return false;
    };
    let mut others = variants.iter().filter_map(match_leniently);
    others.any(|(constants, also_dropped)| {
        let differs = !constants.different.is_empty();
        let mut different = constants.different.iter();
        differs
            && !different.any(|part| known.equal.contains(part))
            && dropped.iter().any(|part| !also_dropped.contains(part))
    })
}

/// Identifies a part of a value.
fn address(value: &BufferedValue<'_>) -> usize {
    std::ptr::from_ref(value).addr()
}
