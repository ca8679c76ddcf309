//! Which type a careful reader would take a value for.

use super::content::{Content, get};
use crate::fixed::Literal;

/// How well a type fits a value: `None` if it does not; else the more, the better.
pub type Fit = Option<u32>;

/// How a type judges a value, looking so many objects and lists deep.
pub type Judge = fn(&Content<'_>, u8) -> Fit;

/// How properties without a name of their own are judged, where they are kept.
pub type Extra = Option<Judge>;

/// So many objects and lists deep a value is looked at when a variant is chosen. Unions in unions multiply the work at
/// every level, and a few levels tell apart what can be told apart.
const DEPTH: u8 = 5;

/// What is said of a property.
pub enum Rule {
    /// It must be there.
    Required(Judge),
    /// It ought to be there, and may be null: without it there is nothing either.
    Nullable(Judge),
    /// It may be there.
    Optional(Judge),
    /// It must be this.
    Fixed(Literal),
    /// If it is there, it must be this.
    OptionalFixed(Literal),
}

impl Rule {
    /// Whether a value without the property cannot be read.
    pub(super) const fn is_required(&self) -> bool {
        matches!(self, Self::Required(_))
    }
}

/// Points for a property with a name of its own, and for one that is kept without: what knows a key goes before what
/// keeps it, and that before what would lose it.
const NAMED: u32 = 2;
pub(super) const KEPT: u32 = 1;

/// Required keys must be there and known ones must fit, fixed ones most of all; then every key that is known counts, and
/// every other that is kept.
pub(super) fn fit_object(
    keys: &[&str],
    rules: &[Rule],
    extra: Extra,
    content: &Content<'_>,
    depth: u8,
) -> Fit {
    let entries = content.as_map()?;
    let mut score = 1_u32;
    for (key, rule) in keys.iter().zip(rules) {
        let points = match (get(entries, key), rule) {
            (None, Rule::Required(_) | Rule::Nullable(_) | Rule::Fixed(_)) => return None,
            (None, Rule::Optional(_) | Rule::OptionalFixed(_)) => continue,
            (
                Some(value),
                Rule::Required(judge) | Rule::Nullable(judge) | Rule::Optional(judge),
            ) => NAMED + below(*judge, value, depth)?,
            (Some(value), Rule::Fixed(literal) | Rule::OptionalFixed(literal)) => {
                literal.is(value).then_some(NAMED + 3)?
            }
        };
        score = score.saturating_add(points);
    }
    // A union keeps what it does not know, while a variant that knows few of the value's properties would lose the
    // others. Further down there is no such choice: a property whose own properties are new is still that property.
    if depth == DEPTH && extra.is_none() {
        let known = entries.iter().filter(|(key, _)| keys.contains(&&**key));
        if known.count() * 2 < entries.len() {
            return None;
        }
    }
    if let Some(judge) = extra {
        for (_, value) in entries.iter().filter(|(key, _)| !keys.contains(&&**key)) {
            let points = KEPT + below(judge, value, depth)?;
            score = score.saturating_add(points);
        }
    }
    Some(score)
}

fn below(judge: Judge, content: &Content<'_>, depth: u8) -> Fit {
    match depth.checked_sub(1) {
        Some(depth) => judge(content, depth).map(|points| points.min(u32::MAX / 2)),
        None => Some(0),
    }
}

/// A union told by shape fits as well as its best variant; what none of them fits it keeps as unknown.
pub fn fit_shape(variants: &[Judge], content: &Content<'_>, depth: u8) -> Fit {
    let best = variants
        .iter()
        .filter_map(|judge| judge(content, depth))
        .max();
    Some(best.unwrap_or(0))
}

/// A tagged union fits objects: with a known tag as well as that variant, with another one just so.
pub fn fit_tagged(key: &str, variants: &[(&str, Judge)], content: &Content<'_>, depth: u8) -> Fit {
    let tag = get(content.as_map()?, key).and_then(Content::as_str);
    match variants.iter().find(|(known, _)| tag == Some(known)) {
        Some((_, judge)) => judge(content, depth).map(|score| score.saturating_add(4)),
        None => Some(0),
    }
}

/// The index of the judge that fits best, the first of equals.
pub(super) fn best(variants: &[Judge], content: &Content<'_>) -> Option<usize> {
    let mut best: Option<(usize, u32)> = None;
    for (index, judge) in variants.iter().enumerate() {
        let Some(score) = judge(content, DEPTH) else {
            continue;
        };
        if best.is_none_or(|(_, other)| score > other) {
            best = Some((index, score));
        }
    }
    best.map(|(index, _)| index)
}
